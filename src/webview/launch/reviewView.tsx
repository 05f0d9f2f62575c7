/** What would be made and what it costs, with the provider's own word on it; from here it is launched. */
import { useEffect, useRef } from 'preact/hooks';
import { dollars, dollarsPerHour } from '../../common/cloud/dollars.ts';
import type { Review, ReviewRow } from '../../common/cloud/launchRecord.ts';
import { HOURS_PER_MONTH } from '../../common/cloud/priceText.ts';
import type { Form } from './form.ts';
import { Linked } from './linked.tsx';
import { guardWords } from './sectionWords.ts';

export function ReviewView({ form }: { readonly form: Form }) {
  const { model, draft } = form;
  const { review, reviewProblem } = model;
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => title.current?.focus(), []);
  return (
    <section class="review" aria-labelledby="review-title">
      <h2 id="review-title" ref={title} tabIndex={-1}>
        Review: {draft.count} × {draft.instanceType} in {draft.region}
      </h2>
      <p class="muted">{guardWords(draft)}</p>
      {reviewProblem === null ? null : (
        <p class="fault" role="alert">
          <span class="codicon codicon-error" aria-hidden="true" />{' '}
          <Linked text={`${reviewProblem.message} ${reviewProblem.remedy}`} />
        </p>
      )}
      {review === null ? (
        <p role="status">
          {reviewProblem === null ? 'Asking AWS what it would cost, and whether it would do it…' : ''}
        </p>
      ) : (
        <Found review={review.review} />
      )}
      <Actions form={form} />
    </section>
  );
}

function Found({ review }: { readonly review: Review }) {
  const { rows, perHourUsd, perMonthUsd } = review;
  return (
    <>
      <div class="scroll">
        <table class="costs">
          <caption class="hidden">What would be made, with its cost</caption>
          <thead>
            <tr>
              <th scope="col">What</th>
              <th scope="col" class="right">
                Per hour
              </th>
              <th scope="col" class="right">
                Per month
              </th>
              <th scope="col" class="right">
                While stopped, per month
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <Row key={`${row.kind} ${row.title}`} row={row} />
            ))}
          </tbody>
          <tfoot>
            <tr>
              <th scope="row">Together</th>
              <Usd label="Per hour" usd={perHourUsd} />
              <Usd label="Per month" usd={perMonthUsd} />
              <Usd label="While stopped" usd={review.stoppedPerMonthUsd} />
            </tr>
          </tfoot>
        </table>
      </div>
      <p class="at-most">
        {review.atMostPerHourUsd === null
          ? 'How much it can cost at most is not known.'
          : `At most ${dollarsPerHour(review.atMostPerHourUsd)}, wherever and however it is launched.`}{' '}
        {perHourUsd === null ? 'A price is missing, so the sum is not known.' : ''}
      </p>
      <Warnings review={review} />
      <Answers review={review} />
    </>
  );
}

function Row({ row }: { readonly row: ReviewRow }) {
  const { title, detail, perHourUsd, stoppedPerHourUsd } = row;
  const month = (usd: number | null) => (usd === null ? null : usd * HOURS_PER_MONTH);
  return (
    <tr>
      <th scope="row">
        {title} <span class="muted detail">{detail}</span>
      </th>
      <Usd label="Per hour" usd={perHourUsd} />
      <Usd label="Per month" usd={month(perHourUsd)} />
      <Usd label="While stopped" usd={month(stoppedPerHourUsd)} />
    </tr>
  );
}

/** A thing that costs nothing says so in words; a price that is not known is a dash. */
function Usd({ usd, label }: { readonly usd: number | null; readonly label: string }) {
  return usd === null ? (
    <td class="right price" data-label={label} title="The price is not known.">
      —
    </td>
  ) : (
    <td class="right price" data-label={label}>
      {usd === 0 ? 'nothing' : dollars(usd)}
    </td>
  );
}

function Warnings({ review: { warnings } }: { readonly review: Review }) {
  return (
    <ul class="answers" aria-label="Warnings">
      {warnings.map(({ path, message, remedy }) => (
        <li key={`${path} ${message}`}>
          <span class="codicon codicon-warning" aria-hidden="true" /> {message} <span class="muted">{remedy}</span>
        </li>
      ))}
    </ul>
  );
}

function Answers({ review: { dryRun } }: { readonly review: Review }) {
  if (dryRun === null) {
    return null;
  }
  return (
    <div class="dry-run">
      <p>
        <span class={`codicon codicon-${dryRun.isAllowed ? 'pass' : 'error'}`} aria-hidden="true" />{' '}
        <b>{dryRun.isAllowed ? 'AWS would allow it.' : 'AWS would refuse it.'}</b>
      </p>
      <ul class="answers" aria-label="What AWS says">
        {dryRun.answers.map(({ what, isAllowed, message }) => (
          <li key={what}>
            <span class={`codicon codicon-${isAllowed ? 'check' : 'error'}`} aria-hidden="true" /> {what}
            {message === '' ? '' : ': '}
            <span class={isAllowed ? 'muted' : ''}>{message}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}

/** What the button says it costs. */
function launchText({ perHourUsd }: Review): string {
  return perHourUsd === null ? 'Launch at a Price That Is Not Known' : `Launch for ${dollarsPerHour(perHourUsd)}`;
}

function Actions({ form }: { readonly form: Form }) {
  const { review } = form.model;
  const isReady = review !== null && review.review.dryRun !== null;
  const isAllowed = isReady && review.review.dryRun?.isAllowed === true;
  return (
    <div class="bar">
      <button type="button" class="secondary" onClick={() => form.set({ view: 'form' })}>
        Back
      </button>
      <button type="button" class="secondary" onClick={form.save}>
        Save Profile…
      </button>
      <span class="spring" />
      {isReady && !isAllowed ? (
        <button type="button" class="secondary" onClick={form.review}>
          Ask Again
        </button>
      ) : null}
      <button
        type="button"
        class="primary"
        aria-disabled={!isAllowed}
        onClick={() => isAllowed && form.send({ type: 'launch', ask: review.ask })}
      >
        {isReady ? launchText(review.review) : 'Launch'}
      </button>
    </div>
  );
}
