/** Graphics cards of a Windows, from its management interface. */
import path from 'node:path';
import { type BusCard, vendorOf } from './busCard.ts';
import { type JsonRecord, parseRecords } from './parseRecords.ts';
import type { MachineSources } from './sources.ts';

const SCRIPT =
  'Get-CimInstance Win32_VideoController | Select-Object Name,DriverVersion,PNPDeviceID | ConvertTo-Json -Compress';

export async function windowsCards({ run, env }: Pick<MachineSources, 'run' | 'env'>): Promise<readonly BusCard[]> {
  const powershell = path.win32.join(
    env.SystemRoot ?? 'C:\\Windows',
    'System32\\WindowsPowerShell\\v1.0\\powershell.exe',
  );
  const answer = await run(powershell, ['-NoProfile', '-NonInteractive', '-Command', SCRIPT]);
  return answer.outcome === 'exited' && answer.code === 0
    ? parseRecords(answer.stdout).flatMap((record) => toCard(record) ?? [])
    : [];
}

function toCard({ Name, DriverVersion, PNPDeviceID }: JsonRecord): BusCard | null {
  const vendor = vendorOf(/VEN_([0-9A-F]{4})/i.exec(String(PNPDeviceID))?.[1] ?? '');
  if (vendor === null) {
    return null;
  }
  const name = typeof Name === 'string' ? Name : null;
  // Windows shows a card that has no driver of its own through this one.
  const isBasic = name !== null && /Microsoft Basic/i.test(name);
  const driver = typeof DriverVersion === 'string' && !isBasic ? DriverVersion : null;
  return { vendor, name: isBasic ? null : name, driver: vendor === 'NVIDIA' ? toNvidiaVersion(driver) : driver };
}

/** Windows writes NVIDIA's 551.61 as `31.0.15.5161`: the last five digits. */
function toNvidiaVersion(version: string | null): string | null {
  const digits = version?.replaceAll('.', '').slice(-5);
  return digits === undefined || digits.length < 5 ? version : `${digits.slice(0, 3)}.${digits.slice(3)}`;
}
