/** How much each parameter matters, as bars; or why that cannot be told yet. */
import { useEffect, useState } from 'preact/hooks';
import { type Importance, paramImportance } from '../../common/study/importance.ts';
import type { StudyState } from '../../common/study/reduceStudy.ts';

export function ImportanceBars({ study, version }: { study: StudyState; version: number }) {
  const ended = study.trials.filter(({ status }) => status !== 'running').length;
  const [importance, setImportance] = useState<Importance | null>(null);
  // A quarter of a second for 500 trials: after the page is drawn, and once for many trials that come together.
  useEffect(() => {
    const timer = setTimeout(() => setImportance(paramImportance(study)), 50);
    return () => clearTimeout(timer);
  }, [study, ended, version === 0]);
  const names = Object.keys(study.start?.space ?? {});
  return (
    <section class="small-chart importance" aria-label="Importance">
      <h2>
        Importance <span class="muted">share of the differences that a parameter explains by itself</span>
      </h2>
      {importance?.kind === 'known' ? (
        <Bars importance={importance} />
      ) : (
        <div class="no-bars" style={{ minHeight: `${names.length * 1.7}em` }}>
          <p class="muted">{importance === null ? '' : whyNot(importance)}</p>
        </div>
      )}
    </section>
  );
}

function whyNot(importance: Exclude<Importance, { kind: 'known' }>): string {
  return importance.kind === 'tooFew'
    ? `It cannot be told yet: ${importance.trials} of the ${importance.needed} trials that it takes have a value.`
    : `It cannot be told from these ${importance.trials} trials: knowing the parameters of a trial does not foretell its value. More trials may.`;
}

function Bars({ importance: { shares, together, trials } }: { importance: Extract<Importance, { kind: 'known' }> }) {
  return (
    <>
      <table class="bars">
        <tbody>
          {shares.map(({ name, share }) => (
            <Bar key={name} name={name} share={share} />
          ))}
          <Bar name="only together" share={together} isQuiet />
        </tbody>
      </table>
      <p class="muted">Functional analysis of variance of the ranks of {trials} trials, over a random forest.</p>
    </>
  );
}

function Bar({ name, share, isQuiet = false }: { name: string; share: number; isQuiet?: boolean }) {
  return (
    <tr class={isQuiet ? 'quiet' : ''}>
      <th scope="row">{name}</th>
      <td class="number">{Math.round(share * 100)} %</td>
      <td class="track" aria-hidden="true">
        <div style={{ width: `${(share * 100).toFixed(1)}%` }} />
      </td>
    </tr>
  );
}
