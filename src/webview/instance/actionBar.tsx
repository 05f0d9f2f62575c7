/** The buttons of a machine's page; those that its state does not allow keep their place, greyed. */
import type { InstanceState } from '../../common/cloud/instance.ts';
import type { FromInstancePage, InstancePageAction } from '../../common/instanceMessages.ts';

interface Action {
  readonly action: InstancePageAction;
  readonly title: string;
  readonly icon: string;
  /** In which states it makes sense; absent: always. */
  readonly from?: readonly InstanceState[];
}

const ACTIONS: readonly Action[] = [
  { action: 'connect', title: 'Connect…', icon: 'remote', from: ['running', 'pending'] },
  { action: 'start', title: 'Start', icon: 'play', from: ['stopped'] },
  { action: 'stop', title: 'Stop…', icon: 'debug-stop', from: ['running', 'pending'] },
  { action: 'reboot', title: 'Reboot', icon: 'debug-restart', from: ['running'] },
  {
    action: 'terminate',
    title: 'Terminate…',
    icon: 'trash',
    from: ['pending', 'running', 'stopping', 'stopped', 'unknown'],
  },
  { action: 'log', title: 'System Log', icon: 'output' },
  { action: 'console', title: 'Open in Console', icon: 'link-external' },
  { action: 'copy', title: 'Copy…', icon: 'copy' },
];

interface BarProps {
  /** Null for a machine that is not there. */
  readonly state: InstanceState | null;
  send(message: FromInstancePage): void;
}

export function ActionBar({ state, send }: BarProps) {
  return (
    <div class="buttons actions" role="toolbar" aria-label="Actions">
      {ACTIONS.map(({ action, title, icon, from }) => {
        const isAllowed = state !== null && (from === undefined || from.includes(state));
        return (
          // Not `disabled`: the button that was pressed keeps the focus.
          <button
            key={action}
            type="button"
            class={isAllowed && (action === 'connect' || action === 'start') ? 'primary' : 'secondary'}
            aria-disabled={!isAllowed}
            onClick={() => isAllowed && send({ type: 'act', action })}
          >
            <span class={`codicon codicon-${icon}`} aria-hidden="true" /> {title}
          </button>
        );
      })}
      <button type="button" class="secondary" onClick={() => send({ type: 'refresh' })}>
        <span class="codicon codicon-refresh" aria-hidden="true" /> Refresh
      </button>
    </div>
  );
}
