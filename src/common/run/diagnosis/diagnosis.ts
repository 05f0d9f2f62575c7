/** What is said about how a run goes: where in the recipe, since when, by which numbers, and what would mend it. */
import type { DiagnosisCode } from '../../diagnosisCodes.ts';
import type { SettingChange } from '../../recipe/language/settingEdits.ts';

export interface Diagnosis {
  readonly code: DiagnosisCode;
  /** The recipe's field that causes it, as far as can be told. */
  readonly path: string;
  readonly severity: 'error' | 'warning' | 'information';
  /** Whole sentences: what, since which epoch, with numbers. */
  readonly message: string;
  readonly sinceEpoch: number | null;
  readonly evidence: readonly Evidence[];
  /** A whole sentence. */
  readonly remedy: string;
  /** Changes of the recipe that may mend it, the best first. */
  readonly fixes: readonly SettingFix[];
}

/** A number behind a diagnosis, such as `best val_loss, in epoch 16` 0.331. */
export interface Evidence {
  readonly label: string;
  readonly value: number;
}

export interface SettingFix {
  /** `Set learningRate: 0.001`. */
  readonly title: string;
  readonly changes: readonly SettingChange[];
}
