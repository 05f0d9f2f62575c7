/** The whole page: the file, what to predict, its columns, its first rows, and the recipe that comes of it. */
import { DELIMITERS } from '../../common/data/delimiter.ts';
import { type DataProfile, estimateRows } from '../../common/data/profile.ts';
import type { FromDataPage } from '../../common/dataMessages.ts';
import { formatBytes, formatCount } from '../../common/format.ts';
import type { RecipeChoices } from '../../common/recipe/suggestChoices.ts';
import { suggestRecipe } from '../../common/recipe/suggestRecipe.ts';
import { ChoicesForm } from './choicesForm.tsx';
import { ColumnTable } from './columnTable.tsx';
import { type DataModel, hasInputs } from './dataModel.ts';
import { FirstRows } from './firstRows.tsx';
import { RecipeText } from './recipeText.tsx';

export interface PageProps {
  readonly model: DataModel;
  send(message: FromDataPage): void;
  change(choices: RecipeChoices): void;
}

export function DataApp({ model, send, change }: PageProps) {
  const { profile, choices, blockers, isReading } = model;
  const isReady = profile !== null && choices !== null && blockers.length === 0 && !isReading;
  return (
    <main class="data">
      <Head model={model} send={send} />
      {profile === null ? null : (
        <div class={isReady ? 'halves' : ''}>
          <div class="found">
            {isReady ? (
              <>
                <ChoicesForm profile={profile} choices={choices} change={change} />
                <Make model={model} profile={profile} choices={choices} send={send} />
              </>
            ) : null}
            <ColumnTable profile={profile} choices={isReady ? choices : null} change={change} />
            <FirstRows profile={profile} />
          </div>
          {isReady ? <RecipeText text={suggestRecipe(profile, choices)} /> : null}
        </div>
      )}
    </main>
  );
}

function Head({ model, send }: Pick<PageProps, 'model' | 'send'>) {
  const { file, profile, isReading, share, failure, blockers } = model;
  const name = file?.split(/[\\/]/).at(-1) ?? '';
  return (
    <header>
      <div class="head-line">
        <h1>New Recipe from Data</h1>
        <button type="button" class="link" title={file ?? ''} onClick={() => send({ type: 'openFile' })}>
          {name}
        </button>
      </div>
      <div class="sentence" role="status">
        {isReading ? (
          <span>Reading… {Math.round(share * 100)} %</span>
        ) : profile === null ? null : (
          <span>{describeFile(profile)}</span>
        )}
      </div>
      {isReading ? (
        <div class="buttons">
          <progress value={share} max={1} aria-label={`Reading ${name}`} />
          <button type="button" class="secondary" onClick={() => send({ type: 'cancel' })}>
            Cancel
          </button>
        </div>
      ) : null}
      {failure === null ? null : <Fault {...failure} />}
      {isReading ? null : blockers.map((blocker) => <Fault key={blocker.message} {...blocker} />)}
      {isReading || (failure === null && blockers.length === 0 && profile?.share === 1) ? null : (
        <ReadAgain profile={profile} send={send} />
      )}
      {profile === null || isReading ? null : <Notes notes={profile.notes} />}
    </header>
  );
}

function describeFile(profile: DataProfile): string {
  const rows = `${profile.share < 1 ? 'about ' : ''}${formatCount(estimateRows(profile))} rows`;
  const form = `${DELIMITERS[profile.delimiter]}-separated${profile.isCompressed ? ', packed' : ''}`;
  return `${rows} · ${profile.columns.length} column${profile.columns.length === 1 ? '' : 's'} · ${form} · ${formatBytes(profile.bytes)}`;
}

function Fault({ message, remedy }: { message: string; remedy: string }) {
  return (
    <p class="fault" role="alert">
      <span class="codicon codicon-error" aria-hidden="true" /> {message} {remedy}
    </p>
  );
}

function ReadAgain({ profile, send }: { profile: DataProfile | null; send: PageProps['send'] }) {
  const isPart = profile !== null && profile.share < 1;
  return (
    <div class="buttons">
      <button type="button" class="secondary" onClick={() => send({ type: 'read', isWhole: isPart })}>
        {isPart ? 'Read the Whole File' : 'Read Again'}
      </button>
    </div>
  );
}

function Notes({ notes }: { notes: readonly string[] }) {
  return notes.length === 0 ? null : (
    <ul class="notes">
      {notes.map((note) => (
        <li key={note}>
          <span class="codicon codicon-info" aria-hidden="true" /> {note}
        </li>
      ))}
    </ul>
  );
}

interface MakeProps {
  readonly model: DataModel;
  readonly profile: DataProfile;
  readonly choices: RecipeChoices;
  send(message: FromDataPage): void;
}

function Make({ model, profile, choices, send }: MakeProps) {
  const isNamed = choices.name.trim() !== '';
  const isEnough = hasInputs(profile, choices) && isNamed;
  const create = (isTrained: boolean) => isEnough && send({ type: 'create', choices, isTrained });
  const missing = isNamed ? 'Choose at least one column to learn from.' : 'Give the recipe a name.';
  const made =
    model.created === null
      ? `Written beside ${profile.file}; no file there is overwritten.`
      : `${model.created} is made.`;
  return (
    <div class="buttons make">
      {/* Not `disabled`: the button that was pressed keeps the focus. */}
      <button type="button" class="primary" aria-disabled={!isEnough} onClick={() => create(true)}>
        <span class="codicon codicon-play" aria-hidden="true" /> Create and Train
      </button>
      <button type="button" class="secondary" aria-disabled={!isEnough} onClick={() => create(false)}>
        Create Recipe
      </button>
      <span class="muted" role="status">
        {isEnough ? made : missing}
      </span>
    </div>
  );
}
