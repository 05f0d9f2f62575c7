/** What the sections' headings say of what is in them. */
import type { Draft } from './draft.ts';
import type { Option } from './fields.tsx';
import type { Form } from './form.ts';

/** `stops itself after 8 h, or 30 min without work`. */
export function guardWords({ hasDeadline, deadlineHours, hasIdle, idleMinutes, guardAction }: Draft): string {
  const parts = [
    ...(hasDeadline ? [`after ${deadlineHours} h`] : []),
    ...(hasIdle ? [`${hasDeadline ? '' : 'after '}${idleMinutes} min without work`] : []),
  ];
  return parts.length === 0
    ? 'off: it costs until somebody ends it'
    : `${guardAction === 'stop' ? 'stops' : 'terminates'} itself ${parts.join(', or ')}`;
}

export function networkWords({ draft }: Form): string {
  const place = draft.subnet !== '' ? draft.subnet : draft.vpc !== '' ? draft.vpc : 'the default one';
  return draft.zone === '' ? place : `${place}, ${draft.zone}`;
}

export function subnetsOf({ draft, model }: Form): Option[] {
  const networks = model.choices?.networks ?? [];
  const network = networks.find(({ vpc, isDefault }) => (draft.vpc === '' ? isDefault : vpc === draft.vpc));
  return (network?.subnets ?? []).map(({ id, name, zone, isPublic, freeAddresses }) => ({
    value: id,
    text: `${[name ?? '', id, zone].join(' ').trim()} (${isPublic ? 'public' : 'private'}, ${freeAddresses} addresses free)`,
  }));
}

export function startWords({ userData, userDataFile, role, shutdown }: Draft): string {
  const script = userDataFile !== '' ? userDataFile : userData === '' ? 'no script' : 'a script';
  return [script, role === '' ? 'no role' : role, `shutdown ${shutdown === 'stop' ? 'stops' : 'terminates'} it`].join(
    ', ',
  );
}
