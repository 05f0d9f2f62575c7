/** Every column of the file: what it is, what it lacks, its histogram, and whether it is learnt from. */
import type { ColumnProfile, DataProfile } from '../../common/data/profile.ts';
import { formatCount, formatFigure } from '../../common/format.ts';
import { canLearnFrom, type RecipeChoices, suggestLeaveOut, timeColumnOf } from '../../common/recipe/suggestChoices.ts';
import { toggleColumn } from './dataModel.ts';
import { Histogram } from './histogram.tsx';

interface TableProps {
  readonly profile: DataProfile;
  /** Null where nothing can be chosen. */
  readonly choices: RecipeChoices | null;
  change(choices: RecipeChoices): void;
}

export function ColumnTable({ profile, choices, change }: TableProps) {
  const reasons = choices === null ? new Map<string, string>() : suggestLeaveOut(profile, choices.target);
  const time = timeColumnOf(profile);
  return (
    <div class="part">
      <h2>Columns</h2>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached with the keyboard. */}
      <section class="scroll" tabIndex={0} aria-label="Table of columns">
        <table>
          <thead>
            <tr>
              {choices === null ? null : <th scope="col">Use</th>}
              <th scope="col">Column</th>
              <th scope="col">Type</th>
              <th scope="col" class="right">
                Missing
              </th>
              <th scope="col" class="right">
                Different
              </th>
              <th scope="col">Values</th>
              <th scope="col">Histogram</th>
            </tr>
          </thead>
          <tbody>
            {profile.columns.map((column, index) => (
              // Two columns may have the same name.
              <tr key={index}>
                {choices === null ? null : (
                  <td>
                    <Use column={column} choices={choices} isTime={column === time} change={change} />
                  </td>
                )}
                <th scope="row">
                  {column.name === '' ? <span class="muted">(no name)</span> : column.name}
                  <Remark column={column} reason={reasons.get(column.name)} />
                </th>
                <td>{column.type}</td>
                <td class="right">{column.missing === 0 ? '' : formatCount(column.missing)}</td>
                <td class="right">
                  {column.isDistinctCapped ? '> ' : ''}
                  {formatCount(column.distinct)}
                </td>
                <td class="values">{valuesOf(column)}</td>
                <td>
                  <Histogram column={column} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </div>
  );
}

interface UseProps {
  readonly column: ColumnProfile;
  readonly choices: RecipeChoices;
  readonly isTime: boolean;
  change(choices: RecipeChoices): void;
}

/** Nothing is to be chosen for the target, for the column that orders the rows, and for what cannot be learnt from at all. */
function Use({ column, choices, isTime, change }: UseProps) {
  if (column.name === choices.target) {
    return <b>target</b>;
  }
  if (isTime) {
    return <span class="muted">order</span>;
  }
  if (!canLearnFrom(column)) {
    return (
      <span class="muted" title="cannot be learnt from">
        –
      </span>
    );
  }
  return (
    <input
      type="checkbox"
      aria-label={`Learn from ${column.name}`}
      checked={!choices.leaveOut.includes(column.name)}
      onChange={() => change(toggleColumn(choices, column.name))}
    />
  );
}

function Remark({ column, reason }: { column: ColumnProfile; reason: string | undefined }) {
  const time = column.time;
  const faults =
    time === null
      ? []
      : [
          time.gaps > 0 ? `${formatCount(time.gaps)} gaps` : '',
          time.outOfOrder > 0 && !time.isRegular ? `${formatCount(time.outOfOrder)} out of order` : '',
          time.repeated > 0 ? `${formatCount(time.repeated)} repeated` : '',
        ].filter((fault) => fault !== '');
  const rhythm = time?.step ? `${time.isRegular ? 'every' : 'mostly every'} ${time.step}` : '';
  const text = reason ?? [rhythm, ...faults].filter((part) => part !== '').join(', ');
  return text === '' ? null : <span class="remark">{text}</span>;
}

function valuesOf({ time, type, numbers, words, examples }: ColumnProfile): string {
  if (time !== null) {
    return `${time.first} to ${time.last}`;
  }
  if (numbers !== null && (type === 'number' || type === 'whole number')) {
    return `${formatFigure(numbers.min)} to ${formatFigure(numbers.max)}, mean ${formatFigure(numbers.mean)} ± ${formatFigure(numbers.deviation)}`;
  }
  return type === 'category' ? words.map(({ word }) => word).join(', ') : examples.join(', ');
}
