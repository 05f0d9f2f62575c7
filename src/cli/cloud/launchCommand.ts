/** `skillet launch`: reviews a launch profile, asks, and launches it. */
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline/promises';
import { parseArgs } from 'node:util';
import type { Provider } from '../../cloud/provider.ts';
import type { ProviderModules } from '../../cloud/providerModules.ts';
import { parseLaunchProfile } from '../../common/cloud/launchFile.ts';
import type { LaunchProfile } from '../../common/cloud/launchProfile.ts';
import type { LaunchResult, Review } from '../../common/cloud/launchRecord.ts';
import { isOutcomeOpen } from '../../common/cloud/outcome.ts';
import { formatUsd } from '../../common/cloud/priceText.ts';
import { isFault } from '../../common/cloud/profileProblem.ts';
import { formatProblem, SkilletError, toProblem } from '../../common/errors.ts';
import { createScreen } from '../screen.ts';
import { printable } from '../table.ts';
import { EXIT } from '../usage.ts';
import { eventLine, resultLines, reviewLines } from './launchText.ts';
import { openCloud } from './openCloud.ts';

const options = {
  profile: { type: 'string' },
  'dry-run': { type: 'boolean' },
  yes: { type: 'boolean' },
  token: { type: 'string' },
  account: { type: 'string' },
  name: { type: 'string' },
  count: { type: 'string' },
  json: { type: 'boolean' },
} as const;

type Values = ReturnType<typeof parseArgs<{ options: typeof options }>>['values'];

const print = (lines: readonly string[]) => process.stdout.write(`${lines.map(printable).join('\n')}\n`);
const complain = (line: string) => process.stderr.write(`${printable(line)}\n`);

export async function launchCommand(args: string[], modules: ProviderModules): Promise<number> {
  const { values, positionals } = parseArgs({ args, allowPositionals: true, options });
  const cancel = new AbortController();
  const interrupt = () => {
    cancel.abort();
    complain('Cancelling: what was made is removed. This may take a minute.');
    process.on('SIGINT', () => complain('Still removing what was made; it would cost.'));
  };
  process.once('SIGINT', interrupt);
  process.once('SIGTERM', interrupt);
  try {
    return await launch(values, { positionals, modules, cancel });
  } finally {
    process.off('SIGINT', interrupt);
    process.off('SIGTERM', interrupt);
  }
}

interface Place {
  readonly positionals: readonly string[];
  readonly modules: ProviderModules;
  readonly cancel: AbortController;
}

async function launch(values: Values, { positionals, modules, cancel }: Place): Promise<number> {
  if (values.profile === undefined || values.profile === '') {
    throw new SkilletError('cli-usage', '--profile', {
      message: 'is missing.',
      remedy: 'Name a launch profile: --profile p2.launch.yaml (docs/launch.md).',
    });
  }
  const read = await readProfile(values.profile);
  if (read === null) {
    return EXIT.refused;
  }
  const profile = withOptions(read, values);
  const account = values.account ?? profile.account;
  const provider = openCloud(modules, {
    provider: positionals[0] ?? '',
    ...(account === undefined ? {} : { account }),
  });
  const folder = path.dirname(path.resolve(values.profile));
  const isDryRun = values['dry-run'] === true;
  const review = await cancellable(cancel.signal, () =>
    provider.review(
      profile,
      { isAsked: isDryRun, folder, ...(values.token === undefined ? {} : { token: values.token }) },
      cancel.signal,
    ),
  );
  if (review === null) {
    return EXIT.interrupted;
  }
  if (values.json !== true) {
    print(reviewLines(review));
  }
  if (isDryRun) {
    if (values.json === true) {
      process.stdout.write(`${JSON.stringify({ review })}\n`);
    } else {
      print(['', 'Nothing was launched.']);
    }
    return review.dryRun?.isAllowed === false ? EXIT.failed : EXIT.completed;
  }
  if (values.yes !== true && !(await agree(values, review, cancel))) {
    print(['Nothing was launched.']);
    return cancel.signal.aborted ? EXIT.interrupted : EXIT.refused;
  }
  return work(provider, profile, { values, folder, review, cancel });
}

/** Null once all that is wrong has been told. */
async function readProfile(file: string): Promise<LaunchProfile | null> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    throw new SkilletError('cloud-file', file, {
      message: `cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown'}).`,
      remedy: 'Check the name of the launch profile.',
    });
  }
  const { profile, problems } = parseLaunchProfile(text);
  if (profile === null) {
    for (const problem of problems.filter(isFault)) {
      complain(formatProblem(problem, path.relative(process.cwd(), path.resolve(file))));
    }
  }
  return profile;
}

function withOptions(profile: LaunchProfile, { name, count }: Values): LaunchProfile {
  const wanted = count === undefined ? profile.count : Number(count);
  if (!Number.isInteger(wanted) || wanted < 1 || wanted > 100) {
    throw new SkilletError('cli-usage', '--count', {
      message: `"${count}" is no number of machines.`,
      remedy: 'Write a whole number from 1 to 100.',
    });
  }
  return { ...profile, count: wanted, ...(name === undefined ? {} : { name }) };
}

