/** Stands in for the reading of launch profiles until that is there. */
import { parse, stringify } from 'yaml';
import { type LaunchProfile, launchProfileSchema } from '../../../common/cloud/launchProfile.ts';
import type { Checked } from './launchSession.ts';

export function parseLaunchProfile(text: string): Checked {
  const read = launchProfileSchema.safeParse(parse(text));
  return read.success
    ? { profile: read.data, problems: [] }
    : {
        profile: null,
        problems: read.error.issues.map((issue) => ({
          code: 'cloud-profile',
          path: issue.path
            .map((one) => (typeof one === 'number' ? `[${one}]` : `.${String(one)}`))
            .join('')
            .slice(1),
          message: issue.message,
          remedy: '',
        })),
      };
}

export function printLaunchProfile(profile: LaunchProfile): string {
  return stringify(profile);
}
