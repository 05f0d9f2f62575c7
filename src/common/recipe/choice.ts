/** A recipe says "which one, with what settings" as a word or as an object with one key; this turns both into `{ type, … }`. */
import { z } from 'zod';

type Settings = Record<string, z.ZodObject>;

/** `{ type: K } & settings of K`, for every K: what a choice parses to. */
export type Chosen<S extends Settings> = { [K in keyof S & string]: { type: K } & Output<S[K]> }[keyof S & string];

// zod types an object without keys as Record<string, never>, which would turn `type` into never.
type Output<O extends z.ZodObject> = keyof O['shape'] extends never ? unknown : z.output<O>;

/**
 * Accepts `{ word: settings }` for exactly one of the words, and the bare word where all its settings have defaults.
 *
 * @param options Word → strict object schema of its settings.
 */
export function choice<S extends Settings>(options: S, thing: string) {
  const words = Object.keys(options);
  const shape = Object.fromEntries(words.map((word) => [word, z.nullable(options[word] as z.ZodObject).optional()]));
  const keyed = z
    .strictObject(shape)
    .refine((value) => Object.keys(value).length === 1, { error: `needs exactly one ${thing}: ${words.join(', ')}` })
    .meta({ minProperties: 1, maxProperties: 1, title: thing })
    .transform((value, context) => {
      const [word, settings] = Object.entries(value)[0] as [string, object | null];
      // `- flatten:` in YAML has no value at all: its settings are then all defaults.
      return settings === null ? withDefaults(options, word, context) : { type: word, ...settings };
    });
  const bare = words.filter((word) => options[word]?.safeParse({}).success);
  if (bare.length === 0) {
    return keyed as unknown as z.ZodType<Chosen<S>>;
  }
  const named = z
    .enum(bare as [string, ...string[]])
    .meta({ enumDescriptions: bare.map((word) => options[word]?.description ?? '') })
    .transform((word, context) => withDefaults(options, word, context));
  return z.union([named, keyed]) as unknown as z.ZodType<Chosen<S>>;
}

function withDefaults(options: Settings, word: string, context: z.RefinementCtx) {
  const parsed = options[word]?.safeParse({});
  for (const issue of parsed?.error?.issues ?? []) {
    context.addIssue({ ...issue, path: [word, ...issue.path] } as Parameters<typeof context.addIssue>[0]);
  }
  return parsed?.success ? { type: word, ...parsed.data } : z.NEVER;
}
