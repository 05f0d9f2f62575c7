/** What is different in the recipes of two runs, setting by setting. */
import { useMemo } from 'preact/hooks';
import type { ComparedRun } from '../../common/compare/comparedRun.ts';
import { diffRecipes, type RecipeChange } from '../../common/compare/diffRecipes.ts';
import type { FromComparePage } from '../../common/compareMessages.ts';
import type { CompareView } from './compareView.ts';

export interface RecipeDiffProps {
  /** At least two. */
  readonly runs: readonly ComparedRun[];
  readonly labels: ReadonlyMap<string, string>;
  readonly view: CompareView;
  look(view: CompareView): void;
  send(message: FromComparePage): void;
}

export function RecipeDiff({ runs, labels, view, look, send }: RecipeDiffProps) {
  const base = runs.find(({ runFolder }) => runFolder === view.base) ?? runs[0];
  const others = runs.filter((run) => run !== base);
  const other = others.find(({ runFolder }) => runFolder === view.other) ?? others[0];
  const changes = useMemo(() => diffRecipes(base?.recipe, other?.recipe), [base, other]);
  if (base === undefined || other === undefined) {
    return null;
  }
  const folders = { base: base.runFolder, other: other.runFolder };
  return (
    <section aria-label="Recipes">
      <div class="section-head">
        <h2>Recipes</h2>
        <RunChoice
          label="of"
          {...{ runs, labels, value: folders.base }}
          onChoose={(chosen) =>
            look({ ...view, base: chosen, other: chosen === folders.other ? folders.base : folders.other })
          }
        />
        <RunChoice
          label="and"
          {...{ runs: others, labels, value: folders.other }}
          onChoose={(chosen) => look({ ...view, base: folders.base, other: chosen })}
        />
        <span class="spring" />
        <button type="button" class="secondary" onClick={() => send({ type: 'openDiff', ...folders })}>
          <span class="codicon codicon-diff" aria-hidden="true" /> Open in Diff Editor
        </button>
        <button
          type="button"
          class="secondary"
          title={`Puts the recipe of ${labels.get(folders.other)} back into its file, after you have seen what changes`}
          onClick={() => send({ type: 'restore', runFolder: folders.other })}
        >
          <span class="codicon codicon-discard" aria-hidden="true" /> Restore the Second…
        </button>
      </div>
      {changes.length === 0 ? (
        <p class="muted">Both recipes say the same, setting by setting.</p>
      ) : (
        <div class="results-scroll">
          <table class="results changes">
            <thead>
              <tr>
                <th scope="col" class="word">
                  setting
                </th>
                <th scope="col" class="word">
                  {labels.get(folders.base)}
                </th>
                <th scope="col" class="word">
                  {labels.get(folders.other)}
                </th>
              </tr>
            </thead>
            <tbody>
              {changes.map((change) => (
                <Change key={`${change.kind} ${change.path}`} change={change} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

const ICONS = {
  changed: 'diff-modified',
  added: 'diff-added',
  removed: 'diff-removed',
  moved: 'diff-renamed',
} as const;

function Change({ change }: { change: RecipeChange }) {
  const { kind, path, before, after } = change;
  return (
    <tr class={kind}>
      <th scope="row" class="word">
        <span class={`codicon codicon-${ICONS[kind]}`} role="img" aria-label={kind} /> {path}
      </th>
      <td class="word before">{before ?? '—'}</td>
      <td class="word after">{after ?? '—'}</td>
    </tr>
  );
}

function RunChoice(props: {
  label: string;
  runs: readonly ComparedRun[];
  labels: ReadonlyMap<string, string>;
  value: string;
  onChoose(runFolder: string): void;
}) {
  return (
    <label class="run-choice">
      {props.label}{' '}
      <select value={props.value} onChange={(event) => props.onChoose(event.currentTarget.value)}>
        {props.runs.map(({ runFolder }) => (
          <option key={runFolder} value={runFolder}>
            {props.labels.get(runFolder)}
          </option>
        ))}
      </select>
    </label>
  );
}
