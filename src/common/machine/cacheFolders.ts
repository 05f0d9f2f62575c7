/** What lies in Skillet's cache folder, by the names of its folders. */

export const CACHE_FOLDERS = {
  /** TensorFlow's libraries, as setup has unpacked them. */
  runtimes: 'runtime',
  /** Wheels, whole or in part, while setup runs. */
  downloads: 'downloads',
  /** Libraries that a probe has loaded and survived. */
  proofs: 'proofs',
  /** Which backend was the fastest for which model. */
  verdicts: 'verdicts',
  /** Named data sets, each in a folder of its name. */
  datasets: 'datasets',
} as const;
