/** Steps on their way to a page: joined, and as typed arrays, which need no parsing there. */
import type { RunEvent, Steps } from './events.ts';

/** `Steps` with NaN for null. */
export interface PackedSteps extends Omit<Steps, 'loss' | 'metrics'> {
  readonly loss: Float32Array<ArrayBuffer>;
  readonly metrics: Readonly<Record<string, Float32Array<ArrayBuffer>>>;
}

/** The same fold as of `events`: between two launches, steps that follow one another become one event, where their last one stood. */
export function packSteps(events: readonly RunEvent[]): (RunEvent | PackedSteps)[] {
  const packed: (RunEvent | PackedSteps)[] = [];
  let open: Steps[] = [];
  let place = 0;
  const close = () => {
    if (open.length > 0) {
      packed.splice(place, 0, joined(open));
      open = [];
    }
  };
  for (const event of events) {
    if (event.type === 'steps') {
      if (!continues(open, event)) {
        close();
      }
      open.push(event);
      place = packed.length;
    } else {
      // What an epoch, a checkpoint or a note says does not depend on the steps; where a trainer takes over, it does.
      if (event.type === 'launch' || event.type === 'runStart' || event.type === 'runResume') {
        close();
      }
      packed.push(event);
    }
  }
  close();
  return packed;
}

function continues(open: readonly Steps[], event: Steps): boolean {
  const last = open.at(-1);
  if (last === undefined) {
    return true;
  }
  const names = Object.keys(event.metrics);
  return (
    event.first === last.first + last.loss.length &&
    names.length === Object.keys(last.metrics).length &&
    isWhole(event) &&
    isWhole(last) &&
    names.every((name) => last.metrics[name] !== undefined)
  );
}

/** Metrics that are shorter than the loss could not be told from those of the next event. */
function isWhole({ loss, metrics }: Steps): boolean {
  return Object.values(metrics).every((values) => values.length === loss.length);
}

function joined(steps: readonly Steps[]): PackedSteps {
  const [first, last] = [steps[0], steps.at(-1)] as [Steps, Steps];
  const names = Object.keys(first.metrics);
  return {
    ...last,
    first: first.first,
    loss: toFloats(steps.map(({ loss }) => loss)),
    metrics: Object.fromEntries(names.map((name) => [name, toFloats(steps.map(({ metrics }) => metrics[name] ?? []))])),
  };
}

/** Each with memory of its own: VS Code sends the whole memory behind a view. */
function toFloats(lists: readonly (readonly (number | null)[])[]): Float32Array<ArrayBuffer> {
  const floats = new Float32Array(lists.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const list of lists) {
    for (const value of list) {
      floats[at] = typeof value === 'number' ? value : Number.NaN;
      at += 1;
    }
  }
  return floats;
}
