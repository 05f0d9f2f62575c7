/** The network as a plain graph of layers, the same object in the editor, the run folder and the panel. */

/** A dimension is null where it is not known yet (the batch size, or the features before the data is read). */
export type Shape = readonly (number | null)[];

export interface GraphNode {
  /** The layer's name; unique. The input is called `input`. */
  readonly id: string;
  /** The recipe's word for the layer (`dense`, `conv2d`, …) or `input`. */
  readonly type: string;
  /** Output shape without the batch dimension. */
  readonly outputShape: Shape;
  /** Trainable and fixed weights together; null while the input shape is unknown. */
  readonly parameterCount: number | null;
  readonly activation?: string;
  /** A few words for the details view, for example `rate 0.4` or `3×3, stride 1, same`. */
  readonly detail?: string;
  /** Where the layer stands in the recipe (`model[2].dense`); absent for the input. */
  readonly recipePath?: string;
  /** How the tool that the network comes from draws it; absent for our own layers. */
  readonly viz?: NodeViz;
}

/** A node of MXNet-R's `graph.viz`. */
export interface NodeViz {
  /** Lines divided by line breaks: the operation, its name, its sizes. */
  readonly label: string;
  readonly form: 'box' | 'oval';
  /** Which of graph.viz's colours it has. */
  readonly group: 'data' | 'weights' | 'activation' | 'normalisation' | 'pooling' | 'shape' | 'loss' | 'other';
}

export interface GraphEdge {
  readonly from: string;
  readonly to: string;
  /** Shape that flows along the edge, without the batch dimension. */
  readonly shape: Shape;
}

export interface NetworkGraph {
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
}
