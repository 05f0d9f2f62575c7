/** What is wrong with a module, told on the field that names it. */
import { SkilletError } from '../../common/errors.ts';
import { MODULE_FIELD } from '../../common/recipe/modelSchema.ts';

export function moduleFault(message: string, remedy: string): SkilletError {
  return new SkilletError('recipe-module', MODULE_FIELD, { message, remedy });
}

/** What was thrown, in one sentence without its full stop. */
export function messageOf(error: unknown): string {
  const [first = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
  return first.replace(/\.+$/, '');
}

/** The line of the module in which an error was thrown, where its stack tells: ` (line 12)`. */
export function lineIn(file: string, error: unknown): string {
  const stack = error instanceof Error ? (error.stack ?? '') : '';
  const name = file.replaceAll('\\', '/').split('/').at(-1) ?? file;
  const line = stack.split('\n').find((each) => each.replaceAll('\\', '/').includes(`/${name}`));
  const found = line === undefined ? null : /:(\d+)(?::\d+)?\)?$/.exec(line.trim());
  return found === null ? '' : ` (line ${found[1]})`;
}
