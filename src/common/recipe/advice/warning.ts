/** A piece of advice about a recipe. */
import type { AdviceCode } from '../../adviceCodes.ts';
import type { Problem } from '../../errors.ts';

export function warning(code: AdviceCode, path: string, what: { message: string; remedy: string }): Problem {
  return { code, path, ...what, severity: 'warning' };
}
