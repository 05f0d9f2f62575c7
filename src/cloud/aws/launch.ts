/** Launching at AWS: the review beforehand, and the launch itself. */
import type { LaunchVerbs } from '../provider.ts';
import type { AwsClients } from './awsClients.ts';
import { LAUNCH_PACE, type LaunchPace } from './launchParts.ts';
import { reviewLaunch } from './launchReview.ts';
import { runLaunch } from './launchRun.ts';

export function createLaunchVerbs(clients: AwsClients, pace: LaunchPace = LAUNCH_PACE): LaunchVerbs {
  return {
    review: (profile, ask, signal) => reviewLaunch({ clients, profile, signal }, ask),
    launch: (profile, options) =>
      runLaunch({ clients, pace, profile, token: options.token, signal: options.signal }, options),
  };
}
