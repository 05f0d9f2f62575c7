/** The second answer: which image. */
import type { Image, ImageSource } from '../../common/cloud/offer.ts';
import { Problems } from './fields.tsx';
import type { Form } from './form.ts';
import { keyOf } from './launchModel.ts';

const SOURCES: readonly { value: ImageSource; text: string }[] = [
  { value: 'recommended', text: 'Recommended' },
  { value: 'own', text: 'My images' },
  { value: 'marketplace', text: 'Marketplace' },
];

export function ImagePart({ form }: { readonly form: Form }) {
  return (
    <section aria-labelledby="image-title" class="part image">
      <h2 id="image-title">2. Which image</h2>
      <Search form={form} />
      <p class="muted image-status" role="status">
        {statusOf(form)}
      </p>
      <div id="image" tabIndex={-1} class="images scroll">
        <ul aria-label="Images">
          {imagesOf(form).map((image) => (
            <ImageLine key={image.id} form={form} image={image} />
          ))}
        </ul>
      </div>
      <Problems form={form} path="image" />
      {form.draft.image === null ? null : <Problems form={form} path={`image.${form.draft.image.type}`} />}
    </section>
  );
}

function Search({ form }: { readonly form: Form }) {
  const { imageText, imageSource } = form.state;
  return (
    <div class="wishes">
      <div class="segments" role="radiogroup" aria-label="Images from">
        {SOURCES.map(({ value, text }) => (
          <label key={value} class="check">
            <input
              type="radio"
              name="image-source"
              checked={imageSource === value}
              onChange={() => form.searchImages(imageText, value)}
            />
            <span>{text}</span>
          </label>
        ))}
      </div>
      <label class="grow">
        <span class="hidden">Search by name</span>
        <input
          type="text"
          class="search"
          spellcheck={false}
          value={imageText}
          placeholder={
            imageSource === 'recommended'
              ? 'Search all images by name, such as RStudio Server with TensorFlow-GPU'
              : 'Search these by name'
          }
          onChange={({ currentTarget }) => form.searchImages(currentTarget.value, imageSource)}
        />
      </label>
    </div>
  );
}

/** What is chosen stays in sight, whatever is searched for. */
function imagesOf({ model, draft }: Form): readonly Image[] {
  return draft.region === model.images.region ? model.images.images : [];
}

function statusOf({ model, draft, state }: Form): string {
  const { isAsking, problem, images } = model.images;
  if (problem !== null) {
    return `${problem.message} ${problem.remedy}`;
  }
  if (isAsking) {
    return 'Asking for images…';
  }
  if (images.length > 0) {
    return `${images.length} in ${draft.region}, the newest first${draft.imageTitle === '' ? '' : `. Chosen: ${draft.imageTitle}`}.`;
  }
  return state.imageSource === 'marketplace' && state.imageText === ''
    ? 'Write a part of the name and press Enter.'
    : `No image of that name in ${draft.region}.`;
}

function ImageLine({ form, image }: { readonly form: Form; readonly image: Image }) {
  const { draft, model } = form;
  const architecture = model.offers.offers.get(keyOf(draft))?.architecture ?? image.architecture;
  const isFit = architecture === image.architecture;
  const isChosen =
    draft.image?.type === 'parameter'
      ? draft.image.name === image.parameter
      : draft.image?.type === 'id' && draft.image.id === image.id;
  const choose = () =>
    form.change({
      // By its parameter the newest version is taken each time, in any region.
      image: image.parameter === null ? { type: 'id', id: image.id } : { type: 'parameter', name: image.parameter },
      imageTitle: image.name,
    });
  return (
    <li class={isChosen ? 'chosen' : ''}>
      <label class="image-line">
        <input type="radio" name="image" checked={isChosen} disabled={!isFit} onChange={choose} />
        <span>
          <span class="image-name">{image.name}</span>
          <span class="muted image-about">
            {[
              isFit ? '' : `for ${image.architecture}, and the machine is ${architecture}`,
              image.createdAt === null ? '' : image.createdAt.slice(0, 10),
              image.id,
              `sign in as ${image.user}`,
              image.rootSizeGb === null ? '' : `${image.rootSizeGb} GiB disk`,
              image.isMarketplace ? 'Marketplace: may ask to be subscribed to first' : '',
              image.deprecatedAt === null ? '' : `deprecated ${image.deprecatedAt.slice(0, 10)}`,
            ]
              .filter((word) => word !== '')
              .join(' · ')}
          </span>
        </span>
      </label>
    </li>
  );
}
