/** The form's memory and what its buttons do: every change of the page goes through here. */
import type { ImageSource, OfferQuery } from '../../common/cloud/offer.ts';
import { isFault } from '../../common/cloud/profileProblem.ts';
import type { FromLaunchPage, ToLaunchPage } from '../../common/launchMessages.ts';
import { type Draft, fromProfile, toProfile } from './draft.ts';
import { focusPath } from './focusPath.ts';
import type { Form, FormState, Hold, KeptForm, Wishes } from './form.ts';
import { emptyKept } from './form.ts';
import { emptyModel, type LaunchModel, receive } from './launchModel.ts';
import { keepOrder, type OfferSorting, sortOffers } from './offerOrder.ts';

const GIB = 1024 ** 3;
/** Rows that are drawn at first; more on demand. */
const FIRST_ROWS = 60;

export interface CreatedForm {
  form(): Form;
  receive(message: ToLaunchPage): void;
  kept(): KeptForm;
}

export interface FormHost {
  send(message: FromLaunchPage): void;
  draw(): void;
}

export function createForm(brought: Partial<KeptForm>, host: FormHost): CreatedForm {
  let model: LaunchModel = emptyModel;
  let state: FormState = {
    ...emptyKept,
    ...brought,
    touched: new Set(),
    isReviewed: false,
    isAsking: false,
    order: [],
    shown: FIRST_ROWS,
  };
  const holding = new Set<Hold>();
  const { send } = host;

  const set = (part: Partial<FormState>) => {
    state = { ...state, ...part };
    host.draw();
  };
  const nextAsk = () => {
    state = { ...state, ask: state.ask + 1 };
    return state.ask;
  };
  const order = () => {
    const { offers } = model.offers;
    return holding.size > 0 ? keepOrder(state.order, offers) : sortOffers(offers.values(), state.sorting);
  };
  const tellDraft = () => {
    const ask = nextAsk();
    model = { ...model, ask, review: null };
    send({ type: 'draft', ask, profile: toProfile(state.draft) });
  };
  const change = (part: Partial<Draft>) => {
    set({ draft: { ...state.draft, ...part } });
    tellDraft();
  };
  const searchOffers = (wishes: Wishes = state.wishes) => {
    const ask = nextAsk();
    model = { ...model, offers: { ...emptyModel.offers, ask, isAsking: wishes.regions.length > 0 } };
    set({ wishes, order: [], shown: FIRST_ROWS });
    if (wishes.regions.length > 0) {
      send({ type: 'searchOffers', ask, query: queryOf(wishes, state.draft) });
    }
  };
  const searchImages = (imageText: string, imageSource: ImageSource) => {
    const ask = nextAsk();
    const { region } = state.draft;
    const isAsked = imageSource !== 'marketplace' || imageText.trim() !== '';
    const images = isAsked ? model.images.images : [];
    model = { ...model, images: { ...model.images, ask, images, isAsking: isAsked, problem: null } };
    set({ imageText, imageSource });
    if (isAsked) {
      const text = imageText.trim();
      // A name among the recommended ones is looked for everywhere: whoever gives the image, it is found.
      const from = text !== '' && imageSource === 'recommended' ? {} : { from: imageSource };
      send({ type: 'searchImages', ask, query: { region, ...from, ...(text === '' ? {} : { text }) } });
    }
  };
  /** All that depends on the region is asked anew. */
  const askRegion = () => {
    const { region, instanceType } = state.draft;
    model = { ...model, choices: model.choices?.region === region ? model.choices : null };
    send({ type: 'askChoices', region });
    searchImages(state.imageText, state.imageSource);
    askReserved(region, instanceType);
  };
  const askReserved = (region: string, instanceType: string) => {
    if (instanceType !== '') {
      send({ type: 'askReserved', region, instanceType });
    }
  };
  const chooseOffer = (region: string, instanceType: string) => {
    if (region === state.draft.region && instanceType === state.draft.instanceType) {
      return;
    }
    const isElsewhere = region !== state.draft.region;
    change({ region, instanceType, ...(isElsewhere ? ofRegion(state.draft) : {}) });
    if (isElsewhere) {
      askRegion();
    } else {
      askReserved(region, instanceType);
    }
  };
  const review = () => {
    const ask = nextAsk();
    model = { ...model, ask, review: null, reviewProblem: null };
    set({ isReviewed: true, isAsking: true });
    send({ type: 'review', ask, profile: toProfile(state.draft) });
  };

  const showFault = (path: string) => {
    set({ isAsking: false, view: 'form' });
    focusPath(path);
  };
  const begin = ({ start }: Extract<ToLaunchPage, { type: 'begin' }>) => {
    const region = state.draft.region === '' ? start.defaultRegion : state.draft.region;
    const regions = state.wishes.regions.length === 0 ? [region] : state.wishes.regions;
    state = { ...state, draft: { ...state.draft, region }, wishes: { ...state.wishes, regions } };
    searchOffers();
    askRegion();
    if (state.view === 'review') {
      review();
    } else {
      tellDraft();
    }
  };
  const open = ({ file, profile }: Extract<ToLaunchPage, { type: 'profile' }>) => {
    const draft = fromProfile(profile);
    const regions = [...new Set([profile.region, ...state.wishes.regions])];
    set({ draft, file, wishes: { ...state.wishes, regions }, view: 'form' });
    searchOffers();
    askRegion();
    tellDraft();
  };
  const answer = (message: ToLaunchPage) => {
    switch (message.type) {
      case 'begin':
        return begin(message);
      case 'offers':
      case 'offersEnd':
        return set({ order: order() });
      case 'problems':
        return state.isAsking && message.ask === model.ask && message.problems.some(isFault)
          ? showFault(message.problems.find(isFault)?.path ?? '')
          : undefined;
      case 'review':
        return message.ask === model.ask && state.isAsking ? set({ isAsking: false, view: 'review' }) : undefined;
      case 'reviewFailed':
        return message.ask === model.ask && state.isAsking ? showFault(message.problem.path) : undefined;
      case 'launch':
        // Whatever was reviewed is launched: coming back, the form is where one goes on.
        return message.view.state === 'idle' ? undefined : set({ view: 'form', isReviewed: false });
      case 'profile':
        return open(message);
      case 'path':
        return change(pathPart(message));
      default:
        return;
    }
  };

  return {
    form: () => ({
      model,
      state,
      draft: state.draft,
      change,
      set,
      touch: (path) => set({ touched: new Set(state.touched).add(path) }),
      chooseOffer,
      searchOffers,
      searchImages,
      sort(sorting: OfferSorting) {
        set({ sorting, order: sortOffers(model.offers.offers.values(), sorting) });
      },
      hold(by, isHeld) {
        if (isHeld) {
          holding.add(by);
        } else if (holding.delete(by) && holding.size === 0) {
          set({ order: order() });
        }
      },
      review,
      save: () => send({ type: 'saveProfile', profile: toProfile(state.draft) }),
      send,
    }),
    receive(message) {
      model = receive(model, message);
      answer(message);
    },
    kept() {
      const { draft, wishes, sorting, imageText, imageSource, view, ask, file } = state;
      return { draft, wishes, sorting, imageText, imageSource, view, ask, file };
    },
  };
}

