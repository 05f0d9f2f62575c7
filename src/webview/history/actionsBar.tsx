/** What can be done with the runs that are selected. */
import { formatCount } from '../../common/format.ts';
import type { FromHistoryPage } from '../../common/historyMessages.ts';
import { isLiveRun, type RunSummary } from '../../common/run/runSummary.ts';

interface ActionsBarProps {
  readonly runs: ReadonlyMap<string, RunSummary>;
  /** Folders, in the order of the table. */
  readonly chosen: readonly string[];
  clear(): void;
  send(message: FromHistoryPage): void;
}

export function ActionsBar({ runs, chosen, clear, send }: ActionsBarProps) {
  const found = chosen.flatMap((runFolder) => runs.get(runFolder) ?? []);
  const isNone = found.length === 0;
  const [first] = chosen;
  const isStarred = !isNone && found.every(({ annotations }) => annotations.starred);
  const isArchived = !isNone && found.every(({ annotations }) => annotations.archived);
  const live = found.filter(isLiveRun).length;
  const annotate = (change: { starred?: boolean; archived?: boolean }) =>
    send({ type: 'annotate', runFolders: chosen, change });
  return (
    <div class="actions-bar" role="toolbar" aria-label="Selected runs">
      <span class="chosen" aria-live="polite">
        {isNone ? 'None selected' : `${formatCount(found.length)} selected`}
      </span>
      <Action
        icon="graph-line"
        text="Open"
        isOff={found.length !== 1}
        onClick={() => first !== undefined && send({ type: 'open', runFolder: first })}
      />
      <Action
        icon="compare-changes"
        text="Compare"
        isOff={found.length < 2}
        onClick={() => send({ type: 'compare', runFolders: chosen })}
      />
      <Action
        icon={isStarred ? 'star-full' : 'star-empty'}
        text={isStarred ? 'Unstar' : 'Star'}
        isOff={isNone}
        onClick={() => annotate({ starred: !isStarred })}
      />
      <Action
        icon="tag"
        text="Tag…"
        isOff={isNone}
        onClick={() => send({ type: 'ask', what: 'tags', runFolders: chosen })}
      />
      <Action
        icon="note"
        text="Note…"
        isOff={isNone}
        onClick={() => send({ type: 'ask', what: 'note', runFolders: chosen })}
      />
      <Action
        icon="archive"
        text={isArchived ? 'Unarchive' : 'Archive'}
        isOff={isNone}
        onClick={() => annotate({ archived: !isArchived })}
      />
      <Action
        icon="trash"
        text="Delete"
        isOff={isNone || live > 0}
        title={live > 0 ? `${live} of them trains: stop it first` : undefined}
        onClick={() => {
          send({ type: 'delete', runFolders: chosen });
          clear();
        }}
      />
      <Action icon="close" text="Clear Selection" isOff={isNone} onClick={clear} />
    </div>
  );
}

interface ActionProps {
  readonly icon: string;
  readonly text: string;
  readonly isOff: boolean;
  readonly title?: string | undefined;
  onClick(): void;
}

function Action({ icon, text, isOff, title, onClick }: ActionProps) {
  return (
    <button type="button" class="plain" disabled={isOff} title={title} onClick={onClick}>
      <span class={`codicon codicon-${icon}`} aria-hidden="true" /> {text}
    </button>
  );
}
