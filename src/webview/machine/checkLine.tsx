/** One line of the doctor: icon, word, title, what was found, and below it what to do. */
import type { Check, CheckStatus, Remedy, RemedyAction } from '../../common/machine/check.ts';
import type { FromMachinePage } from '../../common/machineMessages.ts';
import { CopyButton } from './copyButton.tsx';

const ICONS: Readonly<Record<CheckStatus, string>> = { ok: 'pass', warn: 'warning', fail: 'error', info: 'info' };

interface LineProps {
  readonly title: string;
  /** Null before its first result. */
  readonly check: Check | null;
  readonly isPending: boolean;
  send(message: FromMachinePage): void;
}

export function CheckLine({ title, check, isPending, send }: LineProps) {
  const status = check?.status ?? null;
  const icon = isPending || status === null ? 'loading' : ICONS[status];
  return (
    <li class={`check ${isPending ? 'pending' : (status ?? 'pending')}`} aria-busy={isPending}>
      <span class="word">
        <span class={`codicon codicon-${icon}`} aria-hidden="true" /> {isPending ? '' : status}
      </span>
      <b class="title">{title}</b>
      <div class="found">
        {check === null ? (
          <p class="muted">checking…</p>
        ) : (
          check.detail.split('\n').map((line, index) => (
            // Lines of equal cards are equal; their order is their only name.
            <p key={index}>{line}</p>
          ))
        )}
        {check?.remedy ? <ToDo check={check.id} title={title} remedy={check.remedy} send={send} /> : null}
      </div>
    </li>
  );
}

interface ToDoProps {
  readonly check: string;
  readonly title: string;
  readonly remedy: Remedy;
  send(message: FromMachinePage): void;
}

function ToDo({ check, title, remedy: { text, command, action, link }, send }: ToDoProps) {
  return (
    <div class="to-do">
      <p>
        {text}
        {link === undefined ? null : (
          <>
            {' '}
            <a href={link}>More about it</a>
          </>
        )}
      </p>
      {command === undefined ? null : <code>{command}</code>}
      {action === undefined && command === undefined ? null : (
        <div class="buttons">
          {action === undefined ? null : <ActionButton action={action} send={send} />}
          {command === undefined ? null : (
            <>
              <button
                type="button"
                class="secondary"
                title="Types it into a terminal of this machine; you press Enter"
                aria-label={`Open in Terminal: ${command}`}
                onClick={() => send({ type: 'typeCommand', check })}
              >
                <span class="codicon codicon-terminal" aria-hidden="true" /> Open in Terminal
              </button>
              <CopyButton
                text="Copy Command"
                label={`Copy Command for ${title}`}
                onClick={() => send({ type: 'copyCommand', check })}
              />
            </>
          )}
        </div>
      )}
    </div>
  );
}

function ActionButton({ action, send }: { action: RemedyAction; send(message: FromMachinePage): void }) {
  return action === 'setUp' ? (
    <button type="button" class="primary" onClick={() => send({ type: 'setUp' })}>
      Set Up…
    </button>
  ) : (
    <button type="button" class="secondary" onClick={() => send({ type: 'openSettings' })}>
      Open Settings
    </button>
  );
}
