/** Charts in lines: what is shown behind which line, live, after typing, in scripts and notebooks, and what it costs. */
import assert from 'node:assert/strict';
import { appendFileSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import type { RunEvent } from '../../src/common/run/events.ts';
import type { SkilletApi } from '../../src/extension/extension.ts';
import { epochs, evaluation, launch, runEnd, runStart } from '../fixtures/runEvents.ts';
import { toLines, writeRun } from '../fixtures/runFolders.ts';
import { longRecipe, skillet, train, until, untilStatus, useTinyWorkspace } from './support.ts';

const BLOCK = `name: Tiny
params:
  units: 4
  rate: 0.1
data: { csv: tiny.csv, target: y, test: { rows: 8 } }
model:
  - dense: { units: $units, activation: relu }
  - dense: { units: 1 }
train:
  loss: meanSquaredError
  metrics:
    - rmse
  optimizer: { sgd: { learningRate: $rate } }
  epochs: 3
  device: js
`;

interface MadeRun {
  readonly params?: Readonly<Record<string, number>>;
  readonly rmse?: number;
  readonly isLive?: boolean;
  readonly validation?: boolean;
}

/** A run of this recipe that is done, or goes on for ever on another machine. */
function addRun(
  recipe: vscode.Uri,
  name: string,
  { params = { units: 4, rate: 0.1 }, rmse = 3.51, isLive = false, validation = false }: MadeRun = {},
): string {
  const events: RunEvent[] = [
    { ...launch, recipeFile: recipe.fsPath },
    runStart({ name: 'Tiny', params, epochs: 100 }),
    ...epochs(1, 20, { validation }),
    ...(isLive ? [] : [evaluation({ metrics: { rmse } }), runEnd]),
  ];
  return writeRun(path.join(path.dirname(recipe.fsPath), '.skillet/runs', name), events);
}

/** `line: text` of what a document's editors show. */
const shown = (api: SkilletApi, uri: vscode.Uri) =>
  api.inlineCharts.shown(uri).map(({ line, text }) => `${line}: ${text}`);

async function untilShown(api: SkilletApi, uri: vscode.Uri, isWanted: (lines: string[]) => boolean): Promise<string[]> {
  return until(() => {
    const lines = shown(api, uri);
    return isWanted(lines) ? lines : null;
  });
}

async function show(api: SkilletApi, uri: vscode.Uri): Promise<vscode.TextEditor> {
  const editor = await vscode.window.showTextDocument(uri, { preview: false });
  api.index.refresh();
  return editor;
}

async function hoverText(uri: vscode.Uri, position: vscode.Position): Promise<string> {
  const hovers = await vscode.commands.executeCommand<vscode.Hover[]>('vscode.executeHoverProvider', uri, position);
  return hovers
    .flatMap(({ contents }) => contents)
    .map((content) => (typeof content === 'string' ? content : content.value))
    .join('\n');
}

describe('charts in lines', () => {
  const make = useTinyWorkspace();

  it('stand behind the training, each metric and each parameter of a recipe', async () => {
    const api = await skillet();
    const { recipe } = make({ recipe: BLOCK });
    addRun(recipe, 'a', { params: { units: 8, rate: 0.1 }, rmse: 3.71 });
    addRun(recipe, 'b');
    await show(api, recipe);
    const lines = await untilShown(api, recipe, ({ length }) => length === 4);
    assert.deepEqual(
      lines.map((line) => line.replace(/[\d.]+(?= · test|$)/, 'N')),
      [
        '2: tried 4 → 3.510 · 8 → 3.710 (test rmse)',
        '3: tried 0.1 → 3.510 (test rmse)',
        '8: loss N',
        '11: N · test 3.510',
      ],
    );
  });

  it('follow a run while it trains, and say when it ends', async () => {
    const api = await skillet();
    const { recipe } = make({ recipe: longRecipe });
    const editor = await show(api, recipe);
    editor.selection = new vscode.Selection(2, 3, 2, 3);
    const runFolder = await train(recipe);
    const epochNow = () => Number(/epoch (\d+)\/1000000/.exec(shown(api, recipe).join())?.[1] ?? 0);
    const first = await until(() => epochNow() > 0 && epochNow());
    await until(() => epochNow() > first);
    assert.deepEqual(editor.selection.active, new vscode.Position(2, 3));
    await vscode.commands.executeCommand('skillet.stopTraining', { run: { runFolder } });
    await untilStatus(api, runFolder, 'stopped');
    await untilShown(api, recipe, (lines) => lines.some((line) => /loss .* · stopped at \d+\/1000000$/.test(line)));
  });

  it('move with the text, and a line that is taken away takes its chart along', async () => {
    const api = await skillet();
    const { recipe } = make({ recipe: BLOCK });
    addRun(recipe, 'a');
    const editor = await show(api, recipe);
    await untilShown(api, recipe, (lines) => lines.some((line) => line.startsWith('8: loss')));
    await editor.edit((edit) => edit.insert(new vscode.Position(0, 0), '# first\n'));
    await untilShown(api, recipe, (lines) => lines.some((line) => line.startsWith('9: loss')));
    await editor.edit((edit) => edit.delete(new vscode.Range(11, 0, 13, 0)));
    await untilShown(api, recipe, (lines) => lines.length === 3);
    await editor.edit((edit) => edit.insert(new vscode.Position(9, 0), 'train: [{ '));
    await untilShown(api, recipe, (lines) => lines.length > 0);
  });

  it('a line end typed behind a chart takes it off until its place is found again', async () => {
    const api = await skillet();
    const { recipe } = make({ recipe: BLOCK });
    addRun(recipe, 'a');
    const editor = await show(api, recipe);
    await untilShown(api, recipe, (lines) => lines.some((line) => line.startsWith('8: loss')));
    const emptied = new Promise<string[]>((resolve) => {
      const once = vscode.workspace.onDidChangeTextDocument(() => {
        once.dispose();
        resolve(shown(api, recipe));
      });
    });
    await editor.edit((edit) => edit.insert(new vscode.Position(8, 6), '\n  seed: 1'));
    assert.deepEqual(await emptied, []);
    await untilShown(api, recipe, (lines) => lines.some((line) => line.startsWith('12: ')));
  });

  it('skillet.inlineCharts and its command switch them off and on at once', async () => {
    const api = await skillet();
    const { recipe } = make({ recipe: BLOCK });
    addRun(recipe, 'a');
    await show(api, recipe);
    await untilShown(api, recipe, ({ length }) => length > 0);
    await vscode.commands.executeCommand('skillet.toggleInlineCharts');
    try {
      assert.equal(vscode.workspace.getConfiguration('skillet').get('inlineCharts'), false);
      await untilShown(api, recipe, ({ length }) => length === 0);
    } finally {
      await vscode.commands.executeCommand('skillet.toggleInlineCharts');
    }
    await untilShown(api, recipe, ({ length }) => length > 0);
  });

  it('a script that names a recipe or a run shows its curve; other lines and large files do not', async () => {
    const api = await skillet();
    const { recipe, folder } = make({ recipe: BLOCK });
    addRun(recipe, '20261124-121500-tiny', { rmse: 4 });
    addRun(recipe, '20261124-121600-tiny');
    const script = path.join(folder, 'report.py');
    const text =
      'import skillet\nrun = train("tiny.recipe.yaml")\nold = "20261124-121500-tiny"\nx = "other.recipe.yaml"\n';
    writeFileSync(script, text);
    await show(api, vscode.Uri.file(script));
    const lines = await untilShown(api, vscode.Uri.file(script), ({ length }) => length === 2);
    assert.match(lines[0] ?? '', /^1: loss [\d.]+ · test rmse 3\.510$/);
    assert.match(lines[1] ?? '', /^2: loss [\d.]+ · test rmse 4\.000$/);
    const large = path.join(folder, 'large.R');
    writeFileSync(large, `${text}# ${'x'.repeat(80)}\n`.repeat(8000));
    await show(api, vscode.Uri.file(large));
    await api.inlineCharts.update();
    assert.deepEqual(shown(api, vscode.Uri.file(large)), []);
  });

  it('a cell of a notebook that names a recipe shows its curve', async () => {
    const api = await skillet();
    const { recipe, folder } = make({ recipe: BLOCK });
    addRun(recipe, 'a');
    const file = path.join(folder, 'look.ipynb');
    const cell = {
      cell_type: 'code',
      execution_count: null,
      metadata: {},
      outputs: [],
      source: 'train("tiny.recipe.yaml")',
    };
    writeFileSync(file, JSON.stringify({ cells: [cell], metadata: {}, nbformat: 4, nbformat_minor: 5 }));
    const notebook = await vscode.workspace.openNotebookDocument(vscode.Uri.file(file));
    await vscode.window.showNotebookDocument(notebook);
    const uri = notebook.cellAt(0).document.uri;
    api.index.refresh();
    await untilShown(api, uri, (lines) => /^0: loss .* test rmse 3\.510$/.test(lines[0] ?? ''));
  });

  it('the hover has a chart, the best epoch, the verdict and links to these commands alone', async () => {
    const api = await skillet();
    const { recipe } = make({ recipe: BLOCK });
    addRun(recipe, 'a', { params: { units: 8, rate: 0.1 } });
    addRun(recipe, 'b', { validation: true });
    await show(api, recipe);
    await untilShown(api, recipe, ({ length }) => length === 4);
    const training = await hoverText(recipe, new vscode.Position(8, 6));
    assert.match(training, /!\[Chart of loss by epoch\]\(data:image\/svg\+xml;base64,[\w+/=]+\|width=420,height=\d+\)/);
    const [, image = ''] = /base64,([^|]+)/.exec(training) ?? [];
    assert.match(Buffer.from(image, 'base64').toString(), /validation, best [\d.]+ at epoch \d+, last/);
    assert.match(training, /linear&nbsp;regression/);
    assert.match(training, /\(command:skillet\.openRun\?[^)]*\) · \[Compare Runs\]\(command:skillet\.compareRuns\?/);
    const tried = await hoverText(recipe, new vscode.Position(2, 10));
    assert.match(tried, /\| units \| test rmse \| runs \|[\s\S]*\| 8 \| 3\.510 \| 1 \|/);
    assert.doesNotMatch(await hoverText(recipe, new vscode.Position(12, 4)), /Chart of/);
  });

  it('lenses offer to compare two runs, to resume the last where that can be done, and to hold it while it trains', async () => {
    const api = await skillet();
    const { recipe } = make({ recipe: longRecipe });
    await show(api, recipe);
    const lenses = async () =>
      (await vscode.commands.executeCommand<vscode.CodeLens[]>('vscode.executeCodeLensProvider', recipe, 20))
        .filter(({ range }) => range.start.line === 0)
        .map(({ command }) => command?.command.replace('skillet.', ''));
    addRun(recipe, '20200101-120000-tiny');
    const runFolder = await train(recipe);
    await untilStatus(api, runFolder, 'running');
    assert.deepEqual(await lenses(), ['pauseTraining', 'stopTraining', 'tuneRecipe', 'compareRuns', 'openRun']);
    await vscode.commands.executeCommand('skillet.stopTraining', { run: { runFolder } });
    await untilStatus(api, runFolder, 'stopped');
    assert.deepEqual(await lenses(), ['trainRecipe', 'tuneRecipe', 'resumeRun', 'compareRuns', 'openRun']);
  });

  it('an update of 300 lines with 10 parameters and 100 past runs is done in a moment', async () => {
    const api = await skillet();
    const names = Array.from({ length: 10 }, (_, index) => `p${index}`);
    const paramsOf = (run: number) => Object.fromEntries(names.map((name, index) => [name, (run * (index + 3)) % 7]));
    const params = names.map((name) => `  ${name}: 1\n`).join('');
    const filler = Array.from({ length: 272 }, (_, index) => `  - dense: { name: d${index}, units: 4 }\n`).join('');
    const text = BLOCK.replace(/ {2}units: 4\n {2}rate: 0.1\n/, params).replace('model:\n', `model:\n${filler}`);
    const { recipe } = make({ recipe: text });
    for (let run = 0; run < 100; run += 1) {
      addRun(recipe, `run-${String(run).padStart(3, '0')}`, { params: paramsOf(run), rmse: 3 + (run % 13) / 10 });
    }
    const live = addRun(recipe, 'run-live', { params: paramsOf(1), isLive: true });
    await show(api, recipe);
    await untilShown(api, recipe, ({ length }) => length === 12);
    const before = api.inlineCharts.durationsMs().length;
    for (let epoch = 21; epoch <= 45; epoch += 1) {
      appendFileSync(path.join(live, 'events.jsonl'), toLines(epochs(epoch, epoch)));
      await until(() => api.index.live().find(({ runFolder }) => runFolder === live)?.run.epochs.length === epoch);
      await api.inlineCharts.update();
    }
    const durations = [...api.inlineCharts.durationsMs().slice(before)].sort((a, b) => a - b);
    const [median = 0, p95 = 0] = [0.5, 0.95].map((share) => durations[Math.floor(share * (durations.length - 1))]);
    const figures = { updates: durations.length, medianMs: median, p95Ms: p95 };
    const folder = path.dirname(process.env.TEST_RESULT ?? path.join(os.tmpdir(), 'none'));
    writeFileSync(path.join(folder, 'inline-charts.json'), JSON.stringify(figures));
    appendFileSync(path.join(live, 'events.jsonl'), toLines([runEnd]));
    await until(() => api.index.live().length === 0);
    assert.ok(median < 50, `median ${median} ms`);
  });
});
