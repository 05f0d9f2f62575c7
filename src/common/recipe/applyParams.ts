/** Writes other values into a recipe's `params:` and touches nothing else: comments, order and the spelling of all other numbers stay. */
import { type Document, isAlias, isMap, isScalar, type ParsedNode, parseDocument } from 'yaml';
import { SkilletError } from '../errors.ts';
import type { ParamValue } from './params.ts';

/** Characters `from` up to `to` of the text become `text`. */
export interface TextEdit {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

/** @throws {SkilletError} As `paramEdits`. */
export function applyParams(text: string, params: Readonly<Record<string, ParamValue>>): string {
  return paramEdits(text, params).reduceRight(
    (changed, edit) => changed.slice(0, edit.from) + edit.text + changed.slice(edit.to),
    text,
  );
}

/**
 * The edits in the order of the text, none for a value that is there already: `1e-3` is left as it is for 0.001.
 *
 * @throws {SkilletError} `recipe-unknown-param`: the recipe no longer has one of them, so none is written;
 * `recipe-syntax`: the text cannot be read.
 */
export function paramEdits(text: string, params: Readonly<Record<string, ParamValue>>): TextEdit[] {
  const document = parseDocument(text);
  if (document.errors.length > 0 || !isMap(document.contents)) {
    throw new SkilletError('recipe-syntax', 'recipe', {
      message: 'The YAML cannot be read, so no value can be written into it.',
      remedy: 'Mend the recipe first.',
    });
  }
  const nodes = Object.entries(params).map(([name, value]) => ({ name, value, node: nodeOf(document, name) }));
  const gone = nodes.filter(({ node }) => node === null).map(({ name }) => name);
  if (gone.length > 0) {
    throw goneParams(gone);
  }
  return nodes
    .flatMap(({ name, value, node }) => (node === null ? [] : (editOf(document, { name, value, node }) ?? [])))
    .sort((a, b) => a.from - b.from);
}

function nodeOf(document: Document.Parsed, name: string): ParsedNode | null {
  return (document.getIn(['params', name], true) as ParsedNode | undefined) ?? null;
}

function editOf(
  document: Document.Parsed,
  { name, value, node }: { name: string; value: ParamValue; node: ParsedNode },
): TextEdit | null {
  const before: unknown = isAlias(node) ? node.resolve(document)?.toJSON() : node.toJSON();
  if (before === value) {
    return null;
  }
  if (!(isScalar(node) || isAlias(node)) || (isScalar(node) && /^BLOCK/.test(node.type ?? ''))) {
    throw new SkilletError('recipe-wrong-type', `params.${name}`, {
      message: 'is no single value on its line, so it is not written over.',
      remedy: `Write \`${name}: <value>\` on one line, then apply again.`,
    });
  }
  const source = isScalar(node) ? (node.source ?? '') : '';
  const isDouble = isScalar(node) && node.type === 'QUOTE_DOUBLE';
  const quote = isScalar(node) && node.type === 'QUOTE_SINGLE' ? "'" : isJson(document) || isDouble ? '"' : '';
  return { from: node.range[0], to: node.range[1], text: spell(value, { before: source, quote }) };
}

/** A document in braces may be JSON, which knows no words without quotes. */
function isJson({ contents }: Document.Parsed): boolean {
  return isMap(contents) && contents.flow === true;
}

/** A number whose forerunner was written with an exponent is written with one too. */
function spell(value: ParamValue, like: { readonly before: string; readonly quote: string }): string {
  if (typeof value === 'number') {
    return /^[-+\d.]+e/i.test(like.before) ? value.toExponential().replace('e+', 'e') : String(value);
  }
  if (typeof value === 'boolean') {
    return String(value);
  }
  if (like.quote === "'") {
    return `'${value.replaceAll("'", "''")}'`;
  }
  const isPlain = like.quote === '' && /^[A-Za-z_][\w./-]*$/.test(value) && parseDocument(value).toJSON() === value;
  return isPlain ? value : JSON.stringify(value);
}

function goneParams(names: readonly string[]): SkilletError {
  const [first] = names;
  return new SkilletError('recipe-unknown-param', `params.${first}`, {
    message: `The recipe no longer has ${names.length === 1 ? 'the parameter' : 'the parameters'} ${names.join(', ')}; nothing was changed.`,
    remedy: 'The study was made with an earlier recipe: put the parameter back under params, or tune anew.',
  });
}