/** @returns Null when it was cancelled, before anything was made. */
async function cancellable<T>(signal: AbortSignal, ask: () => Promise<T>): Promise<T | null> {
  try {
    return await ask();
  } catch (error) {
    if (signal.aborted) {
      return null;
    }
    throw error;
  }
}

/** Nothing that costs is begun without a person's word: an answer here, or `--yes`. */
async function agree({ json }: Values, { perHourUsd }: Review, cancel: AbortController): Promise<boolean> {
  if (json === true || process.stdin.isTTY !== true || process.stdout.isTTY !== true) {
    throw new SkilletError('cli-usage', 'skillet launch', {
      message: `launches for ${formatUsd(perHourUsd)} an hour only when a person agrees, and there is no terminal to ask on.`,
      remedy: 'See what it would do with --dry-run, then add --yes.',
    });
  }
  const asking = createInterface({ input: process.stdin, output: process.stdout });
  asking.once('SIGINT', () => cancel.abort());
  const cost = perHourUsd === null ? 'at a price that is not known' : `for ${formatUsd(perHourUsd)} an hour`;
  try {
    const answer = await asking.question(`Launch ${cost}? [y/N] `, { signal: cancel.signal });
    return /^y(es)?$/i.test(answer.trim());
  } catch (error) {
    if (cancel.signal.aborted) {
      return false;
    }
    throw error;
  } finally {
    asking.close();
  }
}

interface Work {
  readonly values: Values;
  readonly folder: string;
  readonly review: Review;
  readonly cancel: AbortController;
}

async function work(
  provider: Provider,
  profile: LaunchProfile,
  { values, folder, review, cancel }: Work,
): Promise<number> {
  const token = values.token ?? randomUUID();
  const screen = createScreen(process.stdout);
  // Told before anything is made: whoever ends this program the hard way finds by it what was made.
  if (values.json === true) {
    process.stdout.write(`${JSON.stringify({ type: 'begin', token })}\n`);
  } else {
    print([`Launch ${token}`]);
  }
  try {
    const result = await provider.launch(profile, {
      token,
      folder,
      signal: cancel.signal,
      onEvent(event) {
        if (values.json === true) {
          process.stdout.write(`${JSON.stringify(event)}\n`);
        } else {
          screen.line(printable(eventLine(event)));
        }
      },
    });
    if (values.json === true) {
      const perHourUsd = isAsReviewed(profile, result) ? review.perHourUsd : null;
      process.stdout.write(`${JSON.stringify({ type: 'launched', token, ...result, perHourUsd })}\n`);
    } else {
      print(resultLines(result));
    }
    if (cancel.signal.aborted) {
      complain('It was too late to cancel: the launch was done.');
    }
    return EXIT.completed;
  } catch (error) {
    const failure = { values, provider, token };
    if (cancel.signal.aborted && error instanceof Error && error.name === 'AbortError') {
      tellCancelled(failure);
      return EXIT.interrupted;
    }
    return tellFailure(error, failure);
  }
}

/** What was reviewed is the price of the place that was wanted first. */
function isAsReviewed({ region, purchase }: LaunchProfile, result: LaunchResult): boolean {
  return result.region === region && result.purchase === purchase.type;
}

interface Failure {
  readonly values: Values;
  readonly provider: Provider;
  readonly token: string;
}

/** Where something may be left, the token is what finds it again. */
function tellFailure(error: unknown, failure: Failure): number {
  const problem = toProblem(error, 'launch');
  complain(formatProblem(problem));
  if (isOutcomeOpen(problem.code)) {
    tellToken(failure);
  } else if (failure.values.token !== undefined) {
    complain(EARLIER);
    tellToken(failure);
  } else {
    complain('Nothing of it is left.');
  }
  return EXIT.failed;
}

function tellCancelled(failure: Failure): void {
  if (failure.values.token === undefined) {
    complain('Cancelled: nothing of it is left.');
  } else {
    complain(`Cancelled. ${EARLIER}`);
    tellToken(failure);
  }
}

/** A try that ended before it had looked has proved nothing of the ones before it. */
const EARLIER = 'Nothing of this try is left; whether an earlier one made a machine is not known.';

function tellToken({ values, provider, token }: Failure): void {
  const account = values.account === undefined ? '' : ` --account ${values.account}`;
  const changes = [
    ...(values.name === undefined ? [] : [` --name ${JSON.stringify(values.name)}`]),
    ...(values.count === undefined ? [] : [` --count ${values.count}`]),
  ].join('');
  complain(`Try again with the same token, which makes nothing twice:`);
  complain(
    `  skillet launch ${provider.id} --profile ${JSON.stringify(values.profile ?? '')}${account}${changes} --token ${token}`,
  );
}
