/** Warnings for spot machines: what EC2 marks on their requests, and what the machines themselves have been told. */
import {
  type EC2Client,
  type Instance as Ec2Instance,
  GetConsoleOutputCommand,
  paginateDescribeInstances,
  paginateDescribeSpotInstanceRequests,
  type SpotInstanceRequest,
} from '@aws-sdk/client-ec2';
import type { SpotNotice } from '../../common/cloud/connection.ts';
import { type ConsoleNotice, readNoticesOf } from '../../common/cloud/consoleText.ts';
import { TAGS } from '../../common/cloud/tags.ts';

/** EC2 takes a machine two minutes after it has marked its request. */
const WARNING_MS = 120_000;
/** A notice that is older says nothing any more: the machine has outlived it. */
const STALE_MS = 10 * 60_000;
const REBALANCE_STALE_MS = 60 * 60_000;

interface Ask {
  readonly region: string;
  readonly signal: AbortSignal;
  readonly nowMs: number;
}

/**
 * EC2 itself tells of interruptions alone. Recommendations to rebalance reach only the machine, whose guard writes them to
 * its console.
 */
export async function readNotices(client: EC2Client, ask: Ask): Promise<readonly SpotNotice[]> {
  const [marked, own] = await Promise.all([readMarked(client, ask), readOwnSpot(client, ask)]);
  const told = await Promise.all(own.map((machine) => readConsole(client, machine, ask)));
  const notices = [...marked, ...told.flat()];
  // The request and the machine tell of the same interruption.
  return notices.filter(
    (one, at) =>
      one.kind !== 'interruption' ||
      notices.findIndex((other) => other.kind === one.kind && other.instanceId === one.instanceId) === at,
  );
}

async function readMarked(client: EC2Client, { region, signal }: Ask): Promise<SpotNotice[]> {
  const pages = paginateDescribeSpotInstanceRequests({ client, pageSize: 1000 }, {}, { abortSignal: signal });
  const found: SpotNotice[] = [];
  for await (const { SpotInstanceRequests = [] } of pages) {
    found.push(...SpotInstanceRequests.flatMap((request) => toNotice(request, region)));
  }
  return found;
}

const MARKED: Readonly<Record<string, NonNullable<SpotNotice['action']>>> = {
  'marked-for-termination': 'terminate',
  'marked-for-stop': 'stop',
  'marked-for-hibernation': 'hibernate',
};

function toNotice(
  { Status, InstanceId, InstanceInterruptionBehavior }: SpotInstanceRequest,
  region: string,
): SpotNotice[] {
  const action = MARKED[Status?.Code ?? ''];
  if (action === undefined || InstanceId === undefined) {
    return [];
  }
  const at = Status?.UpdateTime === undefined ? null : new Date(Status.UpdateTime.getTime() + WARNING_MS).toISOString();
  const isHibernation = action === 'stop' && InstanceInterruptionBehavior === 'hibernate';
  return [{ kind: 'interruption', instanceId: InstanceId, region, at, action: isHibernation ? 'hibernate' : action }];
}

/** Spot machines of ours that run. The kind is not asked for in the filter: it is on few machines that are ours. */
async function readOwnSpot(client: EC2Client, { signal }: Ask): Promise<Ec2Instance[]> {
  const Filters = [
    { Name: 'tag-key', Values: [TAGS.owner] },
    { Name: 'instance-state-name', Values: ['running'] },
  ];
  const pages = paginateDescribeInstances({ client, pageSize: 1000 }, { Filters }, { abortSignal: signal });
  const machines: Ec2Instance[] = [];
  for await (const { Reservations = [] } of pages) {
    machines.push(...Reservations.flatMap(({ Instances = [] }) => Instances));
  }
  return machines.filter(({ InstanceLifecycle }) => InstanceLifecycle === 'spot');
}

/** A console that cannot be read takes nothing away from what the others tell. */
async function readConsole(client: EC2Client, machine: Ec2Instance, ask: Ask): Promise<SpotNotice[]> {
  const { InstanceId: instanceId = '', LaunchTime } = machine;
  let text: string;
  try {
    const command = new GetConsoleOutputCommand({ InstanceId: instanceId, Latest: true });
    const { Output = '' } = await client.send(command, { abortSignal: ask.signal });
    text = Buffer.from(Output, 'base64').toString('utf8');
  } catch {
    ask.signal.throwIfAborted();
    return [];
  }
  const fresh = readNoticesOf(text).filter((notice) => isFresh(notice, ask.nowMs, LaunchTime?.getTime() ?? 0));
  const last = (kind: ConsoleNotice['kind']) => fresh.filter((notice) => notice.kind === kind).slice(-1);
  return [...last('interruption'), ...last('rebalance')].map(({ kind, at, action, isDrill }) => ({
    ...{ kind, instanceId, region: ask.region, at, action },
    ...(isDrill ? { isDrill } : {}),
  }));
}

/** The console keeps what was written before a stop. */
function isFresh({ kind, at, seenAt }: ConsoleNotice, nowMs: number, launchedMs: number): boolean {
  const told = seenAt ?? at;
  if (told === null) {
    return true;
  }
  const ageMs = nowMs - Date.parse(at ?? told);
  return Date.parse(told) >= launchedMs && ageMs < (kind === 'rebalance' ? REBALANCE_STALE_MS : STALE_MS);
}
