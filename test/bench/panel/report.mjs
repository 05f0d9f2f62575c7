/** The panel's benchmark in words and tables. */

/** @typedef {import('./scenarios.mjs').Measured} Measured */

/** @param {readonly number[]} values @param {number} share */
export function quantile(values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}

/** @param {number} value */
const ms = (value) => (Number.isFinite(value) ? value.toFixed(value < 10 ? 1 : 0) : '–');
/** @param {number} value */
const percent = (value) => `${(value * 100).toFixed(0)} %`;
/** @param {number} bytes */
const megabytes = (bytes) => `${(bytes / 1e6).toFixed(1)} MB`;

/** A frame more than a millisecond late was missed. @param {readonly number[]} frames @param {number} limit */
const lateShare = (frames, limit) => frames.filter((frame) => frame > limit + 1).length / Math.max(1, frames.length);

/** @param {string} name @param {Measured} measured */
function row(name, { frames, longTasks, latencies, messageMs, busy }) {
  const cells = [
    name,
    ms(1000 / (frames.reduce((sum, frame) => sum + frame, 0) / frames.length)),
    `${ms(quantile(frames, 0.5))}, ${ms(quantile(frames, 0.95))}`,
    percent(lateShare(frames, 16.7)),
    percent(lateShare(frames, 33.3)),
    String(longTasks.length),
    ms(quantile(messageMs, 0.5)),
    `${ms(quantile(latencies, 0.5))}, ${ms(quantile(latencies, 0.95))}`,
    percent(busy),
  ];
  return `| ${cells.join(' | ')} |`;
}

const HEAD = `| page | frames/s | frame ms: median, p95 | > 16.7 ms | > 33 ms | long tasks | listener ms a message | word to paint ms: median, p95 | main thread busy |
|---|---|---|---|---|---|---|---|---|`;

/** @param {readonly [string, Measured][]} rows */
const table = (rows) => [HEAD, ...rows.map(([name, measured]) => row(name, measured))].join('\n');

/** @param {any} results @param {{ command: string, date: string, machine: readonly string[] }} about */
export function formatPanelSection(results, { command, date, machine }) {
  const { pages, opening, window } = results;
  /** @param {string} part @param {string} which @returns {[string, Measured][]} */
  const rowsOf = (part, which) =>
    pages.flatMap((/** @type {any} */ page) => (page[part] === undefined ? [] : [[page.name, page[part][which]]]));
  return `## The panel

Written by \`${command}\` on ${date}.

${machine.map((line) => `- ${line}`).join('\n')}
- \`now\` is this version, \`before\` the commit that was named, \`uPlot alone\` a page with two uPlot charts that are given all points at each message. Each is fed by a worker beside the page, as its own extension would feed it.
- **Word to paint**: from the moment a message is sent to the moment after the frame in which the chart was drawn. **Main thread busy**: its share of the time, from the browser's own counter. There is no graphics card: the processor paints.

### A million steps, 10,000 a second in 20 messages a second, loss and rmse by step

The last 100 messages and fewer before the millionth step:

${table(rowsOf('million', 'live'))}

The same with smoothing 0.9:

${table(rowsOf('smoothed', 'live'))}

The steps before that, in one rush of messages of 10,000:

${table(rowsOf('million', 'open'))}

### From word to pixel

One message at a time; the canvas is read after every frame until the curve has come further: ${pages
    .filter((/** @type {any} */ page) => page.pixel !== undefined)
    .map(
      (/** @type {any} */ page) =>
        `${page.name} ${ms(quantile(page.pixel, 0.5))} ms at the median, ${ms(quantile(page.pixel, 0.95))} ms at p95`,
    )
    .join('; ')}.
${windowText(window)}
### 200 charts

1,000 steps a second of 200 metrics in 20 messages a second, after 50,000 steps. Standing still:

${table(rowsOf('charts', 'live'))}

Scrolling by 25 pixels a frame:

${table(rowsOf('charts', 'scrolled'))}

Canvases in the page at the end: ${pages.flatMap((/** @type {any} */ page) => (page.charts ? [`${page.name} ${page.charts.canvases}`] : [])).join(', ')}.

### 50 earlier runs of 2,000 epochs behind a live one

${table(rowsOf('runs', 'live'))}

With the mouse moving over the chart:

${table(rowsOf('runs', 'hovered'))}

### Memory

JavaScript's heap and what typed arrays hold, beyond the empty page, loss and rmse:

| page | 10⁶ steps | 3·10⁶ steps |
|---|---|---|
${pages.flatMap((/** @type {any} */ page) => (page.memory ? [`| ${page.name} | ${page.memory.map(megabytes).join(' | ')} |`] : [])).join('\n')}

A step costs 4.5 bytes a metric. A metric keeps 4,194,304 values, all metrics together 33,554,432 (150 MB); beyond that the older half is folded, with its peaks.

### Opening a run of 10⁶ steps

The extension host reads, parses and packs ${megabytes(opening.fileBytes)} in ${ms(opening.ms)} ms and ${opening.messages} messages, of which the steps are ${megabytes(opening.bytes)}; the longest that anything else had to wait: ${ms(opening.longestMs)} ms.
`;
}

/** @param {any} window */
function windowText(window) {
  if (window === null) {
    return '';
  }
  /** @param {string} name @param {{ bytes: number, hostShare: number }} feed */
  const feedRow = (name, { bytes, hostShare }) =>
    `| ${name} | ${(bytes / 1000).toFixed(0)} kB | ${(hostShare * 100).toFixed(1)} % |`;
  return `
In a real VS Code, from before a line is appended to \`events.jsonl\` to the pixel in the panel: ${ms(quantile(window.latencies, 0.5))} ms at the median, ${ms(quantile(window.latencies, 0.95))} ms at p95.

### A hidden panel

Eight seconds of a run that writes 500 steps 20 times a second, in a real VS Code:

| panel | the window receives | extension host, of one core |
|---|---|---|
${feedRow('visible', window.visible)}
${feedRow('hidden behind another file', window.hidden)}
${feedRow('closed', window.closed)}
`;
}

const HEADING = '\n## The panel\n';

/** Puts the panel's section behind the others of docs/benchmarks.md. @param {string} page @param {string} section */
export function withPanelSection(page, section) {
  const at = page.indexOf(HEADING);
  return `${(at < 0 ? page : page.slice(0, at)).trimEnd()}\n\n${section}`;
}

/** The section as it stands in a page; empty where there is none. @param {string} page */
export function panelSectionOf(page) {
  const at = page.indexOf(HEADING);
  return at < 0 ? '' : page.slice(at + 1);
}
