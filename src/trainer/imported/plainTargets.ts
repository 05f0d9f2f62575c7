/** What an imported network's outputs are called, whose file has no names for them. */
import type { Sidecar } from '../../common/model/sidecar.ts';

/** @param from `target`: the name of what is predicted; null where nobody said it. */
export function plainTargets(from: {
  readonly isOverClasses: boolean;
  readonly outputs: number;
  readonly target: string | null;
}): Sidecar['targets'] {
  const { isOverClasses, outputs, target } = from;
  const plain = (count: number) => ({
    kind: 'none' as const,
    offset: Array(count).fill(0),
    factor: Array(count).fill(1),
  });
  if (isOverClasses) {
    const classes = Array.from({ length: Math.max(2, outputs) }, (_, code) => String(code));
    return { names: [target ?? 'class'], classes, ...plain(1) };
  }
  const names = outputs === 1 ? [target ?? 'output'] : Array.from({ length: outputs }, (_, i) => `output${i + 1}`);
  return { names, classes: null, ...plain(outputs) };
}
