/** Reads the graph of an MXNet `-symbol.json` file. */
import { z } from 'zod';
import { SkilletError } from '../errors.ts';

/** Which output of which node. */
export interface MxInput {
  readonly node: number;
  readonly output: number;
}

export interface MxNode {
  /** `null` for a variable: data, labels, states, weights. */
  readonly op: string;
  readonly name: string;
  readonly attrs: Readonly<Record<string, string>>;
  readonly inputs: readonly MxInput[];
}

export interface MxSymbol {
  /** Each reads only nodes before it. */
  readonly nodes: readonly MxNode[];
  readonly heads: readonly MxInput[];
}

const place = z.array(z.int().min(0)).min(2).max(3);
const attributes = z.record(z.string(), z.string());
const file = z.looseObject({
  nodes: z
    .array(
      z.looseObject({
        op: z.string(),
        name: z.string(),
        // One file has one of them: the word has changed twice.
        attrs: attributes.optional(),
        attr: attributes.optional(),
        param: attributes.optional(),
        inputs: z.array(place),
      }),
    )
    .min(1),
  heads: z.array(place).min(1),
});

/**
 * @param name Of the file, for messages.
 * @throws {SkilletError} `import-damaged`.
 */
export function parseMxSymbol(text: string, name: string): MxSymbol {
  const parsed = file.safeParse(readJson(text, name));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw damaged(name, `is no symbol of MXNet: ${issue?.path.join('.') || 'the whole file'}: ${issue?.message}.`);
  }
  const toInput = ([node = 0, output = 0]: readonly number[]): MxInput => ({ node, output });
  const nodes = parsed.data.nodes.map(({ op, name: of, attrs, attr, param, inputs }) => ({
    op,
    name: of,
    attrs: { ...param, ...attr, ...attrs },
    inputs: inputs.map(toInput),
  }));
  const heads = parsed.data.heads.map(toInput);
  nodes.forEach((node, index) => {
    if (node.inputs.some((input) => input.node >= index)) {
      throw damaged(name, `the node ${node.name} reads one that does not come before it.`);
    }
  });
  if (heads.some((head) => head.node >= nodes.length)) {
    throw damaged(name, 'its output is a node that is not there.');
  }
  return { nodes, heads };
}

function readJson(text: string, name: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw damaged(name, `is no JSON: ${error instanceof Error ? error.message : String(error)}.`);
  }
}

function damaged(name: string, message: string): SkilletError {
  return new SkilletError('import-damaged', name, {
    message,
    remedy: 'Give the -symbol.json file that MXNet has saved beside the .params file.',
  });
}
