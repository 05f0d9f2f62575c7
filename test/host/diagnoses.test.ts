/** What is said of a run stands in Problems on the line that causes it, with quick fixes, until it is mended. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { tinyRecipe } from '../fixtures/tinyRecipe.ts';
import { skillet, train, until, untilStatus, useTinyWorkspace } from './support.ts';

/** Steps so short that the loss falls in a straight line. */
const slow = tinyRecipe
  .replace('params: { units: 4 }', 'params: { units: 4, rate: 0.000001 }')
  .replace('epochs: 3', 'epochs: 12, optimizer: { sgd: { learningRate: $rate } }')
  .replace('small-test', 'small-test, no-better-than-baseline');
/** Steps so long that the first ones end the run. */
const wild = tinyRecipe.replace('epochs: 3', 'epochs: 3, optimizer: { sgd: { learningRate: 100000 } }');

const codeOf = ({ code }: vscode.Diagnostic) => (typeof code === 'object' ? String(code.value) : String(code));
const marked = (uri: vscode.Uri, code: string) =>
  vscode.languages.getDiagnostics(uri).find((one) => codeOf(one) === code);

async function fixes(uri: vscode.Uri, range: vscode.Range): Promise<vscode.CodeAction[]> {
  const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
    'vscode.executeCodeActionProvider',
    uri,
    range,
    vscode.CodeActionKind.QuickFix.value,
  );
  return actions.filter(({ edit }) => edit !== undefined);
}

describe('diagnoses of a run', () => {
  const make = useTinyWorkspace();

  it('a learning rate that is too low is marked where it is used; the fix changes the parameter and takes the mark away', async () => {
    const api = await skillet();
    const { recipe } = make({ recipe: slow });
    const document = await vscode.workspace.openTextDocument(recipe);
    await vscode.window.showTextDocument(document);
    await untilStatus(api, await train(recipe), 'completed');
    const mark = await until(() => marked(recipe, 'rate-too-low'));
    assert.equal(document.getText(mark.range), '$rate');
    assert.equal(mark.severity, vscode.DiagnosticSeverity.Warning);
    assert.match(mark.message, /^train\.optimizer\.sgd\.learningRate: The training loss falls steadily but by /);
    const target = typeof mark.code === 'object' ? (mark.code as { target: vscode.Uri }).target : null;
    assert.match(target?.path ?? '', /docs\/diagnoses\.md$/);
    assert.match(
      (await vscode.workspace.fs.readFile(target?.with({ fragment: '' }) ?? recipe)).toString(),
      /## rate-too-low/,
    );
    const [best] = await fixes(recipe, mark.range);
    assert.match(best?.title ?? '', /^Set learningRate: 0\.\d+$/);
    await vscode.workspace.applyEdit(best?.edit ?? new vscode.WorkspaceEdit());
    assert.match(document.getText(), /params: \{ units: 4, rate: 0\.0*1 \}/);
    assert.match(document.getText(), /learningRate: \$rate/);
    await until(() => marked(recipe, 'rate-too-low') === undefined);
  });

  it('a run that became NaN is marked once, as an error on the learning rate, and a new run clears it', async () => {
    const api = await skillet();
    const { recipe } = make({ recipe: wild });
    const document = await vscode.workspace.openTextDocument(recipe);
    const editor = await vscode.window.showTextDocument(document);
    await untilStatus(api, await train(recipe), 'failed');
    const mark = await until(() => marked(recipe, 'not-finite'));
    assert.deepEqual([document.getText(mark.range), mark.severity], ['100000', vscode.DiagnosticSeverity.Error]);
    assert.equal(marked(recipe, 'run-not-finite'), undefined);
    const titles = (await fixes(recipe, mark.range)).map(({ title }) => title);
    assert.deepEqual(titles.slice(0, 2), ['Set learningRate: 10000', 'Set globalClipNorm: 1']);
    await editor.edit((edit) => edit.replace(mark.range, '0.01'));
    await until(() => marked(recipe, 'not-finite') === undefined);
    await untilStatus(api, await train(recipe), 'completed');
    assert.equal(marked(recipe, 'not-finite'), undefined);
  });

  it('the last run of a recipe that is opened later is judged too', async () => {
    const api = await skillet();
    const { recipe } = make({ recipe: slow });
    await untilStatus(api, await train(recipe), 'completed');
    await until(() => marked(recipe, 'rate-too-low'));
    await vscode.window.showTextDocument(recipe);
    await until(() => marked(recipe, 'rate-too-low'));
  });
});
