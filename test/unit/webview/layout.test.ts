/** The network's layers are placed without overlap, branches side by side. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { NetworkGraph } from '../../../src/common/graph.ts';
import { layoutNetwork, NODE } from '../../../src/webview/network/layout.ts';
import { branchingGraph, chainGraph } from '../../fixtures/runEvents.ts';

function overlaps(graph: NetworkGraph): string[] {
  const { nodes } = layoutNetwork(graph);
  return nodes.flatMap((a, index) =>
    nodes
      .slice(index + 1)
      .flatMap((b) =>
        Math.abs(a.x - b.x) < NODE.width && Math.abs(a.y - b.y) < NODE.height ? [`${a.id} ${b.id}`] : [],
      ),
  );
}

/** A chain of `count` layers with one shortcut, so that it branches. */
function longGraph(count: number): NetworkGraph {
  const nodes = Array.from({ length: count }, (_, index) => ({
    id: `n${index}`,
    type: 'dense',
    outputShape: [1],
    parameterCount: 1,
  }));
  const edges = nodes.slice(1).map((node, index) => ({ from: `n${index}`, to: node.id, shape: [1] }));
  return { nodes, edges: [...edges, { from: 'n0', to: `n${count - 1}`, shape: [1] }] };
}

test('a chain is one column, in order', () => {
  const { nodes } = layoutNetwork(chainGraph);
  assert.equal(new Set(nodes.map(({ x }) => x)).size, 1);
  assert.deepEqual(
    nodes.map(({ y }) => y),
    nodes.map(({ y }) => y).toSorted((a, b) => a - b),
  );
});

test('with room for what the layers do, each box has a third line, and none covers another', () => {
  for (const graph of [chainGraph, branchingGraph]) {
    const { nodes, nodeHeight } = layoutNetwork(graph, true);
    assert.equal(nodeHeight, NODE.watchedHeight);
    const close = nodes.filter((a, i) =>
      nodes.some((b, k) => k > i && Math.abs(a.x - b.x) < NODE.width && Math.abs(a.y - b.y) < NODE.watchedHeight),
    );
    assert.deepEqual(close, []);
  }
});

test('no layer covers another', () => {
  assert.deepEqual([...overlaps(chainGraph), ...overlaps(branchingGraph), ...overlaps(longGraph(40))], []);
});

test('a network of thousands of layers is placed too, and says that its branches are not drawn', () => {
  const layout = layoutNetwork(longGraph(3500));
  assert.equal(layout.nodes.length, 3500);
  assert.equal(layout.showsBranches, false);
});
