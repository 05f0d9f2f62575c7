/** The whole page: the sentence on top, the groups of lines below. */
import type { FromMachinePage } from '../../common/machineMessages.ts';
import { CheckLine } from './checkLine.tsx';
import { CopyButton } from './copyButton.tsx';
import { groupsOf, type MachineModel } from './machineModel.ts';

interface PageProps {
  readonly model: MachineModel;
  send(message: FromMachinePage): void;
}

export function MachineApp({ model, send }: PageProps) {
  return (
    <main class="machine">
      <Head model={model} send={send} />
      {groupsOf(model).map(({ name, lines }) => (
        <section key={name} aria-label={name}>
          <h2>{name}</h2>
          <ul>
            {lines.map(({ id, title }) => (
              <CheckLine
                key={id}
                title={title}
                check={model.checks.get(id) ?? null}
                isPending={model.pending.has(id)}
                send={send}
              />
            ))}
          </ul>
        </section>
      ))}
    </main>
  );
}

function Head({ model, send }: PageProps) {
  const { isChecking, report } = model;
  const canCopy = report !== null && !isChecking;
  return (
    <header>
      <div class="head-line">
        <h1>Check of This Machine</h1>
        <span class="spring" />
        <span class="buttons">
          {/* Not `disabled`: the button that was pressed keeps the focus. */}
          <button
            type="button"
            class="secondary"
            aria-disabled={isChecking}
            onClick={() => !isChecking && send({ type: 'checkAgain' })}
          >
            <span class="codicon codicon-refresh" aria-hidden="true" /> Check Again
          </button>
          <CopyButton text="Copy Report" isEnabled={canCopy} onClick={() => send({ type: 'copyReport' })} />
        </span>
      </div>
      <Sentence model={model} />
    </header>
  );
}

function Sentence({ model: { isChecking, report, failure, plan, pending } }: { model: MachineModel }) {
  const known = plan.length - pending.size;
  const text = isChecking ? 'Checking this machine…' : (failure ?? report?.summary ?? '');
  const icon = isChecking ? 'loading' : failure === null && report?.isReady === true ? 'pass' : 'error';
  return (
    <div class={`sentence ${icon}`}>
      <span class={`codicon codicon-${icon}`} aria-hidden="true" />
      <p role="status">{text}</p>
      {isChecking && plan.length > 0 ? (
        <span class="muted number">
          {known} of {plan.length}
        </span>
      ) : null}
    </div>
  );
}
