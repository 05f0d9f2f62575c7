/** The measurements in words: a table a workload, and the page of all. */

/** @typedef {import('./recipes.mjs').Workload} Workload */
/** @typedef {import('./summary.mjs').Row} Row */
/** @typedef {import('./summary.mjs').Spread} Spread */
/** @typedef {{ workload: Workload, rows: readonly Row[], notes: readonly string[] }} Section  `notes`: who was left out, and why. */
/** @typedef {{ date: string, rounds: number, machine: readonly string[], sections: readonly Section[] }} Report */

/** @param {Section} section @returns {string} A heading, a table and its notes, in Markdown. */
export function formatSection({ workload, rows, notes }) {
  const against = rows.filter(({ peer }) => peer !== null).map(({ label }) => label);
  const header = [
    'engine',
    'cold wall s',
    `steady ${workload.rateUnit}`,
    ...against.map((label) => `× ${label}: cold, steady`),
    'last loss',
    'goal',
  ];
  const cells = rows.map((row) => [
    row.label,
    formatSpread(row.cold, formatSeconds),
    formatSpread(row.steady, formatRate),
    ...against.map((label) => {
      const ratios = row.ratios.find((candidate) => candidate.against === label);
      return ratios === undefined ? '' : `${formatRatio(ratios.cold)}, ${formatRatio(ratios.steady)}`;
    }),
    row.loss.toPrecision(3),
    row.peer === null ? formatGoal(row, against) : '',
  ]);
  const parts = [`## ${workload.title}`, formatTable([header, ...cells]), formatLengths(workload)];
  return [...parts, ...(notes.length > 0 ? [formatList(notes)] : [])].join('\n\n');
}

/** @param {Workload} workload */
function formatLengths({ samples, batchSize, coldEpochs, steadyEpochs }) {
  const steps = Math.ceil(samples / batchSize);
  const epochs = (/** @type {number} */ count) => `${count} epoch${count === 1 ? '' : 's'}`;
  return `Cold: ${epochs(coldEpochs)} of ${steps} step${steps === 1 ? '' : 's'}. Steady: ${epochs(steadyEpochs)} more.`;
}

/** @param {Row} row @param {readonly string[]} against */
export function formatGoal({ misses }, against) {
  if (against.length === 0) {
    return 'no peer to compare with';
  }
  if (misses.length === 0) {
    return 'met';
  }
  const words = misses.map(({ measure, against: peer, wanted, ratio }) => {
    const wish = wanted === 'equal' ? ' (at least equal wanted)' : '';
    return `${measure} ${formatRatio(ratio)} ${peer}${wish}`;
  });
  return `**missed**: ${words.join('; ')}`;
}

/** @param {Report} report @returns {string} The page, in Markdown. */
export function formatPage({ date, rounds, machine, sections }) {
  const method = [
    `${rounds} round${rounds === 1 ? '' : 's'}, engines in turn within each; medians, with the lowest and highest in brackets.`,
    '**Cold wall**: a whole process, from its start to its end: interpreter and libraries, data, the first fit. Boston and Shampoo are `skillet train`, which also evaluates and saves the model; the others are a process around the same training code, with data made in memory.',
    '**Steady**: another process, whose first fit warms up; only the epochs after it count.',
    'Same data, sizes, update rule, float32 and batch everywhere, shuffled each epoch. Keras: `fit` as it is. PyTorch: eager. MXNet: Gluon, hybridized with static memory and shapes. Threads at their defaults, all on the processor.',
    'A ratio above 1 means that Skillet is ahead.',
    '**Goal**: ahead of every peer in cold wall; in steady ahead of Keras and MXNet everywhere, of PyTorch on Boston, MNIST and Shampoo, and at least equal to it on the larger LSTM. It is judged for each of our backends by itself, from the unrounded medians.',
    '**Last loss**: mean over the last epoch of the steady run; it shows that all trained the same problem.',
  ];
  return [
    '# Benchmarks',
    `Written by \`npm run bench -- --write\` on ${date}.`,
    formatList(machine),
    '## How it was measured',
    formatList(method),
    ...sections.map(formatSection),
    '',
  ]
    .join('\n\n')
    .replace(/\n+$/, '\n');
}

/** @param {readonly string[]} lines */
function formatList(lines) {
  return lines.map((line) => `- ${line}`).join('\n');
}

/** @param {readonly (readonly string[])[]} table Its header first. */
function formatTable(table) {
  const [header = []] = table;
  const widths = header.map((_, column) => Math.max(3, ...table.map((row) => row[column]?.length ?? 0)));
  const lines = table.map((row) => `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`);
  return [lines[0], `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`, ...lines.slice(1)].join('\n');
}

/** @param {Spread} spread @param {(value: number) => string} format */
function formatSpread({ median, lowest, highest }, format) {
  return lowest === highest ? format(median) : `${format(median)} (${format(lowest)}–${format(highest)})`;
}

/** @param {number} seconds */
function formatSeconds(seconds) {
  return seconds.toFixed(2);
}

/** @param {number} perSecond */
export function formatRate(perSecond) {
  return perSecond >= 100 ? Math.round(perSecond).toLocaleString('en') : perSecond.toPrecision(3);
}

/** @param {number} ratio More digits near 1, so that a miss never reads as a draw. */
function formatRatio(ratio) {
  const digits = [2, 3, 4].find((count) => Number(ratio.toFixed(count)) !== 1) ?? 2;
  return `${ratio.toFixed(digits)}×`;
}
