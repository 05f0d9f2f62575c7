/** How long machines have had nothing to do, by the load of their processors that CloudWatch has. */
import { type CloudWatchClient, GetMetricDataCommand, type MetricDataQuery } from '@aws-sdk/client-cloudwatch';
import type { InstanceIdle } from '../../common/cloud/instance.ts';

/** Below this share a machine does nothing: one that trains keeps at least a core busy. */
const IDLE_SHARE = 0.02;
const PERIOD_SECONDS = 300;
const LOOK_BACK_MS = 6 * 3_600_000;
/** The most that one request may ask. */
const MACHINES_A_REQUEST = 500;

/** @param ids Running machines. One request for each 500 of them, which AWS bills by the machine. */
export async function readIdle(
  cloudwatch: CloudWatchClient,
  ids: readonly string[],
  { now, signal }: { readonly now: number; readonly signal: AbortSignal },
): Promise<Map<string, InstanceIdle>> {
  const idle = new Map<string, InstanceIdle>();
  for (let at = 0; at < ids.length; at += MACHINES_A_REQUEST) {
    const some = ids.slice(at, at + MACHINES_A_REQUEST);
    const points = await readPoints(cloudwatch, some, { now, signal });
    for (const [index, id] of some.entries()) {
      idle.set(id, toIdle(points.get(`m${index}`) ?? []));
    }
  }
  return idle;
}

interface Point {
  readonly at: number;
  readonly share: number;
}

async function readPoints(
  cloudwatch: CloudWatchClient,
  ids: readonly string[],
  { now, signal }: { readonly now: number; readonly signal: AbortSignal },
): Promise<Map<string, Point[]>> {
  const points = new Map<string, Point[]>();
  let token: string | undefined;
  do {
    const command: GetMetricDataCommand = new GetMetricDataCommand({
      MetricDataQueries: ids.map(toQuery),
      StartTime: new Date(now - LOOK_BACK_MS),
      EndTime: new Date(now),
      ScanBy: 'TimestampDescending',
      NextToken: token,
    });
    const { MetricDataResults = [], NextToken } = await cloudwatch.send(command, { abortSignal: signal });
    for (const { Id = '', Timestamps = [], Values = [] } of MetricDataResults) {
      const more = Timestamps.map((at, index) => ({ at: at.getTime(), share: (Values[index] ?? 0) / 100 }));
      points.set(Id, [...(points.get(Id) ?? []), ...more]);
    }
    token = NextToken;
  } while (token !== undefined && token !== '');
  return points;
}

function toQuery(id: string, index: number): MetricDataQuery {
  return {
    Id: `m${index}`,
    ReturnData: true,
    MetricStat: {
      Metric: { Namespace: 'AWS/EC2', MetricName: 'CPUUtilization', Dimensions: [{ Name: 'InstanceId', Value: id }] },
      Period: PERIOD_SECONDS,
      Stat: 'Average',
    },
  };
}

/** @param points Of one machine, newest first. */
function toIdle(points: readonly Point[]): InstanceIdle {
  const [newest] = points;
  if (newest === undefined) {
    return { idleSince: null, cpuShare: null };
  }
  const busy = points.findIndex(({ share }) => share >= IDLE_SHARE);
  const oldestIdle = busy === 0 ? undefined : points.at(busy === -1 ? -1 : busy - 1);
  return {
    idleSince: oldestIdle === undefined ? null : new Date(oldestIdle.at).toISOString(),
    cpuShare: newest.share,
  };
}
