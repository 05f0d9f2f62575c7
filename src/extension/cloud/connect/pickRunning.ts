/** Asks which of the machines that run. */
import * as vscode from 'vscode';
import type { Instance } from '../../../common/cloud/instance.ts';
import { describeRow, instanceTitle } from '../../../common/cloud/instanceText.ts';
import type { CloudAccounts } from '../explorer/accounts.ts';

/** @param isFirst Machines that stand at the top. */
export async function pickRunning(
  accounts: CloudAccounts,
  isFirst: (instance: Instance) => boolean,
): Promise<Instance | null> {
  const open = accounts.openAll();
  const unasked = open.filter(({ fleet }) => !fleet.state().isComplete);
  await vscode.window.withProgress({ location: vscode.ProgressLocation.Window, title: 'Asking for machines' }, () =>
    Promise.all(unasked.map(({ fleet }) => fleet.refresh())),
  );
  const rows = open
    .flatMap(({ fleet }) => fleet.state().regions.flatMap((region) => region.rows))
    .filter(({ instance: { state } }) => state === 'running' || state === 'pending');
  if (rows.length === 0) {
    void vscode.window.showInformationMessage(
      open.length === 0
        ? 'There is no account of a provider on this computer yet; see the Instances view.'
        : 'No machine runs.',
    );
    return null;
  }
  const items = rows
    .toSorted((a, b) => Number(isFirst(b.instance)) - Number(isFirst(a.instance)))
    .map((row) => ({
      label: instanceTitle(row.instance),
      description: describeRow(row, Date.now()),
      detail: `${row.instance.id} in ${row.instance.zone ?? row.instance.region}`,
      instance: row.instance,
    }));
  return (await vscode.window.showQuickPick(items, { placeHolder: 'Which machine?' }))?.instance ?? null;
}
