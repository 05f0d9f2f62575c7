/** Reads what a person typed for a parameter, by the type that the recipe's value has. */
import type { PanelParam } from '../common/panelMessages.ts';

export interface ReadParam extends PanelParam {
  /** What the field shows. */
  readonly text: string;
  readonly isNumber: boolean;
  readonly isChanged: boolean;
  /** What is wrong with the text and what to write, or null. */
  readonly error: string | null;
}

/** @param typed What stands in the field; undefined: nobody has touched it. */
export function readParam(param: PanelParam, typed: string | undefined): ReadParam {
  const text = typed ?? String(param.value);
  const isNumber = typeof param.value === 'number';
  const value = toValue(param.value, text);
  return {
    name: param.name,
    text,
    isNumber,
    value: value ?? param.value,
    isChanged: value !== param.value,
    error: value === null ? `"${text}" is no number. Write one like ${param.value}.` : null,
  };
}

function toValue(like: PanelParam['value'], text: string): PanelParam['value'] | null {
  if (typeof like === 'boolean') {
    return text === 'true';
  }
  if (typeof like === 'string') {
    return text;
  }
  const value = Number(text.trim().replace(',', '.'));
  return text.trim() !== '' && Number.isFinite(value) ? value : null;
}
