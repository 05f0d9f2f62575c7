/** Makes the events of a run the same on every machine: times, processes, paths, speeds and devices are replaced. */

const START = Date.UTC(2026, 10, 24, 12);

/** Fields that tell of the machine and not of the run, by event type. */
const REPLACED = {
  launch: { pid: 1, host: 'host', skillet: '0.0.0', versions: { node: '24.0.0', platform: 'linux-x64' } },
  steps: { stepsPerSecond: 1000 },
  epochEnd: { durationMs: 10 },
};

/**
 * @param {readonly Record<string, unknown>[]} events The events of a run on the backend `wasm`.
 * @param {string} recipeName The recipe's file name.
 * @returns {Record<string, unknown>[]} One event a tenth of a second. What comes by the clock is left out.
 */
export function normaliseEvents(events, recipeName) {
  return stepsByEpoch(events.filter(isOfTheRun)).map((event, place) => ({
    ...event,
    at: new Date(START + place * 100).toISOString(),
    .../** @type {Record<string, object>} */ (REPLACED)[String(event.type)],
    ...(event.type === 'layers' ? { layers: evenTimes(event.layers) } : {}),
    ...(event.type === 'launch' ? { recipeFile: `/recipes/${recipeName}` } : {}),
    ...(event.type === 'runStart' ? { backend: plainBackend(event.backend) } : {}),
  }));
}

/**
 * Checkpoints and looks at the layers come by the clock; only the first look is always taken.
 *
 * @param {Record<string, unknown>} event
 */
const isOfTheRun = ({ type, epoch }) =>
  type !== 'checkpoint' && type !== 'device' && (type !== 'layers' || epoch === 1);

/**
 * How many steps an event holds, and whether it reaches over the end of an epoch, depends on the machine's speed: here
 * each epoch's steps stand in one event before its end.
 *
 * @param {readonly Record<string, any>[]} events
 */
function stepsByEpoch(events) {
  const perEpoch = events.find(({ type }) => type === 'runStart')?.stepsPerEpoch ?? 0;
  const steps = events.filter(({ type }) => type === 'steps');
  const loss = steps.flatMap((event) => event.loss);
  const names = Object.keys(steps[0]?.metrics ?? {});
  const metrics = names.map((name) => /** @type {const} */ ([name, steps.flatMap((event) => event.metrics[name])]));
  return events.flatMap((event) => {
    if (event.type !== 'epochEnd') {
      return event.type === 'steps' ? [] : [event];
    }
    const first = (event.epoch - 1) * perEpoch;
    const cut = (/** @type {unknown[]} */ series) => series.slice(first, first + perEpoch);
    const own = Object.fromEntries(metrics.map(([name, series]) => [name, cut(series)]));
    return [{ type: 'steps', at: '', first, loss: cut(loss), metrics: own, stepsPerSecond: 0 }, event];
  });
}

/**
 * How long a layer takes is the machine's matter; each gets the same share.
 *
 * @param {any} layers
 */
function evenTimes(layers) {
  const share = Number((1 / layers.length).toPrecision(5));
  return layers.map((/** @type {object} */ layer) => ({ ...layer, timeShare: share }));
}

/** @param {unknown} backend */
function plainBackend(backend) {
  const { name, execution } = /** @type {{ name: string, execution: string }} */ (backend);
  return { name, device: 'CPU', reason: 'The recording asks for it by name.', trials: [], execution };
}
