/** Reads the attributes of an MXNet node, which are all text. */
import { SkilletError } from '../../common/errors.ts';
import type { MxNode } from '../../common/mxnet/symbol.ts';

export function toBoolean(text: string | undefined, absent: boolean): boolean {
  return text === undefined ? absent : /^(1|true)$/i.test(text);
}

export function toNumber(node: MxNode, key: string, absent: number): number {
  const text = node.attrs[key];
  const value = text === undefined ? absent : Number(text);
  if (!Number.isFinite(value)) {
    throw unsupportedSetting(node, `${key} is ${JSON.stringify(text)}.`);
  }
  return value;
}

/** `(2, 3)` → [2, 3]; an absent one is filled with `absent`. */
export function toPair(node: MxNode, key: string, absent: number): [number, number] {
  const text = node.attrs[key];
  if (text === undefined || /^[([]\s*[)\]]$/.test(text)) {
    return [absent, absent];
  }
  const sizes = toSizes(text);
  const [height, width, ...more] = sizes;
  if (height === undefined || width === undefined || more.length > 0) {
    throw unsupportedSetting(node, `${key} is ${text}; windows of two dimensions alone are supported.`);
  }
  return [height, width];
}

export function toSizes(text: string): number[] {
  return (text.match(/-?\d+/g) ?? []).map(Number);
}

/** Of an operation that is known, in a way that is not. */
export function unsupportedSetting(node: MxNode, message: string): SkilletError {
  return new SkilletError('import-unsupported', `${node.op} ${node.name}`, {
    message,
    remedy: 'Change the network in MXNet, or build it as a recipe and train it again.',
  });
}

export function misfit(node: MxNode, message: string): SkilletError {
  return new SkilletError('import-mismatch', `${node.op} ${node.name}`, {
    message,
    remedy: 'Give the .params file that was saved with this symbol, or the right --input-shape.',
  });
}
