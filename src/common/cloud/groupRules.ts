/** What a security group may be called, and what its rules may say. */
import type { Problem } from '../errors.ts';
import type { LaunchProfile, ProfileRule } from './launchProfile.ts';
import { warn, wrong } from './profileProblem.ts';

/** What a rule has in place of addresses where it means the caller's own. */
export const MY_ADDRESS = 'my-address';

const KNOWN_PORTS: Readonly<Record<number, string>> = { 22: 'SSH', 8787: 'RStudio', 8888: 'Jupyter', 3389: 'RDP' };

export interface PortRange {
  readonly from: number;
  readonly to: number;
}

/** The ports of a rule; null where its protocol has none. */
export function portsOf({ port, protocol }: ProfileRule): PortRange | null {
  if (protocol === 'icmp' || protocol === 'all') {
    return null;
  }
  const [from, to = from] = String(port).split('-').map(Number);
  return { from: from ?? 0, to: to ?? 0 };
}

/** `port 22 (SSH)`, `ports 8000-8010`, `every port`. */
export function portWords(rule: ProfileRule): string {
  const ports = portsOf(rule);
  if (ports === null) {
    return rule.protocol === 'all' ? 'every port' : 'ICMP';
  }
  const known = Object.entries(KNOWN_PORTS).flatMap(([port, name]) =>
    Number(port) >= ports.from && Number(port) <= ports.to ? name : [],
  );
  const names = known.length === 0 ? '' : ` (${known.join(', ')})`;
  return ports.from === ports.to ? `port ${ports.from}${names}` : `ports ${ports.from}-${ports.to}${names}`;
}

/** Whether the addresses are all there are, in either version of the protocol. */
export function isWholeWorld(addresses: string): boolean {
  return /^[0.:]+\/0$/.test(addresses) && isCidr(addresses);
}

export function checkGroup({ securityGroup }: LaunchProfile): Problem[] {
  if (securityGroup.type === 'existing') {
    return securityGroup.ids.flatMap((id, index) =>
      /^sg-[0-9a-f]+$/.test(id)
        ? []
        : [
            wrong(
              `securityGroup.existing.ids[${index}]`,
              `"${id}" is no id of a group.`,
              'Write one such as sg-0abc….',
            ),
          ],
    );
  }
  const { name, rules } = securityGroup;
  const path = 'securityGroup.create';
  return [
    ...checkGroupName(name, `${path}.name`),
    ...rules.flatMap((rule, index) => checkRule(rule, `${path}.rules[${index}]`)),
    ...rules.flatMap((rule, index) => repeated(rules, rule, index)),
  ];
}

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSecurityGroup.html */
function checkGroupName(name: string, path: string): Problem[] {
  if (/^sg-/i.test(name)) {
    return [wrong(path, `"${name}" begins like an id.`, 'Begin the name with something else than sg-.')];
  }
  return /^[\w .:/()#,@[\]+=&;{}!$*-]+$/.test(name) && name.trim() === name
    ? []
    : [
        wrong(
          path,
          `"${name}" has letters that AWS does not take.`,
          'Use letters, digits, spaces and ._-:/()#,@[]+=&;{}!$*.',
        ),
      ];
}

function repeated(rules: readonly ProfileRule[], rule: ProfileRule, index: number): Problem[] {
  const key = (one: ProfileRule) => JSON.stringify([portsOf(one), one.protocol, one.from]);
  return rules.findIndex((other) => key(other) === key(rule)) < index
    ? [wrong(`securityGroup.create.rules[${index}]`, 'is there twice.', 'Take one of them out.')]
    : [];
}

function checkRule(rule: ProfileRule, path: string): Problem[] {
  const ports = portsOf(rule);
  const range =
    ports !== null && (ports.to > 65535 || ports.from > ports.to)
      ? [
          wrong(
            `${path}.port`,
            `${rule.port} is no range of ports.`,
            'Write the lower port first; the highest is 65535.',
          ),
        ]
      : [];
  const note =
    rule.description !== undefined && !/^[\w .:/()#,@[\]+=&;{}!$*-]*$/.test(rule.description)
      ? [wrong(`${path}.description`, 'has letters that AWS does not take.', 'Use plain letters, digits and signs.')]
      : [];
  return [...range, ...note, ...checkSource(rule, `${path}.from`)];
}

function checkSource(rule: ProfileRule, path: string): Problem[] {
  const { from } = rule;
  if (from === MY_ADDRESS) {
    return [];
  }
  if (!isCidr(from)) {
    const isAddress = isCidr(`${from}/${from.includes(':') ? 128 : 32}`);
    return [
      wrong(
        path,
        `"${from}" is no range of addresses.`,
        isAddress
          ? `Write ${from}/${from.includes(':') ? 128 : 32} for this one address.`
          : 'Write my-address, or addresses in CIDR form such as 203.0.113.0/24.',
      ),
    ];
  }
  return isWholeWorld(from)
    ? [
        warn(
          path,
          `Anybody on the internet can reach ${portWords(rule)} of the machine.`,
          'Use my-address, or the addresses of your network.',
        ),
      ]
    : [];
}

/** An IPv4 or IPv6 network in CIDR form. */
export function isCidr(text: string): boolean {
  const [address = '', bits = '', ...rest] = text.split('/');
  if (rest.length > 0 || !/^\d{1,3}$/.test(bits)) {
    return false;
  }
  return address.includes(':') ? Number(bits) <= 128 && isIpv6(address) : Number(bits) <= 32 && isIpv4(address);
}

function isIpv4(text: string): boolean {
  const parts = text.split('.');
  return parts.length === 4 && parts.every((part) => /^(?:0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255);
}

function isIpv6(text: string): boolean {
  const halves = text.split('::');
  if (halves.length > 2) {
    return false;
  }
  const groups = halves.flatMap((half) => (half === '' ? [] : half.split(':')));
  const isShort = halves.length === 2;
  return groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group)) && (isShort ? groups.length < 8 : groups.length === 8);
}
