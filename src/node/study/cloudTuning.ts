/** placeholder */
export interface CloudFile {
  readonly file: string;
  readonly text: string;
}
export function applyCloudTuning(text: string, _cloud: CloudFile): { text: string; notes: readonly string[] } {
  return { text, notes: [] };
}
