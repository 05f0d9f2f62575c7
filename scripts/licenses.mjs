/** Collects the licences of the packages that end up in the bundles, as those licences ask for. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { root } from './host/paths.mjs';

/**
 * @param {string[]} inputs Files that were bundled or copied, relative to the project.
 * @returns {string} One section per package: name, version, licence, and the text of its licence file.
 */
export function thirdPartyLicenses(inputs) {
  const packages = new Set(inputs.flatMap((file) => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1] ?? []));
  const sections = [...packages].sort().map((folder) => section(path.join(root, folder)));
  return `${[...new Set(sections)].join(`\n${'-'.repeat(80)}\n\n`)}\n`;
}

/** @param {string} folder */
function section(folder) {
  const { name, version, license, repository } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
  const file = readdirSync(folder).find((entry) => /^(licen[cs]e|copying)/i.test(entry));
  const notice = path.join(folder, 'NOTICE');
  const texts = [file === undefined ? undefined : path.join(folder, file), existsSync(notice) ? notice : undefined];
  const text = texts.flatMap((found) => (found === undefined ? [] : [readFileSync(found, 'utf8').trim()])).join('\n\n');
  const source = repository?.url ?? repository ?? 'its page at the npm registry';
  return `${name} ${version} (${license})\n\n${text || `The package brings no licence text; its source: ${source}`}`;
}
