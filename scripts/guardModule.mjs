/** Turns the guard's script into the module that carries it: user data has room for 16 KiB, so it goes packed. */
import { gunzipSync, gzipSync } from 'node:zlib';

export const GUARD_SOURCE = 'media/guard/skillet-guard.sh';
export const GUARD_MODULE = 'src/common/cloud/guardScript.ts';

/**
 * What runs on the machine: the script without comments and indentation. No text of it that stands between lines of
 * its own (a "here document") begins with a space or a number sign.
 *
 * @param {string} script
 */
export function strip(script) {
  const [first, ...lines] = script.split('\n').map((line) => line.trimStart());
  return `${[first, ...lines.filter((line) => line !== '' && !line.startsWith('#'))].join('\n')}\n`;
}

/** @param {string} script */
export function guardModule(script) {
  const packed = gzipSync(strip(script), { level: 9 }).toString('base64');
  return `/** The guard's script, packed (gzip, base64). Generated from ${GUARD_SOURCE} by scripts/generate.mjs. */\nexport const GUARD_SCRIPT =\n  '${packed}';\n`;
}

/**
 * The script that a module carries; zlib's versions pack alike things differently.
 *
 * @param {string} module
 */
export function carriedScript(module) {
  const packed = /'([A-Za-z0-9+/=]+)'/.exec(module)?.[1] ?? '';
  return packed === '' ? '' : gunzipSync(Buffer.from(packed, 'base64')).toString('utf8');
}
