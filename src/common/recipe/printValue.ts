/** Writes a plain value on one line, in the flow style of YAML or as JSON. */

export interface PrintStyle {
  readonly isJson?: boolean;
}

/** `{ units: 64, activation: relu }`, or the same in JSON; numbers in JavaScript's spelling. */
export function printFlow(value: unknown, style: PrintStyle = {}): string {
  if (Array.isArray(value)) {
    return `[${value.map((item) => printFlow(item, style)).join(', ')}]`;
  }
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).map(([key, inner]) => `${printText(key, style)}: ${printFlow(inner, style)}`);
    return entries.length === 0 ? '{}' : `{ ${entries.join(', ')} }`;
  }
  return typeof value === 'string' ? printText(value, style) : String(value);
}

/** Bare where YAML reads it as the same text, in brackets too; quoted otherwise. */
export function printText(text: string, { isJson = false }: PrintStyle = {}): string {
  return !isJson && isPlain(text) ? text : JSON.stringify(text);
}

function isPlain(text: string): boolean {
  const isSafe = /^[A-Za-z_$./][\w$ ./+()%-]*$/.test(text) && !text.endsWith(' ');
  const hasOtherType = /^(?:true|false|null|yes|no|on|off|~|\.nan|[-+]?\.inf|\.?\d.*)$/i.test(text);
  return isSafe && !hasOtherType;
}
