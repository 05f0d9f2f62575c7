/** What the formatter keeps to, and the sign that a text is beyond what it can format. */

export const WIDTH = 120;

/** Thrown and caught within the formatter alone: rare YAML (explicit keys, several documents) is left as it is. */
export class Unformattable extends Error {}
