/** The width of an element, followed as it changes. */
import type { RefObject } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';

/** @returns What to hang on the element, and its width in whole pixels; 0 before it was measured. */
export function useWidth<T extends HTMLElement>(): [RefObject<T | null>, number] {
  const target = useRef<T>(null);
  const [width, setWidth] = useState(0);
  useEffect(() => {
    if (target.current === null) {
      return undefined;
    }
    const observer = new ResizeObserver(([entry]) => setWidth(Math.floor(entry?.contentRect.width ?? 0)));
    observer.observe(target.current);
    return () => observer.disconnect();
  }, []);
  return [target, width];
}
