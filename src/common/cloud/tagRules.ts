/** What tags may be called, so that AWS takes them and the machine can read them. */
import type { Problem } from '../errors.ts';
import type { LaunchProfile } from './launchProfile.ts';
import { wrong } from './profileProblem.ts';
import { TAGS } from './tags.ts';

/** AWS's limit for one thing. */
const MOST_TAGS = 50;

/** How many tags a profile may have besides Skillet's own. */
export function mostOwnTags({ name }: Pick<LaunchProfile, 'name'>): number {
  return MOST_TAGS - Object.keys(TAGS).length - (name === undefined ? 0 : 1);
}

export function checkTags(profile: LaunchProfile): Problem[] {
  const names = Object.keys(profile.tags);
  const most = mostOwnTags(profile);
  const many =
    names.length > most
      ? [
          wrong(
            'tags',
            `${names.length} are too many.`,
            `Use at most ${most}: AWS takes ${MOST_TAGS}, and Skillet has its own.`,
          ),
        ]
      : [];
  return [...many, ...names.flatMap((name) => checkTag(name, profile))];
}

function checkTag(name: string, profile: LaunchProfile): Problem[] {
  const path = `tags.${name}`;
  if (/^aws:/i.test(name)) {
    return [wrong(path, 'begins with aws:, which is kept for AWS.', 'Call it something else.')];
  }
  if (/^skillet:/i.test(name)) {
    return [wrong(path, 'begins with skillet:, by which Skillet knows what it made.', 'Call it something else.')];
  }
  if (name === 'Name' && profile.name !== undefined) {
    return [wrong(path, 'and name both say what the machine is called.', 'Take one of them out.')];
  }
  // The machine may read its tags, and AWS then takes only names that can stand in an address.
  // https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/work-with-tags-in-IMDS.html
  return /^[A-Za-z0-9+=.,_:@-]+$/.test(name) && !['.', '..', '_index'].includes(name)
    ? []
    : [
        wrong(
          path,
          'has letters that the machine could not read its tag by.',
          'Use letters, digits and + - = . , _ : @.',
        ),
      ];
}
