/** Places the network's layers: a column for a chain, dagre's layers for a network that branches. */
import dagre from '@dagrejs/dagre';
import type { GraphEdge, NetworkGraph } from '../../common/graph.ts';

export interface PlacedNode {
  readonly id: string;
  /** Centre, in pixels of the picture at scale 1. */
  readonly x: number;
  readonly y: number;
}

export interface PlacedEdge {
  readonly edge: GraphEdge;
  readonly points: readonly { readonly x: number; readonly y: number }[];
}

export interface NetworkLayout {
  readonly nodes: readonly PlacedNode[];
  readonly edges: readonly PlacedEdge[];
  readonly width: number;
  readonly height: number;
  /** Of each box; a node that another tool has labelled takes three lines. */
  readonly nodeHeight: number;
  /** False where the branches were too many to be laid out, and a column is shown instead. */
  readonly showsBranches: boolean;
}

export const NODE = { width: 196, height: 44, labelledHeight: 62, watchedHeight: 64 } as const;
const GAP = 34;
/** Between boxes with a third line, so that a network is hardly longer for it. */
const WATCHED_GAP = 24;
const MARGIN = 12;
/** dagre's recursion overflows the stack at about 3,000 nodes; well before that it is too slow to wait for. */
const DAGRE_LIMIT = 400;

function sizesOf({ nodes }: NetworkGraph, isWatchable: boolean): Sizes {
  if (isWatchable) {
    return { nodeHeight: NODE.watchedHeight, gap: WATCHED_GAP };
  }
  const isLabelled = nodes.some(({ viz }) => viz !== undefined);
  return { nodeHeight: isLabelled ? NODE.labelledHeight : NODE.height, gap: GAP };
}

interface Sizes {
  readonly nodeHeight: number;
  readonly gap: number;
}

/** @param isWatchable Each box has room for a line about what its layer does while it trains. */
export function layoutNetwork(graph: NetworkGraph, isWatchable = false): NetworkLayout {
  const sizes = sizesOf(graph, isWatchable);
  const isChain = graph.edges.every(
    (edge, index) => edge.from === graph.nodes[index]?.id && edge.to === graph.nodes[index + 1]?.id,
  );
  return isChain || graph.nodes.length > DAGRE_LIMIT ? column(graph, isChain, sizes) : branches(graph, sizes);
}

function column(graph: NetworkGraph, isChain: boolean, { nodeHeight, gap }: Sizes): NetworkLayout {
  const x = MARGIN + NODE.width / 2;
  const places = graph.nodes.map(({ id }, index) => ({
    id,
    x,
    y: MARGIN + nodeHeight / 2 + index * (nodeHeight + gap),
  }));
  const at = new Map(places.map((place) => [place.id, place]));
  const edges = graph.edges.flatMap((edge) => {
    const from = at.get(edge.from);
    const to = at.get(edge.to);
    return from === undefined || to === undefined
      ? []
      : [
          {
            edge,
            points: [
              { x, y: from.y + nodeHeight / 2 },
              { x, y: to.y - nodeHeight / 2 },
            ],
          },
        ];
  });
  const height = 2 * MARGIN + graph.nodes.length * nodeHeight + Math.max(0, graph.nodes.length - 1) * gap;
  return { nodes: places, edges, width: NODE.width + 2 * MARGIN, height, nodeHeight, showsBranches: isChain };
}

function branches(graph: NetworkGraph, { nodeHeight, gap }: Sizes): NetworkLayout {
  const laid = new dagre.graphlib.Graph();
  laid.setGraph({ rankdir: 'TB', ranksep: gap, nodesep: 28, marginx: MARGIN, marginy: MARGIN });
  laid.setDefaultEdgeLabel(() => ({}));
  for (const { id } of graph.nodes) {
    laid.setNode(id, { width: NODE.width, height: nodeHeight });
  }
  for (const { from, to } of graph.edges) {
    laid.setEdge(from, to);
  }
  dagre.layout(laid);
  const { width = 0, height = 0 } = laid.graph() as { width?: number; height?: number };
  return {
    nodes: graph.nodes.map(({ id }) => {
      const { x, y } = laid.node(id) as { x: number; y: number };
      return { id, x, y };
    }),
    edges: graph.edges.map((edge) => ({
      edge,
      points: (laid.edge(edge.from, edge.to) as { points: { x: number; y: number }[] }).points,
    })),
    width,
    height,
    nodeHeight,
    showsBranches: true,
  };
}
