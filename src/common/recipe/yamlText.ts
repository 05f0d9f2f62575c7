/** Writes single values into YAML by hand, where a whole document would lose its comments. */

const PLAIN = /^[A-Za-z_][\w./-]*( [\w./-]+)*$/;
/** Words that YAML 1.1 or 1.2 take for something else than text. */
const RESERVED = /^(true|false|yes|no|on|off|null|y|n|nan|inf)$/i;

/** Text as a YAML value, in quotes where it needs them; a JSON string is one. */
export function yamlText(text: string): string {
  return PLAIN.test(text) && !RESERVED.test(text) ? text : JSON.stringify(text);
}

/** A comment or part of one: a line break would end it. */
export function yamlComment(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out.
  return text.replace(/[\u0000-\u001f\u0085\u2028\u2029]+/g, ' ').trim();
}

/** `[a, b]`, broken into lines of about 100 letters. @param indent Of the lines after the first. */
export function yamlList(texts: readonly string[], indent: string): string {
  const lines: string[] = [];
  let line = '';
  for (const text of texts.map(yamlText)) {
    if (line !== '' && line.length + text.length > 100) {
      lines.push(`${line},`);
      line = text;
    } else {
      line = line === '' ? text : `${line}, ${text}`;
    }
  }
  lines.push(line);
  return lines.length === 1 ? `[${lines[0]}]` : `[\n${lines.map((one) => `${indent}  ${one}`).join('\n')}\n${indent}]`;
}
