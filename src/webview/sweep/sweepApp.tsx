/** The whole page: what is looked through, what is chosen and costs, and the lists of what was found. */
import { leftoverKey, sumLeftovers, sumText, thingsText } from '../../common/cloud/leftoverText.ts';
import type { FromSweepPage } from '../../common/sweepMessages.ts';
import { foundText, groupsOf, isAllClear, type SweepModel, selectedOf } from './sweepModel.ts';
import { SweepTable } from './sweepTable.tsx';

interface PageProps {
  readonly model: SweepModel;
  send(message: FromSweepPage): void;
  onSelect(keys: readonly string[], isSelected: boolean): void;
}

export function SweepApp({ model, send, onSelect }: PageProps) {
  return (
    <main class="sweep">
      <header>
        <div class="head-line">
          <h1>Sweep</h1>
          <span class="muted">{model.account}</span>
          <span class="spring" />
          <button
            type="button"
            class="secondary"
            aria-disabled={model.isRemoving}
            onClick={() => !model.isRemoving && send({ type: model.isSweeping ? 'stop' : 'sweepAgain' })}
          >
            <span class={`codicon codicon-${model.isSweeping ? 'debug-stop' : 'refresh'}`} aria-hidden="true" />{' '}
            {model.isSweeping ? 'Stop' : 'Look Again'}
          </button>
        </div>
        <Sentence model={model} />
      </header>
      <Faults model={model} />
      {groupsOf(model).map(({ title, isOurs, rows }) => (
        <SweepTable
          key={title}
          title={title}
          note={
            isOurs
              ? 'What nothing uses and holds no data is chosen already; machines, disks and snapshots never are.'
              : 'Nothing here is chosen for you: somebody may count on it.'
          }
          rows={rows}
          model={model}
          onSelect={onSelect}
        />
      ))}
      <Footer model={model} send={send} />
    </main>
  );
}

function Sentence({ model }: { readonly model: SweepModel }) {
  const { failure, isSweeping, isRemoving, regions, done, removedCount } = model;
  const removed = removedCount === 0 ? '' : ` ${thingsText(removedCount)} removed.`;
  const found = foundText(model);
  const text =
    failure ??
    (isSweeping
      ? regions.length === 0
        ? 'Asking which regions there are…'
        : `Looking through ${regions.length} ${regions.length === 1 ? 'region' : 'regions'}…`
      : isRemoving
        ? 'Removing…'
        : found);
  const isBusy = failure === null && (isSweeping || isRemoving);
  const icon = isBusy ? 'loading' : failure !== null ? 'error' : isAllClear(model) ? 'pass' : 'info';
  return (
    <div class={`sentence ${icon}`}>
      <span class={`codicon codicon-${icon}`} aria-hidden="true" />
      <p role="status">
        {text}
        {removed}
      </p>
      {isSweeping && regions.length > 0 ? (
        <span class="muted number">
          {done.size} of {regions.length}
        </span>
      ) : null}
    </div>
  );
}

function Faults({ model: { faults, regions } }: { readonly model: SweepModel }) {
  if (faults.size === 0) {
    return null;
  }
  return (
    <section class="faults" aria-label="Not looked through">
      <h2>Could not be looked at</h2>
      <ul>
        {[...faults].map(([fault, where]) => (
          <li key={fault}>
            <span class="codicon codicon-warning" aria-hidden="true" />
            <span>
              {fault} <span class="muted">{where.length === regions.length ? 'All regions' : where.join(', ')}</span>
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Footer({ model, send }: { readonly model: SweepModel; send(message: FromSweepPage): void }) {
  const chosen = selectedOf(model);
  const isReady = chosen.length > 0 && !model.isRemoving && !model.isSweeping;
  return model.leftovers.size === 0 ? null : (
    <footer>
      <p class="number">
        {chosen.length === 0
          ? 'Nothing chosen'
          : `${thingsText(chosen.length)} chosen, ${costWords(sumText(sumLeftovers(chosen)))}`}
      </p>
      <button
        type="button"
        class="primary"
        aria-disabled={!isReady}
        onClick={() => isReady && send({ type: 'remove', keys: chosen.map(leftoverKey) })}
      >
        Remove {chosen.length === 0 ? '' : thingsText(chosen.length)}…
      </button>
    </footer>
  );
}

function costWords(sum: string): string {
  return sum === 'nothing' ? 'at no cost' : sum;
}
