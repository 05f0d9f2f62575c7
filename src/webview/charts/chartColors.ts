/** The theme's colours for what is drawn on a canvas, which cannot use CSS variables. */

export interface ChartColors {
  readonly train: string;
  readonly validation: string;
  readonly past: string;
  readonly text: string;
  readonly grid: string;
}

export function readChartColors(): ChartColors {
  const style = getComputedStyle(document.body);
  const color = (...names: string[]): string =>
    names.map((name) => style.getPropertyValue(name).trim()).find((value) => value !== '') ?? 'gray';
  return {
    train: color('--vscode-charts-blue', '--vscode-focusBorder'),
    validation: color('--orange', '--vscode-editorWarning-foreground'),
    past: color('--vscode-disabledForeground', '--vscode-descriptionForeground'),
    text: color('--vscode-descriptionForeground', '--vscode-foreground'),
    // Of the text's colour, and faint in every theme: the lines are there to be looked past.
    grid: `color-mix(in srgb, ${color('--vscode-foreground')} 16%, transparent)`,
  };
}

/** Calls back when VS Code has switched its theme; returns how to stop. */
export function onThemeChange(listener: () => void): () => void {
  const observer = new MutationObserver(listener);
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['style', 'class'] });
  observer.observe(document.body, { attributes: true, attributeFilter: ['class', 'data-vscode-theme-id'] });
  return () => observer.disconnect();
}
