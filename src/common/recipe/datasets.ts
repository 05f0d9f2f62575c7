/** The data sets that a recipe may name: which files they are made of, and where these are published. */

export interface DatasetFile {
  readonly name: string;
  readonly bytes: number;
  readonly sha256: string;
}

export interface Dataset {
  /** As people call it. */
  readonly title: string;
  readonly image: { readonly height: number; readonly width: number; readonly channels: number };
  /** Null where a class is called by its number. */
  readonly classes: readonly string[] | null;
  /** Addresses of the folders that hold the files, the first to be asked first. */
  readonly mirrors: readonly string[];
  readonly files: Readonly<Record<keyof typeof IDX_NAMES, DatasetFile>>;
}

/** The published names are the same for every data set of this form. */
const IDX_NAMES = {
  images: 'train-images-idx3-ubyte.gz',
  labels: 'train-labels-idx1-ubyte.gz',
  testImages: 't10k-images-idx3-ubyte.gz',
  testLabels: 't10k-labels-idx1-ubyte.gz',
} as const;

/** Sums and sizes as several libraries that load these files hold them. */
export const DATASETS = {
  mnist: {
    title: 'MNIST',
    image: { height: 28, width: 28, channels: 1 },
    classes: null,
    mirrors: ['https://storage.googleapis.com/cvdf-datasets/mnist/', 'https://ossci-datasets.s3.amazonaws.com/mnist/'],
    files: {
      images: {
        name: IDX_NAMES.images,
        bytes: 9_912_422,
        sha256: '440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609',
      },
      labels: {
        name: IDX_NAMES.labels,
        bytes: 28_881,
        sha256: '3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c',
      },
      testImages: {
        name: IDX_NAMES.testImages,
        bytes: 1_648_877,
        sha256: '8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6',
      },
      testLabels: {
        name: IDX_NAMES.testLabels,
        bytes: 4_542,
        sha256: 'f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6',
      },
    },
  },
  fashionMnist: {
    title: 'Fashion-MNIST',
    image: { height: 28, width: 28, channels: 1 },
    classes: ['T-shirt/top', 'Trouser', 'Pullover', 'Dress', 'Coat', 'Sandal', 'Shirt', 'Sneaker', 'Bag', 'Ankle boot'],
    mirrors: [
      'https://storage.googleapis.com/tensorflow/tf-keras-datasets/',
      'https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/',
    ],
    files: {
      images: {
        name: IDX_NAMES.images,
        bytes: 26_421_880,
        sha256: '3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84',
      },
      labels: {
        name: IDX_NAMES.labels,
        bytes: 29_515,
        sha256: 'a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845',
      },
      testImages: {
        name: IDX_NAMES.testImages,
        bytes: 4_422_102,
        sha256: '346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073',
      },
      testLabels: {
        name: IDX_NAMES.testLabels,
        bytes: 5_148,
        sha256: '67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5',
      },
    },
  },
} as const satisfies Record<string, Dataset>;

export type DatasetName = keyof typeof DATASETS;

export const DATASET_NAMES = Object.keys(DATASETS) as [DatasetName, ...DatasetName[]];

/** What has to be fetched for it. */
export const datasetBytes = ({ files }: Dataset): number =>
  Object.values(files).reduce((sum, { bytes }) => sum + bytes, 0);
