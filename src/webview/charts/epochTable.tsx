/** The numbers behind the charts, newest epoch first; of many rows only those that can be seen are there. */
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { formatDuration, formatNumber } from '../../common/format.ts';
import type { EpochRecord, RunState } from '../../common/run/reduceRun.ts';

/** Rows beyond each border that are there already when they scroll into view. */
const AHEAD = 15;
/** Before a row was measured. */
const ROW_HEIGHT = 24;
/** As high as the table may be (panel.css), for the first look. */
const VIEW_HEIGHT = 420;

export function EpochTable({ run }: { run: RunState }) {
  const names = Object.keys(run.epochs[0]?.metrics ?? {});
  const count = run.epochs.length;
  const { frame, rowHeight, top, onScroll } = useScroll(count);
  if (names.length === 0) {
    return <p class="muted">No epoch has ended yet.</p>;
  }
  const first = Math.min(Math.max(0, Math.floor(top / rowHeight) - AHEAD), Math.max(0, count - 1));
  const end = Math.min(count, Math.ceil((top + VIEW_HEIGHT) / rowHeight) + AHEAD);
  const rows = run.epochs.slice(count - end, count - first).reverse();
  return (
    <section class="table-scroll epoch-table" aria-label="Values by epoch" ref={frame} onScroll={onScroll}>
      <table aria-rowcount={count + 1}>
        <thead>
          <tr aria-rowindex={1}>
            <th scope="col">epoch</th>
            {names.map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
            <th scope="col">time</th>
          </tr>
        </thead>
        <tbody>
          <Space height={first * rowHeight} />
          {rows.map((row, index) => (
            <Row key={row.epoch} row={row} names={names} place={first + index + 2} />
          ))}
          <Space height={(count - end) * rowHeight} />
        </tbody>
      </table>
    </section>
  );
}

function Row({ row, names, place }: { row: EpochRecord; names: readonly string[]; place: number }) {
  return (
    <tr aria-rowindex={place}>
      <th scope="row">{row.epoch}</th>
      {names.map((name) => (
        <td key={name}>{formatNumber(row.metrics[name])}</td>
      ))}
      <td>{formatDuration(row.durationMs)}</td>
    </tr>
  );
}

/** Holds the place of the rows that are not there. */
function Space({ height }: { height: number }) {
  return height <= 0 ? null : <tr class="space" style={{ height: `${height}px` }} />;
}

/** Where the table stands; what is read stays where it is while newer epochs come in above. */
function useScroll(count: number) {
  const frame = useRef<HTMLElement>(null);
  const [rowHeight, setRowHeight] = useState(ROW_HEIGHT);
  const [top, setTop] = useState(0);
  const before = useRef(count);
  useLayoutEffect(() => {
    const table = frame.current;
    const measured = table?.querySelector('tbody tr:not(.space)')?.getBoundingClientRect().height;
    if (measured !== undefined && measured > 0 && Math.abs(measured - rowHeight) > 0.1) {
      setRowHeight(measured);
    }
    if (table !== null && table.scrollTop > 0 && count > before.current) {
      table.scrollTop += (count - before.current) * rowHeight;
    }
    before.current = count;
  });
  const onScroll = () => setTop(frame.current?.scrollTop ?? 0);
  return { frame, rowHeight, top, onScroll };
}
