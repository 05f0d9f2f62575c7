/** Runs in the page before its bundle: stands in for VS Code, and notes frames, long tasks and when what was said is drawn. */
const bench = { frames: [], longTasks: [], messageMs: [], latencies: [], worker: null, isIdle: null };
window.bench = bench;
window.acquireVsCodeApi = () => ({
  postMessage: (message) => message.type === 'taken' && bench.worker?.postMessage(message),
  getState: () => undefined,
  setState: () => undefined,
});

const now = () => performance.timeOrigin + performance.now();
const nativeFrame = window.requestAnimationFrame.bind(window);
let isInFrame = false;
window.requestAnimationFrame = (callback) =>
  nativeFrame((time) => {
    isInFrame = true;
    try {
      callback(time);
    } finally {
      isInFrame = false;
    }
  });

/** Calls back when the frame has been painted that shows what is drawn now. */
function afterPaint(callback) {
  const channel = new MessageChannel();
  channel.port1.onmessage = () => {
    channel.port1.close();
    callback();
  };
  const send = () => channel.port2.postMessage(null);
  if (isInFrame) {
    send();
  } else {
    nativeFrame(send);
  }
}

let undrawn = [];
const nativeStroke = CanvasRenderingContext2D.prototype.stroke;
CanvasRenderingContext2D.prototype.stroke = function stroke(...parts) {
  if (undrawn.length > 0) {
    const drawn = undrawn;
    undrawn = [];
    afterPaint(() => {
      const time = now();
      bench.latencies.push(...drawn.map((stamp) => time - stamp));
    });
  }
  return nativeStroke.apply(this, parts);
};

new PerformanceObserver((list) => {
  bench.longTasks.push(...list.getEntries().map(({ duration }) => duration));
}).observe({ type: 'longtask' });

bench.start = (source, plan) => {
  bench.worker = new Worker(URL.createObjectURL(new Blob([source], { type: 'text/javascript' })));
  bench.worker.onmessage = ({ data }) => {
    if (data.message === null) {
      bench.isIdle?.();
      return;
    }
    undrawn.push(data.stamp);
    const begun = performance.now();
    window.dispatchEvent(new MessageEvent('message', { data: data.message }));
    bench.messageMs.push(performance.now() - begun);
  };
  bench.worker.postMessage({ type: 'plan', plan });
};
/** Asks the feeder for something, and waits until it has said it all. */
bench.ask = (request) =>
  new Promise((resolve) => {
    bench.isIdle = resolve;
    bench.worker.postMessage(request);
  });
bench.say = (message) => window.dispatchEvent(new MessageEvent('message', { data: message }));
bench.nextFrames = async (count) => {
  for (let frame = 0; frame < count; frame += 1) {
    await new Promise((resolve) => nativeFrame(resolve));
  }
};
/** Notes the frames from now on; what was noted before is forgotten. */
bench.watch = () => {
  Object.assign(bench, { frames: [], longTasks: [], messageMs: [], latencies: [], isWatching: true });
  undrawn = [];
  let last = null;
  const look = (time) => {
    if (last !== null) {
      bench.frames.push(time - last);
    }
    last = time;
    if (bench.isWatching) {
      nativeFrame(look);
    }
  };
  nativeFrame(look);
};
bench.results = () => {
  bench.isWatching = false;
  const { frames, longTasks, messageMs, latencies } = bench;
  return { frames, longTasks, messageMs, latencies };
};

/** The rightmost column of the first chart in which the training curve's colour stands, from `from` on; -1: none. */
function rightEdge(canvas, from) {
  const width = Math.max(1, canvas.width - from);
  const { data } = canvas.getContext('2d').getImageData(from, 0, width, canvas.height);
  for (let column = width - 1; column >= 0; column -= 1) {
    for (let row = 0; row < canvas.height; row += 1) {
      const place = 4 * (row * width + column);
      if (data[place + 2] > 150 && data[place] < 140 && data[place + 3] > 100 && data[place + 2] - data[place] > 60) {
        return from + column;
      }
    }
  }
  return -1;
}

/** Says ten steps at a time and looks, after each painted frame, whether the curve has come further to the right. */
bench.pixelLatencies = async (count) => {
  const canvas = document.querySelector('.chart canvas');
  const found = [];
  let edge = rightEdge(canvas, 0);
  for (let turn = 0; turn < count; turn += 1) {
    await new Promise((resolve) => setTimeout(resolve, 40 + ((turn * 37) % 60)));
    const begun = now();
    bench.worker.postMessage({ type: 'one', steps: 10 });
    for (;;) {
      await new Promise((resolve) => nativeFrame(resolve));
      await new Promise((resolve) => afterPaint(resolve));
      const next = rightEdge(canvas, edge + 1);
      if (next > edge) {
        found.push(now() - begun);
        edge = next;
        break;
      }
    }
  }
  return found;
};
