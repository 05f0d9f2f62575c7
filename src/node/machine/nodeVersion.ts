/** The Node that runs the trainer: the one that runs this, in the editor the editor's own. */
import type { Finding } from '../../common/machine/check.ts';
import type { MachineSources } from './sources.ts';

/** As in package.json. */
const NEEDED_MAJOR = 20;

export function checkNode({
  nodeVersion,
  electronVersion,
}: Pick<MachineSources, 'nodeVersion' | 'electronVersion'>): Finding {
  const where = electronVersion === null ? '' : ` in Electron ${electronVersion}, the editor’s own`;
  if (Number.parseInt(nodeVersion, 10) >= NEEDED_MAJOR) {
    return { status: 'ok', detail: `${nodeVersion}${where}`, remedy: null };
  }
  const text = electronVersion === null ? `Install Node ${NEEDED_MAJOR} or newer.` : 'Update the editor.';
  return {
    status: 'fail',
    detail: `${nodeVersion}${where}; the trainer needs ${NEEDED_MAJOR} or newer`,
    remedy: { text, ...(electronVersion === null ? { link: 'https://nodejs.org/en/download' } : {}) },
  };
}