function queryOf({ gpuName, gpuCount, gpuMemoryGib, instanceType, regions }: Wishes, { count }: Draft): OfferQuery {
  const number = (text: string) => {
    const value = Number(text);
    return text.trim() !== '' && Number.isFinite(value) && value > 0 ? value : undefined;
  };
  const [cards, memory, machines] = [number(gpuCount), number(gpuMemoryGib), number(count)];
  return {
    regions,
    ...(cards === undefined ? {} : { gpuCount: cards }),
    ...(memory === undefined ? {} : { gpuMemoryBytes: memory * GIB }),
    ...(gpuName === '' ? {} : { gpuName }),
    ...(instanceType.trim() === '' ? {} : { instanceType: instanceType.trim() }),
    ...(machines === undefined ? {} : { count: machines }),
  };
}

/** What of a draft is at home in one region and gone in another. */
function ofRegion({ image, imageTitle }: Draft): Partial<Draft> {
  return {
    zone: '',
    vpc: '',
    subnet: '',
    groupIds: [],
    keyName: '',
    image: image?.type === 'id' ? null : image,
    imageTitle: image?.type === 'id' ? '' : imageTitle,
  };
}

function pathPart({ field, path }: Extract<ToLaunchPage, { type: 'path' }>): Partial<Draft> {
  switch (field) {
    case 'keyPair.create.saveTo':
      return { saveTo: path };
    case 'keyPair.import.publicKeyFile':
      return { publicKeyFile: path };
    case 'keyPair.existing.file':
      return { keyFile: path };
  }
}
