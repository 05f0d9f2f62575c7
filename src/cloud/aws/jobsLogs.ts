/** What the machines of a job have printed, from CloudWatch Logs. */
import {
  type CloudWatchLogsClient,
  GetLogEventsCommand,
  paginateDescribeLogStreams,
} from '@aws-sdk/client-cloudwatch-logs';
import type { JobLogLine, JobRef } from '../../common/cloud/job.ts';
import type { JobLogPage } from '../provider.ts';
import type { AwsClients } from './awsClients.ts';
import { toCloudError } from './awsErrors.ts';

const GROUP = '/aws/sagemaker/TrainingJobs';
/** Requests for one stream before what came so far is given: a stream that grows all the time must not keep its reader. */
const PAGES_AT_ONCE = 10;

/** Stream → where its reader is. */
type Positions = Record<string, string>;

/**
 * Lines of all machines in the order of their times, as far as they have come. The cursor holds a position for each
 * stream, so that a line that comes late from one machine is not lost behind those of another.
 */
export async function readJobLog(
  clients: AwsClients,
  { job, cursor }: { readonly job: JobRef; readonly cursor: string | null },
  signal: AbortSignal,
): Promise<JobLogPage> {
  const logs = clients.of('logs', job.region);
  const positions: Positions = cursor === null ? {} : JSON.parse(cursor);
  try {
    const streams = await listStreams(logs, job.id, signal);
    const all: { readonly line: JobLogLine; readonly time: number }[] = [];
    for (const stream of streams) {
      const { lines, position } = await readStream(logs, { stream, position: positions[stream] }, signal);
      all.push(...lines);
      if (position !== undefined) {
        positions[stream] = position;
      }
    }
    all.sort((a, b) => a.time - b.time);
    return { lines: all.map(({ line }) => line), cursor: streams.length === 0 ? cursor : JSON.stringify(positions) };
  } catch (error) {
    if ((error as Error).name === 'ResourceNotFoundException') {
      return { lines: [], cursor }; // Nothing has been printed yet.
    }
    throw toCloudError(error, job.id);
  }
}

async function listStreams(client: CloudWatchLogsClient, id: string, signal: AbortSignal): Promise<string[]> {
  const ask = { logGroupName: GROUP, logStreamNamePrefix: `${id}/` };
  const streams: string[] = [];
  for await (const page of paginateDescribeLogStreams({ client }, ask, { abortSignal: signal })) {
    streams.push(...(page.logStreams ?? []).flatMap(({ logStreamName }) => logStreamName ?? []));
  }
  return streams.sort();
}

interface StreamAsk {
  readonly stream: string;
  readonly position: string | undefined;
}

async function readStream(client: CloudWatchLogsClient, { stream, position: from }: StreamAsk, signal: AbortSignal) {
  const lines: { line: JobLogLine; time: number }[] = [];
  let position = from;
  for (let page = 0; page < PAGES_AT_ONCE; page += 1) {
    const { events = [], nextForwardToken } = await client.send(
      new GetLogEventsCommand({
        logGroupName: GROUP,
        logStreamName: stream,
        startFromHead: true,
        ...(position === undefined ? {} : { nextToken: position }),
      }),
      { abortSignal: signal },
    );
    for (const { timestamp = 0, message = '' } of events) {
      lines.push({
        time: timestamp,
        line: { at: new Date(timestamp).toISOString(), text: message.replace(/\r?\n$/, '') },
      });
    }
    // The end of a stream is told by the same token again.
    const isEnd = nextForwardToken === undefined || nextForwardToken === position;
    position = nextForwardToken ?? position;
    if (isEnd) {
      break;
    }
  }
  return { lines, position };
}
