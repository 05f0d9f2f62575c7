/** What every page does: hears the extension, draws at most once a frame, and says that it is ready. */
import { type ComponentChild, render } from 'preact';

/** VS Code's end of a page. @typeParam State What it keeps for a page that is brought back. */
export interface PageHost<From, State> {
  postMessage(message: From): void;
  setState(state: State): void;
  getState(): State | undefined;
}

/** A page that cannot be seen has no frames, and so draws nothing. */
export interface MountedPage {
  /** At once. */
  draw(): void;
  /** With the next frame. */
  drawSoon(): void;
}

/** @param page `view` says what is drawn; `receive` takes a message, after which the page is drawn. */
export function mountPage<To>(page: {
  view(): ComponentChild;
  receive(message: To): void;
  onDrawn?(): void;
}): MountedPage {
  const root = document.getElementById('app');
  let isScheduled = false;
  const draw = () => {
    isScheduled = false;
    if (root !== null) {
      render(page.view(), root);
    }
    page.onDrawn?.();
  };
  const drawSoon = () => {
    if (!isScheduled) {
      isScheduled = true;
      requestAnimationFrame(draw);
    }
  };
  window.addEventListener('message', ({ data }: MessageEvent<To>) => {
    page.receive(data);
    drawSoon();
  });
  return { draw, drawSoon };
}
