/** Pieces of HTML with everything in them escaped, so that no name from a file can become markup. */
import { escapeXml } from '../chart/lineChart.ts';

/** HTML that is safe already. */
export interface Html {
  readonly html: string;
}

/** A template whose values are escaped unless they are HTML already; lists are joined, null is nothing. */
export function html(parts: TemplateStringsArray, ...values: readonly HtmlValue[]): Html {
  return { html: parts.map((part, index) => part + toText(values[index])).join('') };
}

export type HtmlValue = string | number | null | Html | readonly (string | number | null | Html)[];

function toText(value: HtmlValue | undefined): string {
  if (value === undefined || value === null) {
    return '';
  }
  if (Array.isArray(value)) {
    return value.map(toText).join('');
  }
  return typeof value === 'object' ? (value as Html).html : escapeXml(String(value));
}

/** For text that is markup already: an SVG of `lineChart`, whose labels are escaped there, or a constant of ours. */
export const trusted = (markup: string): Html => ({ html: markup });

export const NOTHING: Html = { html: '' };

export interface TableColumn<Row> {
  readonly title: string;
  readonly isNumber?: boolean;
  cell(row: Row, index: number): HtmlValue;
}

/** The first column names the rows. */
export function table<Row>(caption: string, columns: readonly TableColumn<Row>[], rows: readonly Row[]): Html {
  const kind = ({ isNumber }: TableColumn<Row>) => trusted(isNumber === true ? ' class="number"' : '');
  return html`<figure><figcaption>${caption}</figcaption><div class="scroll"><table><thead><tr>${columns.map(
    (column) => html`<th scope="col"${kind(column)}>${column.title}</th>`,
  )}</tr></thead><tbody>${rows.map(
    (row, index) =>
      html`<tr>${columns.map((column, place) =>
        place === 0
          ? html`<th scope="row"${kind(column)}>${column.cell(row, index)}</th>`
          : html`<td${kind(column)}>${column.cell(row, index)}</td>`,
      )}</tr>`,
  )}</tbody></table></div></figure>`;
}
