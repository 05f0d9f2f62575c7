/** The recipe language through VS Code's own commands, in YAML and in JSON; answers of others are passed over. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { tinyJson, tinyRecipe } from '../fixtures/tinyRecipe.ts';
import { skillet, train, until, untilStatus, useTinyWorkspace } from './support.ts';

async function open(uri: vscode.Uri): Promise<vscode.TextEditor> {
  await skillet();
  return vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri));
}

/** The place of a piece of text, some letters into it. */
function at(document: vscode.TextDocument, piece: string, within = 0): vscode.Position {
  const offset = document.getText().indexOf(piece);
  assert.ok(offset >= 0, piece);
  return document.positionAt(offset + within);
}

const labelOf = ({ label }: vscode.CompletionItem) => (typeof label === 'string' ? label : label.label);

async function completionsAt(uri: vscode.Uri, position: vscode.Position): Promise<vscode.CompletionItem[]> {
  const list = await vscode.commands.executeCommand<vscode.CompletionList>(
    'vscode.executeCompletionItemProvider',
    uri,
    position,
  );
  // Ours are ranked with four digits.
  return list.items.filter(({ sortText }) => /^\d{4}$/.test(sortText ?? ''));
}

const textsOf = (hovers: readonly vscode.Hover[]) =>
  hovers.flatMap(({ contents }) => contents.map((one) => (typeof one === 'string' ? one : one.value))).join('\n');

async function actionsAt(uri: vscode.Uri, range: vscode.Range): Promise<vscode.CodeAction[]> {
  return vscode.commands.executeCommand<vscode.CodeAction[]>('vscode.executeCodeActionProvider', uri, range);
}

const applied = async (edit: vscode.WorkspaceEdit | undefined) => {
  assert.ok(edit);
  assert.ok(await vscode.workspace.applyEdit(edit));
};

const FORMS = [
  { form: 'YAML', file: 'tiny.recipe.yaml', text: tinyRecipe, quote: '' },
  { form: 'JSON', file: 'tiny.recipe.json', text: tinyJson, quote: '"' },
];

