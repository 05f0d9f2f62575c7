/** Reads a data file for its page, and makes the recipe that was put together on it. */
import path from 'node:path';
import * as vscode from 'vscode';
import type { DataProfile } from '../../common/data/profile.ts';
import type { FromDataPage, ToDataPage } from '../../common/dataMessages.ts';
import { toProblem } from '../../common/errors.ts';
import type { RecipeChoices } from '../../common/recipe/suggestChoices.ts';

export interface DataFeed {
  receive(message: FromDataPage): void;
  /** All that the page was told since the file was last read, without the progress. */
  told(): readonly ToDataPage[];
  /** Ends what is under way. */
  dispose(): void;
}

export interface DataFeedParts {
  post(message: ToDataPage): void;
  readonly output: vscode.LogOutputChannel;
}

/** Some seconds of reading; a person can ask for all of it. */
const FIRST_BYTES = 64_000_000;
const PROGRESS_MS = 100;

export function createDataFeed(file: string, { post, output }: DataFeedParts): DataFeed {
  let told: ToDataPage[] = [];
  let reading: AbortController | null = null;
  let profile: DataProfile | null = null;
  const say = (message: ToDataPage) => {
    told.push(message);
    post(message);
  };
  const fail = (error: unknown) => {
    const { message, remedy } = toProblem(error, file);
    output.warn(`${file}: ${message} ${remedy}`);
    say({ type: 'failed', message, remedy });
  };
  const read = async (isWhole: boolean) => {
    reading?.abort();
    const started = new AbortController();
    reading = started;
    told = [];
    say({ type: 'reading', file });
    let toldAt = 0;
    const { profileCsv } = await import('../../node/data/profileCsv.ts');
    const found = await profileCsv(file, {
      ...(isWhole ? {} : { maxBytes: FIRST_BYTES }),
      signal: started.signal,
      onProgress(share) {
        if (performance.now() - toldAt >= PROGRESS_MS) {
          toldAt = performance.now();
          post({ type: 'progress', share });
        }
      },
    }).catch((error: unknown) => {
      if (started.signal.aborted) {
        // Whoever began anew speaks from here on.
        return null;
      }
      throw error;
    });
    if (found !== null && reading === started) {
      profile = found;
      say({ type: 'profile', profile: found, csv: path.basename(file) });
    }
  };
  const create = async (choices: RecipeChoices, isTrained: boolean) => {
    if (profile === null) {
      return;
    }
    const [{ suggestRecipe }, { createRecipeFile }] = await Promise.all([
      import('../../common/recipe/suggestRecipe.ts'),
      import('../../node/data/createRecipe.ts'),
    ]);
    const made = await createRecipeFile(path.dirname(file), choices.name, suggestRecipe(profile, choices));
    say({ type: 'created', file: path.basename(made) });
    const uri = vscode.Uri.file(made);
    await vscode.window.showTextDocument(uri, { preview: false, viewColumn: vscode.ViewColumn.One });
    if (isTrained) {
      await vscode.commands.executeCommand('skillet.trainRecipe', uri);
    }
  };
  const act = async (message: FromDataPage): Promise<void> => {
    switch (message.type) {
      case 'ready':
        // A page that was hidden is loaded anew, and told again what is known.
        return told.length === 0 ? read(false) : told.forEach(post);
      case 'read':
        return read(message.isWhole);
      case 'cancel':
        reading?.abort();
        return say({ type: 'failed', message: 'Reading was cancelled.', remedy: 'Read it again to go on.' });
      case 'create':
        return create(message.choices, message.isTrained);
      case 'openFile':
        await vscode.commands.executeCommand('vscode.open', vscode.Uri.file(file));
    }
  };
  return {
    receive: (message) => void act(message).catch(fail),
    told: () => told,
    dispose: () => reading?.abort(),
  };
}
