/** What TensorFlow's native library is called, which its Python package carries. */

export interface LibraryNames {
  readonly library: string;
  readonly framework: string;
}

/**
 * @param platform For example `linux-x64`.
 * @returns Null where TensorFlow's package has no library of its own that could be called: Windows.
 */
export function libraryNames(platform: string): LibraryNames | null {
  if (platform.startsWith('linux-')) {
    return { library: 'libtensorflow_cc.so.2', framework: 'libtensorflow_framework.so.2' };
  }
  if (platform.startsWith('darwin-')) {
    return { library: 'libtensorflow_cc.2.dylib', framework: 'libtensorflow_framework.2.dylib' };
  }
  return null;
}
