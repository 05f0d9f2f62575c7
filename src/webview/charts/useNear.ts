/** Whether an element can be seen, or almost: what is far off need not be drawn. */
import type { RefObject } from 'preact';
import { useEffect, useState } from 'preact/hooks';

/** How far beyond the border a chart is made already, so that scrolling meets no empty place. */
const AHEAD = '300px';

export function useNear(target: RefObject<HTMLElement | null>): boolean {
  const [isNear, setIsNear] = useState(false);
  useEffect(() => {
    if (target.current === null) {
      return undefined;
    }
    const observer = new IntersectionObserver((entries) => setIsNear(entries.at(-1)?.isIntersecting ?? false), {
      rootMargin: `${AHEAD} 0px`,
    });
    observer.observe(target.current);
    return () => observer.disconnect();
  }, [target]);
  return isNear;
}
