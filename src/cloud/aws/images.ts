/** Images to start from: AWS's deep-learning ones by their public parameters, and all others by a part of the name. */
import { type Image as Ec2Image, type Filter, paginateDescribeImages } from '@aws-sdk/client-ec2';
import { GetParametersCommand, paginateGetParametersByPath } from '@aws-sdk/client-ssm';
import type { Image, ImageQuery, ImageSource } from '../../common/cloud/offer.ts';
import type { CatalogueVerbs } from '../provider.ts';
import type { AwsClients } from './awsClients.ts';
import { toCloudError } from './awsErrors.ts';
import {
  familyOf,
  isImageParameter,
  KNOWN_PARAMETERS,
  matchesName,
  namePatterns,
  PARAMETER_FOLDERS,
  userOf,
} from './imageNames.ts';

const MAX_PAGES = 20;
/** SSM takes so many names at once. */
const NAMES_A_REQUEST = 10;
const IDS_A_REQUEST = 100;

export function createImageVerbs(clients: AwsClients): Pick<CatalogueVerbs, 'images'> {
  return {
    async images(query, signal) {
      const ask = { clients, query, signal };
      try {
        const found = await (query.text === undefined && (query.from ?? 'recommended') === 'recommended'
          ? recommended(ask)
          : searched(ask));
        return found.toSorted(
          (a, b) => (b.createdAt ?? '').localeCompare(a.createdAt ?? '') || a.name.localeCompare(b.name),
        );
      } catch (error) {
        throw toCloudError(error, query.region, { operation: 'ec2:DescribeImages', profile: clients.profile });
      }
    },
  };
}

interface ImageAsk {
  readonly clients: AwsClients;
  readonly query: ImageQuery;
  readonly signal: AbortSignal;
}

/** Those that AWS publishes under a name; where no names can be read, the newest of each family of its own. */
async function recommended(ask: ImageAsk): Promise<readonly Image[]> {
  const parameters = await readParameters(ask);
  if (parameters.size === 0) {
    const all = await describe(ask, {
      owners: ['amazon'],
      filters: [{ Name: 'name', Values: ['Deep Learning*'] }],
      source: 'recommended',
    });
    const newest = new Map<string, Image>();
    for (const image of all.toSorted((a, b) => (a.createdAt ?? '').localeCompare(b.createdAt ?? ''))) {
      newest.set(`${familyOf(image.name)} ${image.architecture}`, image);
    }
    return [...newest.values()];
  }
  const ids = [...new Set(parameters.values())];
  const images: Image[] = [];
  for (let from = 0; from < ids.length; from += IDS_A_REQUEST) {
    // A filter, since a list of ids is refused whole for one that has gone.
    const filters = [{ Name: 'image-id', Values: ids.slice(from, from + IDS_A_REQUEST) }];
    images.push(...(await describe(ask, { filters, source: 'recommended' })));
  }
  const byId = new Map(images.map((image) => [image.id, image]));
  return [...parameters].flatMap(([parameter, id]) => {
    const image = byId.get(id);
    return image === undefined ? [] : [{ ...image, parameter }];
  });
}

/** Parameter → image id. Listing needs a permission of its own; known names are asked for without it. */
async function readParameters({ clients, query, signal }: ImageAsk): Promise<ReadonlyMap<string, string>> {
  const client = clients.of('ssm', query.region);
  const found = new Map<string, string>();
  const take = (parameters: readonly { Name?: string; Value?: string }[]) => {
    for (const { Name: name, Value: id } of parameters) {
      if (name !== undefined && id?.startsWith('ami-') === true && isImageParameter(name)) {
        found.set(name, id);
      }
    }
  };
  try {
    for (const folder of PARAMETER_FOLDERS) {
      let count = 0;
      const pages = paginateGetParametersByPath(
        { client, pageSize: 10 },
        { Path: folder, Recursive: true },
        { abortSignal: signal },
      );
      for await (const { Parameters = [] } of pages) {
        take(Parameters);
        count += 1;
        if (count >= MAX_PAGES * 5) {
          break;
        }
      }
    }
  } catch {
    signal.throwIfAborted();
  }
  for (let from = 0; found.size === 0 && from < KNOWN_PARAMETERS.length; from += NAMES_A_REQUEST) {
    const Names = KNOWN_PARAMETERS.slice(from, from + NAMES_A_REQUEST);
    try {
      const { Parameters = [] } = await client.send(new GetParametersCommand({ Names }), { abortSignal: signal });
      take(Parameters);
    } catch {
      signal.throwIfAborted();
      break;
    }
  }
  return found;
}

