/** A recipe with the layers of an imported feed-forward network, to train it on other rows. */
import { stringify } from 'yaml';
import { SkilletError } from '../errors.ts';
import type { MxNode, MxSymbol } from './symbol.ts';

export interface SkeletonData {
  readonly name: string;
  /** Null where it is not known: a word to be replaced then stands there. */
  readonly csv: string | null;
  readonly target: string | null;
  readonly scale: 'standard' | 'minMax' | 'none';
}

const ACTIVATIONS: Readonly<Record<string, string>> = {
  relu: 'relu',
  sigmoid: 'sigmoid',
  tanh: 'tanh',
  softrelu: 'softplus',
  softsign: 'softsign',
};

/** MXNet's linear regression has the gradient p − y, which is that of half the squared error. */
const LOSSES: Readonly<Record<string, { train: Record<string, unknown>; activation: string | null }>> = {
  LinearRegressionOutput: { train: { loss: 'meanSquaredError', lossWeight: 0.5, metrics: ['rmse'] }, activation: null },
  MAERegressionOutput: { train: { loss: 'meanAbsoluteError', metrics: ['mae'] }, activation: null },
  LogisticRegressionOutput: { train: { loss: 'binaryCrossentropy', metrics: ['accuracy'] }, activation: 'sigmoid' },
  SoftmaxOutput: { train: { loss: 'categoricalCrossentropy', metrics: ['accuracy'] }, activation: 'softmax' },
};

type Settings = Record<string, unknown>;

/** @throws {SkilletError} `import-unsupported`: the network branches, or has layers that a CSV's rows do not feed. */
export function recipeSkeleton(symbol: MxSymbol, data: SkeletonData): string {
  const chain = chainOf(symbol);
  const layers: [string, Settings][] = [];
  let train: Settings = {};
  for (const node of chain) {
    const loss = LOSSES[node.op];
    if (loss === undefined) {
      addLayer(layers, node);
    } else {
      train = loss.train;
      if (loss.activation !== null) {
        activate(layers, loss.activation, node);
      }
    }
  }
  const recipe = {
    name: data.name,
    data: {
      csv: data.csv ?? 'REPLACE.csv',
      target: data.target ?? 'REPLACE',
      ...(data.scale === 'none' ? {} : { scale: data.scale }),
    },
    model: layers.map(([type, settings]) => ({ [type]: settings })),
    train: { loss: 'meanSquaredError', ...train, optimizer: 'adam', batchSize: 32, epochs: 100 },
  };
  const head =
    '# The layers of an imported MXNet network, with new weights. Optimizer, batch size and epochs are a start: a checkpoint does not tell them.\n';
  return head + stringify(recipe, { flowCollectionPadding: true, lineWidth: 120 });
}

/** The operations from the data to the output. */
function chainOf({ nodes, heads }: MxSymbol): MxNode[] {
  const chain: MxNode[] = [];
  for (
    let node = nodes[heads[0]?.node ?? -1];
    node !== undefined && node.op !== 'null';
    node = nodes[node.inputs[0]?.node ?? -1]
  ) {
    chain.unshift(node);
  }
  return chain;
}

function addLayer(layers: [string, Settings][], node: MxNode): void {
  const { op, name, attrs } = node;
  switch (op) {
    case 'FullyConnected': {
      const useBias = !/^(1|true)$/i.test(attrs.no_bias ?? '');
      layers.push(['dense', { name, units: Number(attrs.num_hidden), ...(useBias ? {} : { useBias }) }]);
      return;
    }
    case 'Activation':
      activate(layers, ACTIVATIONS[attrs.act_type ?? ''] ?? refuse(node), node);
      return;
    case 'Dropout':
      layers.push(['dropout', { name, rate: Number(attrs.p ?? 0.5) }]);
      return;
    case 'BatchNorm':
      layers.push([
        'batchNormalization',
        { name, epsilon: Number(attrs.eps ?? 1e-3), momentum: Number(attrs.momentum ?? 0.9) },
      ]);
      return;
    case 'Flatten':
    case '_copy':
    case 'identity':
    case 'BlockGrad':
      return; // Rows of a CSV file are flat already.
    default:
      refuse(node);
  }
}

/** An activation is part of the dense layer before it, where there is one. */
function activate(layers: [string, Settings][], activation: string, { name }: MxNode): void {
  const [type, settings] = layers.at(-1) ?? [];
  if (type === 'dense' && settings !== undefined && settings.activation === undefined) {
    settings.activation = activation;
  } else {
    layers.push(['activation', { name, activation }]);
  }
}

function refuse({ op, name }: MxNode): never {
  throw new SkilletError('import-unsupported', '--recipe', {
    message: `${op} ${name} is no layer of a plain feed-forward network.`,
    remedy: 'Import without --recipe, and write the recipe by hand.',
  });
}
