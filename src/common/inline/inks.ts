/** The colours of what is drawn in an editor's lines: pictures cannot use the theme's own, which are CSS variables. */

export type InkKind = 'dark' | 'light' | 'highContrast' | 'highContrastLight';

export interface Ink {
  readonly train: string;
  readonly validation: string;
  /** Text and axes. */
  readonly text: string;
  readonly grid: string;
  /** Pixels. */
  readonly stroke: number;
}

/** Lines at least 3 to 1 and text at least 4.5 to 1 against the backgrounds of VS Code's own themes; a test reckons it. */
export const INKS: Readonly<Record<InkKind, Ink>> = {
  dark: { train: '#4daafc', validation: '#e2a03f', text: '#cccccc', grid: '#454545', stroke: 1.25 },
  light: { train: '#0a69c7', validation: '#b35900', text: '#444444', grid: '#dcdcdc', stroke: 1.25 },
  highContrast: { train: '#6fc3ff', validation: '#ffb454', text: '#ffffff', grid: '#6f6f6f', stroke: 1.5 },
  highContrastLight: { train: '#0f4a85', validation: '#8a4300', text: '#292929', grid: '#8c8c8c', stroke: 1.5 },
};
