/** Runs in a worker beside the page: says what the extension would say, at the pace of a run, however busy the page is. */

/** Settings of the run that is fed. */
let plan = null;
let step = 0;
let epoch = 0;
let isOpen = 0;
let owed = 0;

const at = '2026-11-24T12:00:00.000Z';
/** The extension sends typed arrays; the version before it sent lists. */
const pack = (values) => (plan.packed ? values : Array.from(values));

function valuesAt(first, count, shift) {
  return Float32Array.from({ length: count }, (_, index) => {
    const place = first + index;
    return 2 / (1 + place / 50_000) + ((0.5 * Math.abs(Math.sin(place * 12.9898 + shift) * 43_758.5453)) % 1) + 0.05;
  });
}

function stepsEvent(count) {
  const names = plan.metrics.filter((name) => name !== 'loss');
  const event = {
    type: 'steps',
    at,
    first: step,
    loss: pack(valuesAt(step, count, 0)),
    metrics: Object.fromEntries(names.map((name, index) => [name, pack(valuesAt(step, count, index + 1))])),
    stepsPerSecond: plan.stepsPerSecond,
  };
  step += count;
  return event;
}

function epochEvent() {
  epoch += 1;
  const decay = (shift) => 2 / (1 + epoch / 40) + 0.1 * Math.sin(epoch * 1.7 + shift);
  const metrics = Object.fromEntries(
    plan.metrics.flatMap((name, index) => [
      [name, decay(index)],
      [`val_${name}`, decay(index) * 1.15 + 0.02],
    ]),
  );
  return { type: 'epochEnd', at, epoch, metrics, durationMs: 100 };
}

/** The next `count` steps and the epochs that end with them. */
function eventsFor(count) {
  const events = [];
  let left = count;
  while (left > 0) {
    const piece = Math.min(left, plan.stepsPerEpoch - (step % plan.stepsPerEpoch));
    events.push(stepsEvent(piece));
    if (step % plan.stepsPerEpoch === 0) {
      events.push(epochEvent());
    }
    left -= piece;
  }
  return events;
}

function say(count) {
  const events = eventsFor(count);
  isOpen += 1;
  postMessage({ message: { type: 'events', events }, stamp: performance.timeOrigin + performance.now() });
}

/** Like the extension: no more than four messages that the page has not taken; what waits is sent at once afterwards. */
function tick() {
  owed += plan.stepsPerMessage;
  if (!plan.acknowledged || isOpen < 4) {
    say(owed);
    owed = 0;
  }
}

self.addEventListener('message', ({ data }) => {
  switch (data.type) {
    case 'plan':
      plan = data.plan;
      break;
    case 'taken':
      isOpen = Math.max(0, isOpen - data.count);
      break;
    case 'past':
      for (let left = data.steps; left > 0; left -= 10_000) {
        say(Math.min(left, 10_000));
      }
      isOpen = 0;
      postMessage({ message: null });
      break;
    case 'one':
      say(data.steps);
      break;
    case 'live': {
      owed = 0;
      const timer = setInterval(tick, 50);
      setTimeout(() => {
        clearInterval(timer);
        postMessage({ message: null });
      }, data.ms);
      break;
    }
  }
});
