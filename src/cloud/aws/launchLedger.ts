/** What a launch has made, written down before each call is made, so that all of it can be taken away again. */
import type { LaunchEvent, MadeThing } from '../../common/cloud/launchRecord.ts';
import { SkilletError } from '../../common/errors.ts';
import { isOutcomeUnknown, toCloudError } from './awsErrors.ts';

/** One thing that is made by one call. */
export interface Making<T> {
  readonly kind: MadeThing['kind'];
  readonly region: string;
  /** What it is called while its id is not known. */
  readonly name: string;
  create(): Promise<T>;
  /** Whether `create` sends a token by which the provider gives a second attempt the first one's result. */
  readonly hasToken?: boolean;
  idsOf(made: T): readonly string[];
  /** Asks the provider for what this launch made of the kind, by its tag. */
  find(signal: AbortSignal): Promise<readonly string[]>;
  /** Ends what would make more of them, before they are looked for. */
  stopMore?(signal: AbortSignal): Promise<void>;
  /** Resolves when it is gone; also when it was. */
  remove(id: string, signal: AbortSignal): Promise<void>;
  /** Takes away what came along with them, once they are gone. */
  sweepUp?(signal: AbortSignal): Promise<void>;
}

export interface Ledger {
  /** Makes a thing, or throws what the provider says; what became of it then is found out by `undo`. */
  make<T>(making: Making<T>): Promise<T>;
  /**
   * Takes away what was made, newest first, and looks for what may have been made; stops where a machine may live.
   *
   * @returns What is, or may be, still there; empty only when the provider has said so.
   */
  undo(isMeant?: (entry: { readonly kind: MadeThing['kind'] }) => boolean): Promise<readonly MadeThing[]>;
  made(): readonly MadeThing[];
}

export interface LedgerParts {
  readonly onEvent: (event: LaunchEvent) => void;
  /** Pauses between looks, and between tries to remove: growing. */
  readonly pausesMs: readonly number[];
  readonly wait: (ms: number) => Promise<void>;
  /** Ends a removal that does not end. */
  readonly undoLimitMs: number;
}

interface Entry {
  readonly making: Making<unknown>;
  /** Null while the outcome of the call is not known. */
  ids: readonly string[] | null;
}

export function createLedger(parts: LedgerParts): Ledger {
  const entries: Entry[] = [];
  return {
    async make(making) {
      const entry: Entry = { making: making as Making<unknown>, ids: null };
      entries.push(entry);
      try {
        const made = await making.create();
        entry.ids = making.idsOf(made);
        for (const id of entry.ids) {
          parts.onEvent({ type: 'made', what: { kind: making.kind, id, region: making.region } });
        }
        return made;
      } catch (error) {
        entry.ids = mayHaveMade(error, making) ? null : [];
        throw error;
      }
    },
    async undo(isMeant = () => true) {
      const left: MadeThing[] = [];
      for (const entry of [...entries].reverse().filter(({ making }) => isMeant(making))) {
        // A machine that may live keeps its key and its group: whoever finds it will want to get in. A request may get one.
        const isKept = left.some(({ kind }) => kind === 'instance' || kind === 'spotRequest');
        const still = isKept ? keep(entry, parts) : await undoOne(entry, parts);
        left.push(...still);
        if (still.length === 0) {
          entries.splice(entries.indexOf(entry), 1);
        }
      }
      return left;
    },
    made: () =>
      entries.flatMap(({ making: { kind, region }, ids }) =>
        (ids ?? []).map((id): MadeThing => ({ kind, id, region })),
      ),
  };
}

/** An answer that came on a second try says nothing about the first one. */
function mayHaveMade(error: unknown, { hasToken = false }: Making<unknown>): boolean {
  const fault = toCloudError(error, '');
  if (hasToken && fault instanceof SkilletError && fault.code === 'cloud-capacity') {
    return false; // Had an earlier attempt been heard, its token would have brought its machine and not this refusal.
  }
  const attempts = (error as { $metadata?: { attempts?: number } } | null)?.$metadata?.attempts ?? 1;
  return attempts > 1 || isOutcomeUnknown(error);
}

