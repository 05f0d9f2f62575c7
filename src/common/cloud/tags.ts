/** The tags by which Skillet knows what is its own at a provider. All of their names begin with `skillet:`. */

export const TAGS = {
  /** On everything that Skillet makes: the version of Skillet. */
  owner: 'skillet:made-by',
  /** Joins all that one launch made: its client token. */
  launch: 'skillet:launch',
  /** ISO 8601; the guard on the machine ends it then. `never` for no deadline. */
  deadline: 'skillet:deadline',
  /** Hours that a machine has when it is started again after its deadline; `never` for no limit. */
  deadlineHours: 'skillet:deadline-hours',
  /** Minutes without work after which the guard ends the machine; `0` for never. */
  idleMinutes: 'skillet:idle-minutes',
  /** `stop` or `terminate`: what the guard does. */
  guardAction: 'skillet:guard-action',
  /** Where SSH listens on the machine, where that is not port 22. */
  sshPort: 'skillet:ssh-port',
  /** Who to sign in as, where the image does not tell. */
  sshUser: 'skillet:ssh-user',
} as const;

/** Whether Skillet made what carries these tags. */
export function isOurs(tags: Readonly<Record<string, string>>): boolean {
  return TAGS.owner in tags;
}
