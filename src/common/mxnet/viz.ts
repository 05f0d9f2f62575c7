/** How MXNet-R's `graph.viz` draws a node: its label, its form, its colour's group (R-package/R/viz.graph.R of MXNet 1.9). */
import type { NodeViz } from '../graph.ts';
import type { MxNode } from './symbol.ts';

const GROUPS: Readonly<Record<string, NodeViz['group']>> = {
  FullyConnected: 'weights',
  Convolution: 'weights',
  LeakyReLU: 'activation',
  Activation: 'activation',
  BatchNorm: 'normalisation',
  Pooling: 'pooling',
  Flatten: 'shape',
  Reshape: 'shape',
  Concat: 'shape',
  LinearRegressionOutput: 'loss',
  MAERegressionOutput: 'loss',
  SVMOutput: 'loss',
  LogisticRegressionOutput: 'loss',
  SoftmaxOutput: 'loss',
};

const OVALS = ['Pooling', 'Flatten', 'Reshape', 'Concat'];

export function vizOf({ op, name, attrs }: MxNode): NodeViz {
  // A variable that is shown, the data, stands under its own name.
  const isData = op === 'null';
  const { num_hidden = '', act_type = '', pool_type = '', num_filter = '' } = attrs;
  const sizes = `${num_hidden}${act_type}${pool_type}${joined(attrs.kernel)} / ${joined(attrs.stride)}, ${num_filter}`;
  return {
    // What is absent leaves its separators behind; those at the end are cut off.
    label: `${isData ? name : op}\n${name}\n${sizes}`.replace(/[^\p{L}\p{N}]+$/u, '').trim(),
    form: isData || OVALS.includes(op) ? 'oval' : 'box',
    group: isData ? 'data' : (GROUPS[op] ?? 'other'),
  };
}

/** `(3, 3)` → `3X3`. */
function joined(tuple: string | undefined): string {
  return (tuple ?? '').match(/\d+/g)?.join('X') ?? '';
}
