/** Which axes are drawn, and in which order. */
import type { Axis } from './axes.ts';
import { moveAxis, type StudyView } from './studyView.ts';

interface AxesMenuProps {
  /** All, in their order. */
  readonly axes: readonly Axis[];
  readonly view: StudyView;
  look(view: StudyView): void;
}

export function AxesMenu({ axes, view, look }: AxesMenuProps) {
  const toggle = (name: string) => {
    const isHidden = view.hidden.includes(name);
    const hidden = isHidden ? view.hidden.filter((one) => one !== name) : [...view.hidden, name];
    // A brush that nobody sees would hide trials without a reason to be seen.
    look({ ...view, hidden, brushes: isHidden ? view.brushes : { ...view.brushes, [name]: [] } });
  };
  const move = (name: string, by: -1 | 1) => look({ ...view, order: moveAxis(axes, name, by) });
  return (
    <details class="menu">
      <summary>
        <span class="codicon codicon-settings" aria-hidden="true" /> Axes
      </summary>
      <ul>
        {axes.map(({ name }, index) => (
          <li key={name}>
            <label>
              <input type="checkbox" checked={!view.hidden.includes(name)} onChange={() => toggle(name)} /> {name}
            </label>
            <span class="spring" />
            <button
              type="button"
              class="plain"
              aria-label={`Move ${name} to the left`}
              aria-disabled={index === 0}
              onClick={() => move(name, -1)}
            >
              <span class="codicon codicon-arrow-left" aria-hidden="true" />
            </button>
            <button
              type="button"
              class="plain"
              aria-label={`Move ${name} to the right`}
              aria-disabled={index === axes.length - 1}
              onClick={() => move(name, 1)}
            >
              <span class="codicon codicon-arrow-right" aria-hidden="true" />
            </button>
          </li>
        ))}
      </ul>
    </details>
  );
}