const OWNERS: Readonly<Record<ImageSource, string>> = {
  recommended: 'amazon',
  own: 'self',
  marketplace: 'aws-marketplace',
};

/** With a text and no source: everybody's, so that an image is found by its name whoever gives it. */
async function searched(ask: ImageAsk): Promise<readonly Image[]> {
  const { text = '', from } = ask.query;
  const filters = text === '' ? [] : [{ Name: 'name', Values: [...namePatterns(text)] }];
  const owners = from === undefined ? null : OWNERS[from];
  const found = await describe(ask, {
    ...(owners === null ? {} : { owners: [owners] }),
    filters,
    source: from ?? null,
  });
  // Which of anybody's images are one's own, only AWS can tell.
  const own = from === undefined ? await describe(ask, { owners: ['self'], filters, source: 'own' }) : [];
  const images = new Map([...found, ...own].map((image) => [image.id, image]));
  return [...images.values()].filter(({ name }) => matchesName(name, text));
}

interface Described {
  readonly owners?: readonly string[];
  readonly filters: readonly Filter[];
  /** Null: by the image's owner. */
  readonly source: ImageSource | null;
}

async function describe({ clients, query, signal }: ImageAsk, { owners, filters, source }: Described) {
  const images: Image[] = [];
  const pages = paginateDescribeImages(
    { client: clients.of('ec2', query.region), pageSize: 500 },
    {
      ...(owners === undefined ? {} : { Owners: [...owners] }),
      Filters: [...filters, { Name: 'state', Values: ['available'] }],
    },
    { abortSignal: signal },
  );
  let count = 0;
  for await (const { Images = [] } of pages) {
    images.push(...Images.flatMap((image) => toImage(image, query.region, source) ?? []));
    count += 1;
    if (count >= MAX_PAGES) {
      break;
    }
  }
  return images;
}

function toImage(image: Ec2Image, region: string, source: ImageSource | null): Image | null {
  const { ImageId: id, Name: name, Architecture: architecture = 'x86_64' } = image;
  if (id === undefined || name === undefined || (architecture !== 'x86_64' && architecture !== 'arm64')) {
    return null;
  }
  const description = image.Description ?? '';
  const root = image.BlockDeviceMappings?.find(({ DeviceName }) => DeviceName === image.RootDeviceName);
  const isMarketplace =
    image.ImageOwnerAlias === 'aws-marketplace' ||
    source === 'marketplace' ||
    (image.ProductCodes ?? []).some(({ ProductCodeType }) => ProductCodeType === 'marketplace');
  const bySource = image.ImageOwnerAlias === 'amazon' ? 'recommended' : 'marketplace';
  return {
    id,
    region,
    name,
    description,
    source: source ?? bySource,
    architecture,
    createdAt: image.CreationDate ?? null,
    parameter: null,
    user: userOf(name, `${description} ${image.PlatformDetails === 'Linux/UNIX' ? '' : (image.PlatformDetails ?? '')}`),
    rootDevice: image.RootDeviceName ?? null,
    rootSizeGb: root?.Ebs?.VolumeSize ?? null,
    deprecatedAt: image.DeprecationTime ?? null,
    isMarketplace,
  };
}
