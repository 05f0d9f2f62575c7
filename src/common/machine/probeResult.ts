/** What a throw-away process says about one backend: the line that the trainer's probe prints. */

/** One backend, tried by a few runs of one small operation. */
export type ProbeResult =
  | {
      readonly ok: true;
      /** For example `tensorflow-gpu`. */
      readonly backend: string;
      /** The physical device in words. */
      readonly device: string;
      /** Of the library behind it, for example TensorFlow's `2.21.0`; null where it has none of its own. */
      readonly version: string | null;
      /** From the start of the process until the backend was ready. */
      readonly startMs: number;
      /** One matrix product of 256 × 256, once warm. */
      readonly opMs: number;
    }
  | { readonly ok: false; readonly backend: string; readonly message: string };