function keep({ making: { kind, region, name }, ids }: Entry, { onEvent }: LedgerParts): MadeThing[] {
  return (ids ?? [name]).map((id) => {
    const what: MadeThing = { kind, id, region };
    onEvent({ type: 'left', what, message: 'It is kept for the machine that may still be there.' });
    return what;
  });
}

async function undoOne({ making, ids }: Entry, parts: LedgerParts): Promise<readonly MadeThing[]> {
  const signal = AbortSignal.timeout(parts.undoLimitMs);
  if (ids?.length === 0) {
    return [];
  }
  const more = await stopMore(making, parts, signal);
  /** By id, whether it is gone. */
  const tried = new Map<string, boolean>();
  try {
    let found = ids ?? (await look(making, parts, signal));
    while (found.length > 0) {
      await Promise.all(found.map(async (id) => tried.set(id, await removeOne(making, id, { parts, signal }))));
      // Of several whose answer was lost, the first that are seen need not be all.
      const seen = ids === null ? await again(parts, () => making.find(signal)) : [];
      found = seen.filter((id) => !tried.has(id));
    }
  } catch (error) {
    return [...more, ...thingsLeft(making, tried), leftOf(making, { id: making.name, error }, parts)];
  }
  return [...more, ...thingsLeft(making, tried), ...(await sweepUp({ making, ids }, parts, signal))];
}

interface Removing {
  readonly parts: LedgerParts;
  readonly signal: AbortSignal;
}

async function removeOne(making: Making<unknown>, id: string, { parts, signal }: Removing): Promise<boolean> {
  try {
    await again(parts, () => making.remove(id, signal));
    parts.onEvent({ type: 'removed', what: { kind: making.kind, id, region: making.region } });
    return true;
  } catch (error) {
    leftOf(making, { id, error }, parts);
    return false;
  }
}

function thingsLeft({ kind, region }: Making<unknown>, tried: ReadonlyMap<string, boolean>): MadeThing[] {
  return [...tried].filter(([, isGone]) => !isGone).map(([id]) => ({ kind, id, region }));
}

interface Fault {
  readonly kind?: MadeThing['kind'];
  readonly id: string;
  readonly error: unknown;
}

function leftOf(making: Making<unknown>, { kind = making.kind, id, error }: Fault, parts: LedgerParts): MadeThing {
  const what: MadeThing = { kind, id, region: making.region };
  parts.onEvent({ type: 'left', what, message: reasonOf(error) });
  return what;
}

/** What cannot be stopped is told, and keeps nothing from being removed: that costs already. */
async function stopMore(
  making: Making<unknown>,
  parts: LedgerParts,
  signal: AbortSignal,
): Promise<readonly MadeThing[]> {
  try {
    await (making.stopMore === undefined ? undefined : again(parts, () => making.stopMore?.(signal)));
    return [];
  } catch (error) {
    return [leftOf(making, { kind: 'spotRequest', id: `requests of ${making.name}`, error }, parts)];
  }
}

/** What comes along may come late, where nobody knows how far the call had got. */
async function sweepUp({ making, ids }: Entry, parts: LedgerParts, signal: AbortSignal): Promise<readonly MadeThing[]> {
  if (making.sweepUp === undefined) {
    return [];
  }
  try {
    for (const pauseMs of ids === null ? parts.pausesMs : []) {
      await again(parts, () => making.sweepUp?.(signal));
      await parts.wait(pauseMs);
    }
    await again(parts, () => making.sweepUp?.(signal));
    return [];
  } catch (error) {
    return [leftOf(making, { kind: 'volume', id: `disks of ${making.name}`, error }, parts)];
  }
}

/** What was made a moment ago is not seen at once, so that nothing is believed only after the last look. */
async function look(making: Making<unknown>, parts: LedgerParts, signal: AbortSignal): Promise<readonly string[]> {
  for (const pauseMs of parts.pausesMs) {
    const found = await again(parts, () => making.find(signal));
    if (found.length > 0) {
      return found;
    }
    await parts.wait(pauseMs);
  }
  return again(parts, () => making.find(signal));
}

/** Tries once more after each pause; then throws the last fault. */
async function again<T>(parts: LedgerParts, work: () => Promise<T> | T): Promise<T> {
  for (const pauseMs of parts.pausesMs) {
    try {
      return await work();
    } catch {
      await parts.wait(pauseMs);
    }
  }
  return work();
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
