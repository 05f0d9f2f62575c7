/** Makes a graph callable as an operation of a context. */
import type { CApi } from './cApi.ts';

type Status = ReturnType<CApi['TF_NewStatus']>;
type Context = ReturnType<CApi['TFE_NewContext']>;
/** Gives the value back, or throws what the status says. */
type Checked = <T>(value: T) => T;

/** A serialized GraphDef, the names of its placeholders, and its results as `node:index`. */
export interface SerializedFunction {
  readonly name: string;
  readonly graph: Uint8Array;
  readonly inputs: readonly string[];
  readonly results: readonly string[];
}

/** @throws {TensorFlowError} The graph is not valid. */
export function addFunction(
  api: CApi,
  context: Context,
  { name, graph, inputs, results }: SerializedFunction,
  { status, checked }: { status: Status; checked: Checked },
): void {
  const made = api.TF_NewGraph();
  const definition = api.TF_NewBufferFromString(graph, graph.length);
  const options = api.TF_NewImportGraphDefOptions();
  try {
    api.TF_GraphImportGraphDef(made, definition, options, status);
    checked(null);
    // TF_Output is { TF_Operation *oper; int index; }, 16 bytes.
    const toOutputs = (names: readonly string[]) => {
      const bytes = Buffer.alloc(16 * names.length);
      names.forEach((full, i) => {
        const [node = '', index = '0'] = full.split(':');
        const op = api.TF_GraphOperationByName(made, node);
        if (op === null) {
          throw new Error(`The graph has no node ${node}`);
        }
        bytes.writeBigUInt64LE(api.addressOf(op), 16 * i);
        bytes.writeInt32LE(Number(index), 16 * i + 8);
      });
      return bytes;
    };
    const [from, to] = [toOutputs(inputs), toOutputs(results)];
    const func = checked(
      api.TF_GraphToFunction(
        made,
        name,
        0,
        -1,
        null,
        inputs.length,
        from,
        results.length,
        to,
        null,
        null,
        null,
        status,
      ),
    );
    api.TFE_ContextAddFunction(context, func, status);
    api.TF_DeleteFunction(func);
    checked(null);
  } finally {
    api.TF_DeleteImportGraphDefOptions(options);
    api.TF_DeleteBuffer(definition);
    api.TF_DeleteGraph(made);
  }
}
