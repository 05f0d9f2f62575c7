/** Ends a study whose trials all fail in the same way: more of them would only cost time. */

export interface FailureWatch {
  /** @param code Kind of the failure; null for a trial that went well. */
  add(code: string | null, message: string): void;
  /** Why the study should end, or null. */
  verdict(): string | null;
}

const IN_A_ROW = 3;

export function createFailureWatch(): FailureWatch {
  let last: string | null = null;
  let count = 0;
  let verdict: string | null = null;
  return {
    add(code, message) {
      count = code !== null && code === last ? count + 1 : 1;
      last = code;
      if (code !== null && count >= IN_A_ROW) {
        verdict ??= `${IN_A_ROW} trials in a row failed in the same way (${code}). The last one: ${message}`;
      }
    },
    verdict: () => verdict,
  };
}
