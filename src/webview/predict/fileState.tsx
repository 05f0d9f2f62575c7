/** How far the prediction of a CSV file is, and where it lies. */
import { formatCount } from '../../common/format.ts';
import type { FromPanel, PredictedFile } from '../../common/panelMessages.ts';

export function FileState({ file, send }: { file: PredictedFile | null; send(message: FromPanel): void }) {
  if (file === null) {
    return <span class="muted">adds its predictions to a copy of the file, beside it</span>;
  }
  switch (file.phase) {
    case 'reading':
      return (
        <span role="status">
          {file.name}: {formatCount(file.rows)} rows…
        </span>
      );
    case 'refused':
      return (
        <span class="field-error" role="alert">
          {file.problem.path}: {file.problem.message} {file.problem.remedy}
        </span>
      );
    case 'done':
      return (
        <span role="status">
          {formatCount(file.predicted + file.ahead)} predictions{describeGaps(file)}:{' '}
          <button
            type="button"
            class="link"
            onClick={() => send({ type: 'openFile', file: file.file })}
            title={file.file}
          >
            {file.file.split(/[\\/]/).at(-1)}
          </button>
        </span>
      );
  }
}

function describeGaps({ rows, predicted, ahead, gaps }: Extract<PredictedFile, { phase: 'done' }>): string {
  const parts = [
    ...(rows > predicted ? [`${formatCount(rows - predicted)} ${gaps}`] : []),
    ...(ahead > 0 ? [`${formatCount(ahead)} for steps to come`] : []),
  ];
  return parts.length === 0 ? '' : ` (${parts.join(', ')})`;
}
