/** How a machine looks in the Instances view. */
import * as vscode from 'vscode';
import { type FleetRow, instanceKey, sumCosts } from '../../../common/cloud/fleet.ts';
import type { InstanceState } from '../../../common/cloud/instance.ts';
import {
  describeRow,
  factsOf,
  formatBurning,
  formatCost,
  instanceTitle,
  STATE_WORDS,
  soFarNow,
} from '../../../common/cloud/instanceText.ts';
import { isOurs } from '../../../common/cloud/tags.ts';

const ICONS: Readonly<Record<InstanceState, readonly [icon: string, color: string | null]>> = {
  pending: ['loading~spin', 'charts.yellow'],
  running: ['vm-running', 'charts.green'],
  stopping: ['loading~spin', 'charts.yellow'],
  stopped: ['vm-outline', null],
  terminating: ['loading~spin', 'charts.red'],
  terminated: ['circle-slash', 'disabledForeground'],
  unknown: ['question', 'list.warningForeground'],
};

export function instanceItem(row: FleetRow, now: number): vscode.TreeItem {
  const { instance } = row;
  const title = instanceTitle(instance);
  const description = describeRow(row, now);
  const [icon, color] = ICONS[instance.state];
  const ours = isOurs(instance.tags);
  return Object.assign(new vscode.TreeItem(title), {
    id: instanceKey(instance),
    description,
    tooltip: tooltip(row, now),
    iconPath: new vscode.ThemeIcon(icon, color === null ? undefined : new vscode.ThemeColor(color)),
    contextValue: `instance.${instance.state}${ours ? '.ours' : ''}`,
    accessibilityInformation: {
      label: `${title}, machine, ${STATE_WORDS[instance.state]}, ${description.replaceAll(' · ', ', ')}${ours ? ', made by Skillet' : ''}`,
    },
    command: { command: 'skillet.showInstance', title: 'Show Details', arguments: [{ instance }] },
  });
}

/** Values are added as text, never as markup: tags and names come from whoever made the machine. */
function tooltip(row: FleetRow, now: number): vscode.MarkdownString {
  const { instance, cost } = row;
  const text = new vscode.MarkdownString();
  text.appendMarkdown('**').appendText(instanceTitle(instance)).appendMarkdown('**');
  const line = (name: string, value: string) => {
    text.appendMarkdown(`  \n${name}: `).appendText(value);
  };
  if (cost !== null) {
    line('Costs', formatBurning(sumCosts([row])));
    line('Since its start', formatCost(soFarNow(row, now)));
  }
  for (const [name, value] of factsOf(row, now)) {
    line(name, value);
  }
  for (const { what, perHourUsd } of cost?.parts ?? []) {
    line('Part', `${what}: ${formatCost(perHourUsd)}/h`);
  }
  for (const [name, value] of Object.entries(instance.tags)) {
    line('Tag', `${name} = ${value}`);
  }
  return text;
}
