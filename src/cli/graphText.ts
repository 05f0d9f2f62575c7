/** A network as lines of text: a box for each node, from the data down, with shapes and weights. */
import { formatCount, formatShape } from '../common/format.ts';
import type { GraphNode, NetworkGraph } from '../common/graph.ts';
import { formatTable } from './table.ts';

export function graphText(graph: NetworkGraph): string[] {
  const rows = graph.nodes.map((node) => [
    node.id,
    describe(node),
    formatShape(node.outputShape),
    node.parameterCount === 0 ? '' : formatCount(node.parameterCount),
    readsOf(node, graph),
  ]);
  const total = graph.nodes.reduce<number | null>(
    (sum, { parameterCount }) => (sum === null || parameterCount === null ? null : sum + parameterCount),
    0,
  );
  return [
    ...formatTable([['node', 'operation', 'output', 'weights', 'reads'], ...rows], [3]),
    '',
    `${graph.nodes.length} nodes, ${formatCount(total)} weights`,
  ];
}

/** The operation and its sizes, as the other tool's label has them, without the name that stands before. */
function describe({ id, type, activation, detail, viz }: GraphNode): string {
  if (viz !== undefined) {
    const [operation = type, ...rest] = viz.label.split('\n');
    return [operation === id ? type : operation, ...rest.filter((line) => line !== id)].join(' ');
  }
  return [type, activation ?? '', detail ?? ''].filter((part) => part !== '').join(' ');
}

/** Nothing where it reads the node above it, as in a chain. */
function readsOf(node: GraphNode, { nodes, edges }: NetworkGraph): string {
  const reads = edges.filter(({ to }) => to === node.id).map(({ from }) => from);
  const above = nodes[nodes.indexOf(node) - 1]?.id;
  return reads.length === 1 && reads[0] === above ? '' : reads.join(', ');
}
