/** One list of what was found, with a box before each row and one for all. */
import type { Leftover } from '../../common/cloud/leftover.ts';
import { kindWord, leftoverKey, monthText } from '../../common/cloud/leftoverText.ts';
import type { SweepModel } from './sweepModel.ts';

interface TableProps {
  readonly title: string;
  readonly note: string;
  readonly rows: readonly Leftover[];
  readonly model: SweepModel;
  onSelect(keys: readonly string[], isSelected: boolean): void;
}

export function SweepTable({ title, note, rows, model, onSelect }: TableProps) {
  const keys = rows.map(leftoverKey);
  const chosen = keys.filter((key) => model.selected.has(key)).length;
  return (
    <section aria-label={title}>
      <h2>
        {title} <span class="muted number">{rows.length}</span>
      </h2>
      <p class="muted">{note}</p>
      <table>
        <thead>
          <tr>
            <th class="box">
              <input
                type="checkbox"
                aria-label={`All of: ${title}`}
                checked={chosen === keys.length}
                disabled={model.isRemoving}
                ref={(box) => {
                  if (box !== null) {
                    box.indeterminate = chosen > 0 && chosen < keys.length;
                  }
                }}
                onChange={(event) => onSelect(keys, event.currentTarget.checked)}
              />
              <span class="all" aria-hidden="true">
                All
              </span>
            </th>
            <th>What</th>
            <th>Why it is here</th>
            <th class="region">Region</th>
            <th class="made">Made</th>
            <th class="cost">A month</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <Row key={leftoverKey(row)} row={row} model={model} onSelect={onSelect} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Row({ row, model, onSelect }: Pick<TableProps, 'model' | 'onSelect'> & { readonly row: Leftover }) {
  const key = leftoverKey(row);
  const failure = model.failures.get(key);
  const isRemoving = model.removing.has(key);
  const word = kindWord(row.kind);
  return (
    <tr class={isRemoving ? 'going' : ''} aria-busy={isRemoving}>
      <td class="box">
        {isRemoving ? (
          <span class="codicon codicon-loading" role="img" aria-label="Being removed" />
        ) : (
          <input
            type="checkbox"
            aria-label={`${word} ${row.name ?? row.id}`}
            checked={model.selected.has(key)}
            disabled={model.isRemoving}
            onChange={(event) => onSelect([key], event.currentTarget.checked)}
          />
        )}
      </td>
      <td class="what">
        <span class="kind">{word}</span> <b>{row.name ?? row.id}</b>
        {row.name === null || row.name === row.id ? null : <span class="muted id">{row.id}</span>}
      </td>
      <td class="why">
        {row.reason}
        {failure === undefined ? null : (
          <p class="failure" role="alert">
            <span class="codicon codicon-error" aria-hidden="true" /> Not removed: {failure}
          </p>
        )}
      </td>
      <td class="region">{row.region}</td>
      <td class="made">{row.createdAt === null ? '' : <Day iso={row.createdAt} />}</td>
      <td class="cost" title={row.perMonthUsd === null ? 'The price is not known' : undefined}>
        {monthText(row)}
      </td>
    </tr>
  );
}

function Day({ iso }: { readonly iso: string }) {
  return (
    <time dateTime={iso} title={new Date(iso).toLocaleString()}>
      {new Date(iso).toLocaleDateString(undefined, { year: 'numeric', month: 'short', day: 'numeric' })}
    </time>
  );
}
