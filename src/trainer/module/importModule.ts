/** Loads a module and finds its `build`. */
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { lineIn, messageOf, moduleFault } from './moduleFault.ts';

/** What a module exports; it is checked what comes back. */
export type Build = (
  tf: unknown,
  params: Readonly<Record<string, number | string | boolean>>,
  data: { readonly inputShape: readonly number[]; readonly outputs: number },
) => unknown;

const EXAMPLE = 'export function build(tf, params, { inputShape, outputs }) { … }';

/** @throws {SkilletError} `recipe-module`. */
export async function importModule(file: string, asWritten: string, limitMs: number): Promise<Build> {
  const found = await stat(file).catch(() => null);
  if (found === null || !found.isFile()) {
    throw moduleFault(
      `"${asWritten}" is ${found === null ? 'not there' : 'no file'} (looked for ${file}).`,
      'Give the path relative to the recipe.',
    );
  }
  const exported = await withLimit(importFile(file, asWritten), limitMs);
  const build = exported.build ?? (exported.default as { build?: unknown } | undefined)?.build;
  if (typeof build !== 'function') {
    const names = Object.keys(exported);
    throw moduleFault(
      `"${asWritten}" exports ${names.length === 0 ? 'nothing' : names.join(', ')}, but no function called build.`,
      `Write ${EXAMPLE}.`,
    );
  }
  return build as Build;
}

async function importFile(file: string, asWritten: string): Promise<Record<string, unknown>> {
  try {
    return (await import(pathToFileURL(file).href)) as Record<string, unknown>;
  } catch (error) {
    const extension = path.extname(file);
    throw moduleFault(
      `"${asWritten}" cannot be loaded${lineIn(file, error)}: ${messageOf(error)}.`,
      extension === '.mjs' || extension === '.js'
        ? 'Mend the module; trainer.log in the run folder may say more.'
        : 'Name a JavaScript module; its name ends in .mjs.',
    );
  }
}

export function timeIsUp(limitMs: number): { message: string; remedy: string } {
  return {
    message: `has not given a model within ${limitMs / 1000} seconds.`,
    remedy: 'Look for a loop without an end, or for an await of something that never comes.',
  };
}

async function withLimit<T>(work: Promise<T>, limitMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      const { message, remedy } = timeIsUp(limitMs);
      reject(moduleFault(message, remedy));
    }, limitMs);
  });
  try {
    return await Promise.race([work, limit]);
  } finally {
    clearTimeout(timer);
  }
}
