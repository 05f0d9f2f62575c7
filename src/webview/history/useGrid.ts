/** What the table of runs remembers from one drawing to the next: where it is scrolled to, and what stood there. */
import type { RefObject } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { ROW_HEIGHT, scrollToKeep } from './gridRows.ts';
import type { HistoryView } from './historyView.ts';

type Box = RefObject<HTMLDivElement | null>;

export interface Seen {
  readonly scrollTop: number;
  readonly height: number;
}

/** Followed as a person scrolls, and as the panel is made larger. */
export function useSeen(box: Box): [Seen, () => void] {
  const [seen, setSeen] = useState<Seen>({ scrollTop: 0, height: 0 });
  const look = () => {
    if (box.current !== null) {
      const { scrollTop, clientHeight } = box.current;
      setSeen({ scrollTop, height: clientHeight });
    }
  };
  useLayoutEffect(() => {
    if (box.current === null) {
      return undefined;
    }
    const observer = new ResizeObserver(look);
    observer.observe(box.current);
    return () => observer.disconnect();
  }, []);
  return [seen, look];
}

/** Runs that come or go above leave the rows in sight where they are; another order begins at its top. */
export function useSteadyRows(box: Box, { order, view }: { order: readonly string[]; view: HistoryView }): void {
  const { sorting, filter } = view;
  const before = useRef({ order, sorting, filter });
  useLayoutEffect(() => {
    const { current } = box;
    const last = before.current;
    before.current = { order, sorting, filter };
    if (current === null || last.order === order) {
      return;
    }
    if (last.sorting !== sorting || last.filter !== filter) {
      current.scrollTop = 0;
      return;
    }
    const top = Math.floor(current.scrollTop / ROW_HEIGHT);
    const runFolder = last.order[top];
    if (current.scrollTop > 0 && runFolder !== undefined) {
      const offset = current.scrollTop - top * ROW_HEIGHT;
      current.scrollTop = scrollToKeep({ runFolder, offset }, order) ?? current.scrollTop;
    }
  }, [order]);
}
