/** Collects the licences of the packages that end up in the bundles, as those licences ask for. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { root } from './host/paths.mjs';

/**
 * @param {string[]} inputs Files that were bundled or copied, relative to the project.
 * @returns {string} One section per package: name, version, licence, and the text of its licence file.
 */
export function thirdPartyLicenses(inputs) {
  const folders = new Set(inputs.flatMap((file) => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1] ?? []));
  const packages = [...folders].sort().map((folder) => readPackage(path.join(root, folder)));
  // Apache's text is the same for all, so one that brings none (TensorFlow.js) gets another package's.
  const apache = packages.find(({ license, text }) => license === 'Apache-2.0' && text !== '')?.text;
  const sections = packages.map(({ name, version, license, source, text }) => {
    const fallback = license.startsWith('Apache-2.0') ? apache : undefined;
    return `${name} ${version} (${license})\n${source}\n\n${text || fallback || 'The package brings no licence text.'}\n`;
  });
  return [...new Set(sections)].join(`\n${'-'.repeat(80)}\n\n`);
}

/** @param {string} folder */
function readPackage(folder) {
  const { name, version, license, repository } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
  const files = readdirSync(folder).filter((entry) => /^(licen[cs]e|copying|notice)/i.test(entry));
  const text = files.map((file) => readFileSync(path.join(folder, file), 'utf8').trim()).join('\n\n');
  return { name, version, license: String(license), source: repository?.url ?? repository ?? '', text };
}
