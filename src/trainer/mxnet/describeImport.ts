/** The sidecar of an imported network: how its rows are fed, and what its outputs mean. */
import type { TrainingRows } from '../../common/model/importMessages.ts';
import { SCALE_RULE, SIDECAR_VERSION, type Sidecar, type SidecarInputs } from '../../common/model/sidecar.ts';
import { namedInputs } from '../imported/namedInputs.ts';
import { plainTargets } from '../imported/plainTargets.ts';
import type { Converted } from './convert.ts';

export interface ImportNames {
  readonly name: string;
  /** Names of the files that it comes from. */
  readonly files: readonly string[];
}

/** @throws {SkilletError} `data-*`: the training rows do not fit the network. */
export async function describeImport(
  converted: Converted,
  names: ImportNames,
  training: TrainingRows | null,
): Promise<Sidecar> {
  const inputs = training === null ? plainInputs(converted) : await namedInputs(columnsOf(converted), training);
  return {
    version: SIDECAR_VERSION,
    name: names.name,
    source: { kind: 'mxnet', files: [...names.files] },
    inputs,
    targets: targetsOf(converted, training?.target ?? null),
    states: converted.states.map((state) => ({ ...state })),
    graph: {
      nodes: converted.graph.nodes.map((node) => ({ ...withoutPlace(node), outputShape: [...node.outputShape] })),
      edges: converted.graph.edges.map((edge) => ({ ...edge, shape: [...edge.shape] })),
    },
    rule: SCALE_RULE,
  };
}

const withoutPlace = ({ recipePath: _, ...node }: Converted['graph']['nodes'][number]) => node;

/** Numbers of a row, where rows are samples by themselves. */
function columnsOf({ input, states }: Converted): number | null {
  const [width] = input.shape;
  return input.shape.length === 1 && width != null && states.length === 0 ? width : null;
}

function plainInputs({ input, states }: Converted): SidecarInputs {
  if (states.length > 0 || input.codes) {
    return { encoding: 'steps', width: input.codes ? 1 : (input.shape[1] ?? 1), codes: input.codes };
  }
  return { encoding: 'positions', shape: input.shape.map((size) => size ?? 1) };
}

/** A softmax tells classes, and a single logistic output two. */
function targetsOf({ head, outputs }: Converted, target: string | null): Sidecar['targets'] {
  const isOverClasses = head.op === 'SoftmaxOutput' || (head.op === 'LogisticRegressionOutput' && outputs === 1);
  return plainTargets({ isOverClasses, outputs, target });
}
