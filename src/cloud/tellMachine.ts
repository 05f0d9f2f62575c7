/** Tells a machine, as its guard would, that the provider takes it back: in earnest, or as a drill that ends nothing. */
import type { SpotNotice } from '../common/cloud/connection.ts';
import type { InstanceRef } from '../common/cloud/instance.ts';
import { SkilletError } from '../common/errors.ts';
import type { SshConnection } from '../node/ssh/sshTypes.ts';

/** Where programs on a machine find the notice that is out. */
const NOTICE_FOLDER = '/run/skillet';
/** As long before as the provider says it. */
const WARNING_MS = 120_000;
/** Short, as the guard takes it for one that it has told already. */
const KEPT_S = 60;

export function drillNotice({ id, region }: InstanceRef, nowMs: number): SpotNotice {
  const at = new Date(nowMs + WARNING_MS).toISOString();
  return { kind: 'interruption', instanceId: id, region, at, action: 'terminate', isDrill: true };
}

export interface TellOptions {
  readonly notice: SpotNotice;
  readonly signal: AbortSignal;
  /** On the machine. */
  readonly folder?: string;
  /** Then the machine forgets it. */
  readonly keptS?: number;
}

/**
 * Writes the notice on the machine, for a minute.
 *
 * @throws {SkilletError} `cloud-state`: a real notice is out; `cloud-connect`: it cannot be written.
 */
export async function tellMachine(connection: SshConnection, options: TellOptions): Promise<void> {
  const { notice, signal, folder = NOTICE_FOLDER, keptS = KEPT_S } = options;
  const { code, stdout, stderr } = await connection.exec(tellCommand(notice, { folder, keptS }), { signal });
  if (stdout.includes('notice: real')) {
    throw new SkilletError('cloud-state', notice.instanceId, {
      message: 'A real notice is out on the machine already, which is left alone.',
      remedy: 'Save what matters now.',
    });
  }
  if (code !== 0 || !stdout.includes('notice: written')) {
    const why = (stderr.trim() || stdout.trim()).split('\n').at(-1) || `exit code ${code}`;
    throw new SkilletError('cloud-connect', notice.instanceId, {
      message: `The notice cannot be written on the machine: ${why}.`,
      remedy: 'The user that signs in needs to be allowed sudo without a password.',
    });
  }
}

function tellCommand(
  { kind, at, action, isDrill }: SpotNotice,
  { folder, keptS }: { readonly folder: string; readonly keptS: number },
): string {
  const notice = JSON.stringify({ kind, at, action, ...(isDrill === true ? { drill: true } : {}) });
  const file = `${folder}/notice.json`;
  const isReal = `[ -e ${file} ] && ! grep -q '"drill":true' ${file}`;
  return [
    'if [ "$(id -u)" = 0 ]; then as=; else as="sudo -n"; fi',
    `if ${isReal}; then echo "notice: real"; exit 0; fi`,
    `$as mkdir -p ${folder} && printf '%s\\n' '${notice}' | $as tee ${file}.new >/dev/null && $as mv -f ${file}.new ${file} || exit 1`,
    `(sleep ${keptS}; if ! { ${isReal}; }; then $as rm -f ${file}; fi) >/dev/null 2>&1 </dev/null &`,
    'echo "notice: written"',
  ].join('\n');
}
