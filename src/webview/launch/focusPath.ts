/** Brings the focus to the field of a path, wherever in the form it is. */

/** The nearest field around it, where the path has none of its own; closed sections are opened. */
export function focusPath(path: string): void {
  for (let part = path; part !== ''; part = outer(part)) {
    const field = document.getElementById(part);
    if (field !== null) {
      for (let section = field.closest('details'); section !== null; ) {
        section.open = true;
        section = section.parentElement?.closest('details') ?? null;
      }
      focusIn(field);
      return;
    }
  }
}

/** A part of the form that is no field itself leads to the first one in it. */
function focusIn(field: HTMLElement): void {
  const isField = field.matches('input, select, textarea, button');
  const first = isField ? field : (field.querySelector<HTMLElement>('input:not(:disabled), select, button') ?? field);
  first.focus();
  // Not merely in sight: the bar at the bottom would cover it.
  field.scrollIntoView({ block: 'center' });
}

function outer(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('.'), path.lastIndexOf('[')));
}