for (const { form, file, text, quote } of FORMS) {
  const word = (name: string) => `${quote}${name}${quote}`;

  describe(`the language in ${form}`, () => {
    const make = useTinyWorkspace();

    it('free keys, words, parameters and columns are offered', async () => {
      const { recipe } = make({ file, recipe: text });
      const { document } = await open(recipe);
      const keys = await completionsAt(recipe, at(document, word('batchSize'), quote.length));
      assert.ok(keys.some((item) => labelOf(item) === 'optimizer'));
      assert.ok(!keys.some((item) => labelOf(item) === 'metrics'));
      const words = await completionsAt(recipe, at(document, 'relu'));
      assert.ok(['tanh', '$units'].every((one) => words.map(labelOf).includes(one)));
      const columns = await completionsAt(
        recipe,
        at(document, `${word('target')}: `, word('target').length + 2 + quote.length),
      );
      assert.deepEqual(columns.slice(0, 3).map(labelOf), ['a', 'b', 'y']);
    });

    it('a hover tells the setting, the value of a parameter, and the shape of a layer once the columns are known', async () => {
      const { recipe } = make({ file, recipe: text });
      const { document } = await open(recipe);
      const hoverAt = async (piece: string, within: number) =>
        textsOf(
          await vscode.commands.executeCommand<vscode.Hover[]>(
            'vscode.executeHoverProvider',
            recipe,
            at(document, piece, within),
          ),
        );
      assert.match(
        await hoverAt('batchSize', 2),
        /whole number, ≥ 1, in rows · 32 when absent[\s\S]*command:skillet\.openReference/,
      );
      assert.match(await hoverAt('$units', 3), /is `4`/);
      assert.match(await hoverAt('dense', 1), /Reads input \[2\], gives \*\*\[4\]\*\*\. 12 parameters/);
    });

    it('a parameter leads to its entry, shows its uses and is renamed everywhere', async () => {
      const { recipe } = make({ file, recipe: text });
      const { document } = await open(recipe);
      const place = at(document, '$units', 2);
      const [definition] = await vscode.commands.executeCommand<vscode.Location[]>(
        'vscode.executeDefinitionProvider',
        recipe,
        place,
      );
      assert.equal(definition && document.getText(definition.range), 'units');
      assert.equal(definition?.range.start.line, form === 'YAML' ? 1 : 2);
      const uses = await vscode.commands.executeCommand<vscode.Location[]>(
        'vscode.executeReferenceProvider',
        recipe,
        place,
      );
      assert.equal(uses.length, 2);
      await applied(
        await vscode.commands.executeCommand<vscode.WorkspaceEdit>(
          'vscode.executeDocumentRenameProvider',
          recipe,
          place,
          'width',
        ),
      );
      assert.match(document.getText(), /width"?: 4[\s\S]*\$width/);
      assert.doesNotMatch(document.getText(), /\$units/);
    });

    it('a name that is taken is refused', async () => {
      const { recipe } = make({
        file,
        recipe: text.replace(`${word('units')}: 4`, `${word('units')}: 4, ${word('rate')}: 1`),
      });
      const { document } = await open(recipe);
      await assert.rejects(
        async () =>
          vscode.commands.executeCommand(
            'vscode.executeDocumentRenameProvider',
            recipe,
            at(document, '$units', 2),
            'rate',
          ),
        /There is a parameter rate already/,
      );
    });

    it('the outline names the layers', async () => {
      const { recipe } = make({ file, recipe: text });
      await open(recipe);
      const model = await until(async () => {
        const symbols = await vscode.commands.executeCommand<vscode.DocumentSymbol[]>(
          'vscode.executeDocumentSymbolProvider',
          recipe,
        );
        return symbols?.find(
          ({ name, children }) => name === 'model' && children.some((child) => child.name === 'dense1'),
        );
      });
      assert.deepEqual(
        model.children.map(({ name }) => name).filter((name) => name.startsWith('dense')),
        ['dense1', 'dense2'],
      );
    });

    it('a quick fix mends a misspelt key, and one action all that is beyond doubt', async () => {
      const wrong = text.replace('batchSize', 'batchsize').replace('relu', 'rellu');
      const { recipe } = make({ file, recipe: wrong });
      const { document } = await open(recipe);
      await until(
        () => vscode.languages.getDiagnostics(recipe).filter(({ source }) => source === 'skillet').length === 2,
      );
      const key = at(document, 'batchsize', 2);
      const fixes = await actionsAt(recipe, new vscode.Range(key, key));
      const fix = fixes.find(({ title }) => title === 'Change to batchSize');
      assert.equal(fix?.isPreferred, true);
      await applied(fix?.edit);
      assert.match(document.getText(), /batchSize/);
      const all = await vscode.commands.executeCommand<vscode.CodeAction[]>(
        'vscode.executeCodeActionProvider',
        recipe,
        new vscode.Range(0, 0, 0, 0),
        vscode.CodeActionKind.SourceFixAll.value,
      );
      await applied(all.find(({ title }) => title.startsWith('Fix all mistakes'))?.edit);
      assert.match(document.getText(), /relu/);
    });

    it('a column that the CSV lacks is told while typing, with the nearest one', async () => {
      const { recipe } = make({
        file,
        recipe: text.replace(/target("?): ("?)y/, 'target$1: $2price'),
        csv: 'age,prize\n1,2\n',
      });
      await open(recipe);
      const [problem] = await until(() => {
        const found = vscode.languages.getDiagnostics(recipe).filter(({ code }) => code === 'data-unknown-column');
        return found.length > 0 && found;
      });
      assert.match(problem?.message ?? '', /Did you mean prize\?/);
      const fixes = await actionsAt(recipe, problem?.range ?? new vscode.Range(0, 0, 0, 0));
      assert.ok(fixes.some(({ title }) => title === 'Change to prize'));
    });
  });
}

describe('recipes in JSON', () => {
  const make = useTinyWorkspace();

  it('show in the tree, carry lenses, and train', async () => {
    const api = await skillet();
    const { recipe } = make({ file: 'tiny.recipe.json', recipe: tinyJson });
    await open(recipe);
    const item = await until(async () =>
      ((await api.recipesTree.getChildren(undefined)) ?? []).find((one) => one.recipe.uri.fsPath === recipe.fsPath),
    );
    assert.equal(item.label, 'Tiny');
    const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>('vscode.executeCodeLensProvider', recipe);
    assert.deepEqual([...new Set(lenses.map(({ range }) => range.start.line))], [1, 8]);
    const runFolder = await train(recipe);
    await untilStatus(api, runFolder, 'completed');
    assert.equal(JSON.parse(readFileSync(path.join(runFolder, 'recipe.yaml'), 'utf8')).name, 'Tiny');
  });
});

describe('formatting', () => {
  const make = useTinyWorkspace();

  const format = (uri: vscode.Uri) =>
    vscode.commands.executeCommand<vscode.TextEdit[] | undefined>('vscode.executeFormatDocumentProvider', uri, {
      tabSize: 2,
      insertSpaces: true,
    });

  it('puts YAML in order and keeps its comments', async () => {
    const { recipe } = make({
      recipe: tinyRecipe.replace('units: 4 }', 'units:   4}   # few').replaceAll('  - dense', '     - dense'),
    });
    const { document } = await open(recipe);
    await vscode.commands.executeCommand('editor.action.formatDocument');
    assert.equal(document.getText(), tinyRecipe.replace('units: 4 }', 'units: 4 } # few'));
  });

  it('leaves broken YAML alone', async () => {
    const { recipe } = make({ recipe: 'data: {csv:  [\n' });
    await open(recipe);
    assert.deepEqual((await format(recipe)) ?? [], []);
  });
});
