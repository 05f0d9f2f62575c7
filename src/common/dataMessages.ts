/** All that the page of "New Recipe from Data" can say and hear. */
import type { DataProfile } from './data/profile.ts';
import type { RecipeChoices } from './recipe/suggestChoices.ts';

export type ToDataPage =
  /** Reading begins; the file's whole path. */
  | { readonly type: 'reading'; readonly file: string }
  | { readonly type: 'progress'; readonly share: number }
  /** `csv` is the path as the recipe will write it. */
  | { readonly type: 'profile'; readonly profile: DataProfile; readonly csv: string }
  /** The file cannot be read, or no recipe was made; whole sentences. */
  | { readonly type: 'failed'; readonly message: string; readonly remedy: string }
  | { readonly type: 'created'; readonly file: string };

export type FromDataPage =
  | { readonly type: 'ready' }
  /** Reads the file anew, all of it this time if `isWhole`. */
  | { readonly type: 'read'; readonly isWhole: boolean }
  | { readonly type: 'cancel' }
  | { readonly type: 'create'; readonly choices: RecipeChoices; readonly isTrained: boolean }
  | { readonly type: 'openFile' };

/** What VS Code keeps of the page while it is hidden and over a reload. */
export interface DataPageState {
  readonly file: string;
  readonly choices: RecipeChoices | null;
}
