/** All that the form knows, folded from what it is told. What a person has typed is in the draft, beside it. */
import type { Review } from '../../common/cloud/launchRecord.ts';
import type { Image, Offer, ReservedOffering } from '../../common/cloud/offer.ts';
import type { Problem } from '../../common/errors.ts';
import type { LaunchStart, LaunchView, RegionChoices, ToLaunchPage } from '../../common/launchMessages.ts';

export interface OffersState {
  readonly ask: number;
  /** By region and type. */
  readonly offers: ReadonlyMap<string, Offer>;
  /** Regions whose prices are all in. */
  readonly complete: ReadonlySet<string>;
  readonly faults: ReadonlyMap<string, readonly string[]>;
  readonly isAsking: boolean;
  readonly problem: Problem | null;
}

export interface ImagesState {
  readonly ask: number;
  readonly isAsking: boolean;
  /** Of which region they are; null before any came. */
  readonly region: string | null;
  readonly images: readonly Image[];
  readonly problem: Problem | null;
}

export interface LaunchModel {
  readonly start: LaunchStart | null;
  readonly beginProblem: Problem | null;
  readonly offers: OffersState;
  readonly images: ImagesState;
  readonly choices: RegionChoices | null;
  readonly reserved: {
    readonly region: string;
    readonly instanceType: string;
    readonly best: ReservedOffering | null;
  } | null;
  /** Of the newest draft that was checked. */
  readonly problems: readonly Problem[];
  /** Of the review or estimate that was asked for last. */
  readonly ask: number;
  readonly review: { readonly ask: number; readonly review: Review } | null;
  readonly reviewProblem: Problem | null;
  readonly launch: LaunchView | null;
}

export const emptyModel: LaunchModel = {
  start: null,
  beginProblem: null,
  offers: {
    ask: 0,
    offers: new Map(),
    complete: new Set(),
    faults: new Map(),
    isAsking: false,
    problem: null,
  },
  images: { ask: 0, isAsking: false, region: null, images: [], problem: null },
  choices: null,
  reserved: null,
  problems: [],
  ask: 0,
  review: null,
  reviewProblem: null,
  launch: null,
};

export function keyOf({ region, instanceType }: Pick<Offer, 'region' | 'instanceType'>): string {
  return `${region} ${instanceType}`;
}

export function receive(model: LaunchModel, message: ToLaunchPage): LaunchModel {
  switch (message.type) {
    case 'begin':
      return { ...model, start: message.start, beginProblem: null };
    case 'beginFailed':
      return { ...model, beginProblem: message.problem };
    case 'offers':
    case 'offersEnd':
      return message.ask === model.offers.ask ? { ...model, offers: withOffers(model.offers, message) } : model;
    case 'images':
    case 'imagesFailed':
      return message.ask === model.images.ask ? { ...model, images: withImages(model.images, message) } : model;
    case 'choices':
      return { ...model, choices: message.choices };
    case 'reserved':
      return { ...model, reserved: message };
    case 'problems':
      return message.ask === model.ask ? { ...model, problems: message.problems } : model;
    case 'review':
      return message.ask === model.ask ? { ...model, review: message, reviewProblem: null } : model;
    case 'reviewFailed':
      return message.ask === model.ask
        ? {
            ...model,
            review: null,
            reviewProblem: message.problem,
            // It may be about a field, where it is told as well.
            problems: [...model.problems, message.problem],
          }
        : model;
    case 'launch':
      return { ...model, launch: message.view };
    case 'profile':
    case 'path':
      return model; // They change the draft.
  }
}

type OffersMessage = Extract<ToLaunchPage, { type: 'offers' | 'offersEnd' }>;

function withOffers(state: OffersState, message: OffersMessage): OffersState {
  if (message.type === 'offersEnd') {
    return { ...state, isAsking: false, problem: message.problem };
  }
  const { region, isComplete } = message;
  const offers = new Map(state.offers);
  for (const offer of message.offers) {
    offers.set(keyOf(offer), offer);
  }
  const complete = new Set(state.complete);
  if (isComplete) {
    complete.add(region);
  }
  return { ...state, offers, complete, faults: new Map(state.faults).set(region, message.faults) };
}

type ImagesMessage = Extract<ToLaunchPage, { type: 'images' | 'imagesFailed' }>;

function withImages(state: ImagesState, message: ImagesMessage): ImagesState {
  return message.type === 'imagesFailed'
    ? { ...state, isAsking: false, problem: message.problem }
    : { ...state, isAsking: false, problem: null, region: message.query.region, images: message.images };
}

/** The problems of a field, and of what is in it where no field of its own shows those. */
export function problemsAt(problems: readonly Problem[], path: string): readonly Problem[] {
  return problems.filter((problem) => problem.path === path);
}
