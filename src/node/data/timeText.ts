/** Tells text that is plainly a date: `Date.parse` alone takes almost any word with a number behind it. */

const CLOCK = String.raw`([T ]\d{1,2}:\d{2}(:\d{2}([.,]\d+)?)?)?\s*(Z|UTC|[+-]\d{2}:?\d{2})?`;
const MONTH = '(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*';
const FORMS = [
  String.raw`\d{4}[-/.]\d{1,2}([-/.]\d{1,2})?${CLOCK}`,
  String.raw`\d{1,2}/\d{1,2}/\d{2,4}${CLOCK}`,
  String.raw`\d{1,2}[- ]${MONTH}[- ]\d{2,4}${CLOCK}`,
  String.raw`${MONTH}[- ]\d{1,2}(, ?|[- ])\d{4}${CLOCK}`,
  String.raw`${MONTH}[- ]\d{4}`,
];
const DATE = new RegExp(`^(${FORMS.join('|')})$`, 'i');
const DAY_FIRST = /^(1[3-9]|2\d|3[01])[./-]\d{1,2}[./-]\d{2,4}/;

export function isTimeText(field: string): boolean {
  return DATE.test(field) && Number.isFinite(Date.parse(field));
}

/** A day above 12 in the first place, which Skillet and JavaScript cannot read. */
export function isDayFirst(field: string): boolean {
  return DAY_FIRST.test(field);
}
