/** What every part of the form is given: what is known, what was typed, and how to change it. */
import type { ImageSource } from '../../common/cloud/offer.ts';
import type { FromLaunchPage } from '../../common/launchMessages.ts';
import { type Draft, emptyDraft } from './draft.ts';
import type { LaunchModel } from './launchModel.ts';
import { FIRST_SORTING, type OfferSorting } from './offerOrder.ts';

/** Which offers are looked for. */
export interface Wishes {
  readonly gpuName: string;
  readonly gpuCount: string;
  readonly gpuMemoryGib: string;
  readonly instanceType: string;
  readonly regions: readonly string[];
}

/** All that is brought back after a reload. */
export interface KeptForm {
  readonly draft: Draft;
  readonly wishes: Wishes;
  readonly sorting: OfferSorting;
  readonly imageText: string;
  readonly imageSource: ImageSource;
  readonly view: 'form' | 'review';
  /** The number of the last question, so that no old answer fits a new one. */
  readonly ask: number;
  /** The profile's file, where one was opened. */
  readonly file: string | null;
}

export const emptyKept: KeptForm = {
  draft: emptyDraft,
  wishes: { gpuName: '', gpuCount: '1', gpuMemoryGib: '', instanceType: '', regions: [] },
  sorting: FIRST_SORTING,
  imageText: '',
  imageSource: 'recommended',
  view: 'form',
  ask: 0,
  file: null,
};

/** What lives as long as the page. */
export interface FormState extends KeptForm {
  /** Fields that were left once: only their faults are told before a review is asked for. */
  readonly touched: ReadonlySet<string>;
  readonly isReviewed: boolean;
  /** Whether the answer to Review is awaited. */
  readonly isAsking: boolean;
  /** Keys of the offers as they stand. */
  readonly order: readonly string[];
  /** How many of them are drawn. */
  readonly shown: number;
}

export type Hold = 'pointer' | 'focus';

export interface Form {
  readonly model: LaunchModel;
  readonly state: FormState;
  readonly draft: Draft;
  change(draft: Partial<Draft>): void;
  set(state: Partial<FormState>): void;
  touch(path: string): void;
  chooseOffer(region: string, instanceType: string): void;
  searchOffers(wishes?: Wishes): void;
  searchImages(text: string, source: ImageSource): void;
  sort(sorting: OfferSorting): void;
  /** While a person points at the offers, or goes through them by keys, they keep their places. */
  hold(by: Hold, isHeld: boolean): void;
  review(): void;
  save(): void;
  send(message: FromLaunchPage): void;
}
