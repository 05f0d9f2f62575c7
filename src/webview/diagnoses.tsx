/** What is said of how the run goes: a few lines, each with the way to its place in the recipe. */
import type { FromPanel } from '../common/panelMessages.ts';
import type { Diagnosis } from '../common/run/diagnosis/diagnosis.ts';
import { besideRun, formatEvidence } from '../common/run/diagnosis/formatDiagnosis.ts';

export function Diagnoses({
  diagnoses,
  send,
}: {
  diagnoses: readonly Diagnosis[];
  send(message: Extract<FromPanel, { readonly type: 'reveal' }>): void;
}) {
  const told = besideRun(diagnoses);
  return told.length === 0 ? null : (
    <ul class="diagnoses" aria-label="Diagnoses of the run" aria-live="polite">
      {told.map(({ code, severity, path, message, remedy, evidence }) => (
        <li key={code}>
          <span class={`codicon codicon-${severity === 'warning' ? 'warning' : 'info'}`} aria-hidden="true" />
          <div>
            {message} {remedy}{' '}
            <button type="button" class="link" onClick={() => send({ type: 'reveal', path })} title={`Show ${path}`}>
              Show in recipe
            </button>
            <div class="muted">
              {formatEvidence(evidence)} <span class="code">{code}</span>
            </div>
          </div>
        </li>
      ))}
    </ul>
  );
}
