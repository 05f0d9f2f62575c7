/** The whole page: the form, its review, or the launch. */
import { dollarsPerHour } from '../../common/cloud/dollars.ts';
import { isFault } from '../../common/cloud/profileProblem.ts';
import type { Problem } from '../../common/errors.ts';
import { Advanced } from './advanced.tsx';
import { focusPath } from './focusPath.ts';
import type { Form } from './form.ts';
import { ImagePart } from './imagePart.tsx';
import { KeyPart } from './keyPart.tsx';
import { keyOf } from './launchModel.ts';
import { Linked } from './linked.tsx';
import { MachinePart } from './machinePart.tsx';
import { pathWords } from './pathWords.ts';
import { ProgressView } from './progressView.tsx';
import { ReviewView } from './reviewView.tsx';
import { guardWords } from './sectionWords.ts';

export function LaunchApp({ form }: { readonly form: Form }) {
  const { launch } = form.model;
  return (
    <main class="launch">
      <Head form={form} />
      {launch !== null && launch.state !== 'idle' ? (
        <ProgressView form={form} view={launch} />
      ) : form.state.view === 'review' ? (
        <ReviewView form={form} />
      ) : (
        <Questions form={form} />
      )}
    </main>
  );
}

function Head({ form }: { readonly form: Form }) {
  const { start, beginProblem } = form.model;
  const { account } = form.draft;
  return (
    <header>
      <div class="head-line">
        <h1>Launch GPU Instance</h1>
        <span class="muted">
          {start?.who ? `AWS ${start.who}` : ''}
          {form.state.file === null ? '' : ` · ${form.state.file}`}
        </span>
        <span class="spring" />
        {start !== null && start.accounts.length > 1 ? (
          <label>
            Account{' '}
            <select
              value={account}
              onChange={({ currentTarget }) => {
                form.change({ account: currentTarget.value });
                form.send({ type: 'account', account: currentTarget.value === '' ? null : currentTarget.value });
              }}
            >
              <option value="" selected={account === ''}>
                as in the settings
              </option>
              {start.accounts.map(({ name, how }) => (
                <option key={name} value={name} selected={name === account}>
                  {name} ({how})
                </option>
              ))}
            </select>
          </label>
        ) : null}
        <span class="buttons">
          <button type="button" class="secondary" onClick={() => form.send({ type: 'openProfile' })}>
            Open Profile…
          </button>
          <button type="button" class="secondary" onClick={form.save}>
            Save Profile…
          </button>
        </span>
      </div>
      {beginProblem === null ? null : (
        <p class="fault" role="alert">
          <span class="codicon codicon-error" aria-hidden="true" />{' '}
          <Linked text={`${beginProblem.message} ${beginProblem.remedy}`} />{' '}
          <button
            type="button"
            class="link"
            onClick={() => form.send({ type: 'account', account: account === '' ? null : account })}
          >
            Try Again
          </button>
        </p>
      )}
    </header>
  );
}

function Questions({ form }: { readonly form: Form }) {
  return (
    <>
      <MachinePart form={form} />
      <div class="halves">
        <ImagePart form={form} />
        <KeyPart form={form} />
      </div>
      <Advanced form={form} />
      <Bar form={form} />
    </>
  );
}

/** Stays in sight: what is chosen, what it would cost, and what is still to mend. */
function Bar({ form }: { readonly form: Form }) {
  const { model, state, draft } = form;
  const faults = state.isReviewed ? model.problems.filter(isFault) : [];
  return (
    <footer class="bar sticky">
      <div class="bar-words">
        <p>
          {draft.instanceType === '' ? (
            <span class="muted">Choose a machine, an image, and how to get in.</span>
          ) : (
            <>
              <b>
                {draft.count} × {draft.instanceType}
              </b>{' '}
              in {draft.region} <span class="usd">{priceOf(form)}</span>
              <span class="muted bar-guard"> · {guardWords(draft)}</span>
            </>
          )}
        </p>
        <div role="status">
          <Faults faults={faults} />
          {model.reviewProblem === null || !state.isReviewed ? null : (
            <p class="fault">
              <span class="codicon codicon-error" aria-hidden="true" /> {model.reviewProblem.message}{' '}
              {model.reviewProblem.remedy}
            </p>
          )}
        </div>
      </div>
      <button
        type="button"
        class="primary"
        aria-disabled={state.isAsking}
        onClick={() => !state.isAsking && form.review()}
      >
        {state.isAsking ? 'Asking…' : 'Review'}
      </button>
    </footer>
  );
}

function Faults({ faults }: { readonly faults: readonly Problem[] }) {
  if (faults.length === 0) {
    return null;
  }
  return (
    <p class="fault">
      <span class="codicon codicon-error" aria-hidden="true" /> To mend:{' '}
      {faults.map(({ path, message }) => (
        <button key={`${path} ${message}`} type="button" class="link" title={message} onClick={() => focusPath(path)}>
          {pathWords(path)}
        </button>
      ))}
    </p>
  );
}

/** The estimate where there is one; else the machine alone, as the offer has it. */
function priceOf({ model, draft }: Form): string {
  if (model.review !== null && model.review.ask === model.ask) {
    return dollarsPerHour(model.review.review.perHourUsd);
  }
  const offer = model.offers.offers.get(keyOf(draft));
  const usd = (draft.purchase === 'spot' ? offer?.spot?.perHourUsd : offer?.onDemandPerHourUsd) ?? null;
  const count = Number(draft.count);
  return usd === null || !Number.isFinite(count) ? '—' : dollarsPerHour(usd * count);
}
