/** Which nodes of a symbol a prediction depends on, without labels, weights and states. */
import { SkilletError } from '../../common/errors.ts';
import type { MxParams } from '../../common/mxnet/params.ts';
import type { MxInput, MxNode, MxSymbol } from '../../common/mxnet/symbol.ts';
import { unsupportedSetting } from './attributes.ts';
import { CONVERTERS } from './converters.ts';

const JOINS = ['Concat', 'elemwise_add', '_plus', '_Plus'];

/** The inputs that are values; the others are weights, states and labels. */
export function valueInputs({ op, inputs }: MxNode): readonly MxInput[] {
  return JOINS.includes(op) ? inputs : inputs.slice(0, 1);
}

export interface Reached {
  /** In the order of the file. */
  readonly nodes: readonly number[];
  /** The variable that the data comes in by. */
  readonly data: number;
  /** The node whose first output is the prediction. */
  readonly head: number;
}

/** @throws {SkilletError} `import-unsupported`: operations that are not known, all of them; several outputs or inputs. */
export function reachNodes(symbol: MxSymbol, params: MxParams, name: string): Reached {
  const head = headOf(symbol, name);
  const seen = new Set<number>();
  const visit = (index: number) => {
    const node = symbol.nodes[index];
    if (node !== undefined && !seen.has(index)) {
      seen.add(index);
      for (const input of valueInputs(node)) {
        visit(input.node);
      }
    }
  };
  visit(head);
  const nodes = [...seen].sort((a, b) => a - b);
  const of = (index: number) => symbol.nodes[index] as MxNode;
  refuseUnknown(nodes.map(of), name);
  const variables = nodes.filter((index) => of(index).op === 'null');
  const constant = variables.find((index) => params.args.has(of(index).name));
  if (constant !== undefined) {
    throw unsupportedSetting(of(constant), 'weights are used as data.');
  }
  const [data, ...others] = variables;
  if (data === undefined || others.length > 0) {
    const names = variables.map((index) => of(index).name).join(', ');
    throw new SkilletError('import-unsupported', name, {
      message: `The network reads ${data === undefined ? 'no data' : `several inputs: ${names}`}.`,
      remedy: 'Join the inputs into one before they reach the network, and save it again.',
    });
  }
  return { nodes, data, head };
}

/** States are given back by an imported network anyway, so heads for them need no output of their own. */
function headOf({ nodes, heads }: MxSymbol, name: string): number {
  const isState = ({ node, output }: MxInput) => nodes[node]?.op === 'RNN' && output > 0;
  const [head, ...others] = heads.filter((one) => !isState(one));
  if (head === undefined || others.length > 0 || head.output > 0) {
    const names = others.map(({ node }) => nodes[node]?.name).join(', ');
    throw new SkilletError('import-unsupported', name, {
      message:
        others.length > 0
          ? `The network has several outputs, beside the first: ${names}.`
          : 'The network has no output but states.',
      remedy: 'Save the symbol of one output.',
    });
  }
  return head.node;
}

function refuseUnknown(nodes: readonly MxNode[], name: string): void {
  const unknown = nodes.filter(({ op }) => op !== 'null' && !Object.hasOwn(CONVERTERS, op));
  if (unknown.length > 0) {
    const listed = [...new Set(unknown.map(({ op }) => op))].map((op) => {
      const names = unknown.filter((node) => node.op === op).map((node) => node.name);
      return `${op} (${names.slice(0, 3).join(', ')}${names.length > 3 ? ', …' : ''})`;
    });
    throw new SkilletError('import-unsupported', name, {
      message: `The network uses ${listed.join(', ')}, which cannot be imported.`,
      remedy: `Supported are ${Object.keys(CONVERTERS).sort().join(', ')}.`,
    });
  }
}
