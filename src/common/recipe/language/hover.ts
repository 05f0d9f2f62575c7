/** What a hover tells at a place of a recipe: meaning, kind, range, unit, default, current value, shape of a layer. */
import { isAlias } from 'yaml';
import { formatCount, formatShape } from '../../format.ts';
import type { GraphNode, NetworkGraph } from '../../graph.ts';
import { formatPath } from '../fieldPath.ts';
import { INPUT } from '../nameLayers.ts';
import { sectionOf } from '../referenceSections.ts';
import { wordsOf } from '../schemaWords.ts';
import { inputFields, layersOf, paramsOf, referenceIn, scalarText } from './names.ts';
import { type Field, fieldAt, type RecipeText, type Span, textOf } from './recipeText.ts';
import { isRequired, isWord, settingAt, settingLine, settingMarkdown } from './settingText.ts';

export interface Hover {
  readonly markdown: string;
  readonly span: Span;
  /** Section of the reference page, without `#`; null where no section tells more. */
  readonly section: string | null;
}

/** @param graph The recipe's network, for shapes; null where it is not known. */
export function hoverAt(recipe: RecipeText, offset: number, graph: NetworkGraph | null): Hover | null {
  const found = fieldAt(recipe, offset);
  if (found === null) {
    return null;
  }
  const { field, part } = found;
  const span = part === 'key' ? field.key : field.value;
  const markdown = part === 'key' ? keyText(recipe, field, graph) : valueText(recipe, field, graph);
  return markdown === null || span === null ? null : { markdown, span, section: sectionAt(field) };
}

function sectionAt({ keys }: Field): string | null {
  return settingAt(keys) === null ? null : sectionOf(keys);
}

function keyText(recipe: RecipeText, field: Field, graph: NetworkGraph | null): string | null {
  const { keys } = field;
  const last = String(keys.at(-1));
  if (keys.length === 2 && keys[0] === 'params') {
    const uses = recipe.fields.filter((one) => referenceIn(recipe, one)?.name === last).length;
    return `**\`$${last}\`** is \`${textOf(recipe, field.value)}\`, used ${uses === 1 ? 'once' : `${uses} times`}.`;
  }
  const setting = settingAt(keys);
  if (setting === null) {
    return null;
  }
  if (isWord(keys)) {
    const shape = keys[0] === 'model' && keys.length === 3 ? layerText(graph, field.path) : '';
    return [`**${last}**`, wordMeaning(setting), shape].filter((text) => text !== '').join('\n\n');
  }
  return `**${last}**\n\n${settingMarkdown(setting, isRequired(keys))}`;
}

function wordMeaning(setting: NonNullable<ReturnType<typeof settingAt>>): string {
  return setting.description ?? setting.anyOf?.find((way) => way.properties !== undefined)?.description ?? '';
}

function valueText(recipe: RecipeText, field: Field, graph: NetworkGraph | null): string | null {
  const reference = referenceIn(recipe, field);
  if (reference !== null) {
    const param = paramsOf(recipe).find(({ name }) => name === reference.name);
    const now = param === undefined ? 'has no entry under `params`.' : `is \`${param.value}\``;
    return [`**\`$${reference.name}\`** ${now}`, aboutField(field)].filter((text) => text !== '').join('\n\n');
  }
  if (isAlias(field.node)) {
    return `\`*${field.node.source}\` stands for the value behind \`&${field.node.source}\`.`;
  }
  const word = scalarText(field);
  const named = layersOf(recipe).find(
    ({ name, naming }) => name === word && (naming === field || inputFields(recipe).includes(field)),
  );
  if (named !== undefined) {
    return [`**${named.name}** ${named.type}`, layerText(graph, named.layer.path)].join('\n\n');
  }
  if (word === INPUT && inputFields(recipe).includes(field)) {
    const input = graph?.nodes.find(({ id }) => id === INPUT);
    return `**input** is the data itself${input === undefined ? '' : `, shape ${formatShape(input.outputShape)}`}.`;
  }
  return word === '' ? null : plainText(recipe, field, { word, graph });
}

function plainText(
  recipe: RecipeText,
  field: Field,
  { word, graph }: { word: string; graph: NetworkGraph | null },
): string | null {
  const owner = typeof field.keys.at(-1) === 'number' ? field.keys.slice(0, -1) : field.keys;
  const setting = settingAt(field.keys) ?? settingAt(owner);
  if (setting === null) {
    return null;
  }
  const meaning = wordsOf(setting).get(word);
  const isBareLayer = field.keys[0] === 'model' && field.keys.length === 2;
  const shape = isBareLayer ? layerText(graph, `${field.path}.${word}`) : '';
  if (meaning !== undefined && meaning !== '') {
    return [`**${word}** ${meaning}`, shape].filter((text) => text !== '').join('\n\n');
  }
  return recipe.text === '' ? null : aboutField({ ...field, keys: owner });
}

/** The setting that a value belongs to, in a line. */
function aboutField({ keys }: Pick<Field, 'keys'>): string {
  const setting = settingAt(keys);
  const meaning = setting?.description ?? '';
  return setting === null
    ? ''
    : `\`${formatPath(keys.slice(-1)).replace(/^\[.*/, '')}\` ${meaning}\n\n*${settingLine(setting, isRequired(keys))}*`;
}

/** What a layer gives and holds: `output [50, 64] · 4,160 parameters`. */
function layerText(graph: NetworkGraph | null, path: string): string {
  const node = graph?.nodes.find(({ recipePath }) => recipePath === path);
  if (graph === null || node === undefined) {
    return '';
  }
  const inputs = graph.edges.filter(({ to }) => to === node.id);
  const reads = inputs.map(({ from, shape }) => `${from} ${formatShape(shape)}`).join(', ');
  return `Reads ${reads}, gives **${formatShape(node.outputShape)}**. ${parameterText(node)}`.trim();
}

function parameterText({ parameterCount, detail }: GraphNode): string {
  const count =
    parameterCount === null ? 'Parameters: known with the data.' : `${formatCount(parameterCount)} parameters.`;
  return detail === undefined ? count : `${count} ${detail}.`;
}
