/** TensorFlow's C library, called from JavaScript: the functions that are used of it, and nothing on top. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { loadKoffi } from '../native/koffi.ts';

declare const brand: unique symbol;
/** An address of the library's own; what lies behind it is nobody else's business. */
export type Pointer<T extends string> = { readonly [brand]: T };

type Status = Pointer<'TF_Status'>;
type Context = Pointer<'TFE_Context'>;
type Options = Pointer<'TFE_ContextOptions'>;
type CTensor = Pointer<'TF_Tensor'>;
export type Handle = Pointer<'TFE_TensorHandle'>;
type Op = Pointer<'TFE_Op'>;
type Graph = Pointer<'TF_Graph'>;
type GraphOp = Pointer<'TF_Operation'>;
type CBuffer = Pointer<'TF_Buffer'>;
type ImportOptions = Pointer<'TF_ImportGraphDefOptions'>;
type GraphFunction = Pointer<'TF_Function'>;
type DeviceList = Pointer<'TF_DeviceList'>;
type Data = Pointer<'void'>;

/** The functions by their names in `tensorflow/c/c_api.h` and `tensorflow/c/eager/c_api.h`. */
export interface CApi {
  /** Memory of the library's own, without copying. */
  view(data: Data, bytes: number): ArrayBuffer;
  /** The pointers that a function wrote into a buffer. */
  pointerAt(bytes: Uint8Array, offset: number): unknown;
  addressOf(pointer: unknown): bigint;
  TF_Version(): string;
  TF_NewStatus(): Status;
  TF_GetCode(status: Status): number;
  TF_Message(status: Status): string;
  TFE_NewContextOptions(): Options;
  TFE_ContextOptionsSetConfig(options: Options, proto: Uint8Array, length: number, status: Status): void;
  TFE_DeleteContextOptions(options: Options): void;
  TFE_NewContext(options: Options, status: Status): Context;
  TFE_ContextListDevices(context: Context, status: Status): DeviceList;
  TF_DeviceListCount(list: DeviceList): number;
  TF_DeviceListName(list: DeviceList, index: number, status: Status): string;
  TF_DeviceListType(list: DeviceList, index: number, status: Status): string;
  TF_DeviceListMemoryBytes(list: DeviceList, index: number, status: Status): number;
  TF_DeleteDeviceList(list: DeviceList): void;
  TF_AllocateTensor(dtype: number, dims: BigInt64Array, rank: number, bytes: number): CTensor | null;
  TF_TensorData(tensor: CTensor): Data;
  TF_TensorByteSize(tensor: CTensor): number;
  TF_TensorType(tensor: CTensor): number;
  TF_DeleteTensor(tensor: CTensor): void;
  TFE_NewTensorHandle(tensor: CTensor, status: Status): Handle;
  TFE_DeleteTensorHandle(handle: Handle): void;
  TFE_TensorHandleDataType(handle: Handle): number;
  TFE_TensorHandleNumDims(handle: Handle, status: Status): number;
  TFE_TensorHandleDim(handle: Handle, index: number, status: Status): number;
  TFE_TensorHandleResolve(handle: Handle, status: Status): CTensor;
  TFE_NewOp(context: Context, name: string, status: Status): Op;
  TFE_DeleteOp(op: Op): void;
  TFE_OpSetDevice(op: Op, device: string, status: Status): void;
  TFE_OpAddInput(op: Op, input: Handle, status: Status): void;
  TFE_OpSetAttrType(op: Op, name: string, value: number): void;
  TFE_OpSetAttrTypeList(op: Op, name: string, values: Int32Array, count: number): void;
  TFE_OpSetAttrInt(op: Op, name: string, value: number): void;
  TFE_OpSetAttrIntList(op: Op, name: string, values: BigInt64Array, count: number): void;
  TFE_OpSetAttrFloat(op: Op, name: string, value: number): void;
  TFE_OpSetAttrFloatList(op: Op, name: string, values: Float32Array, count: number): void;
  TFE_OpSetAttrBool(op: Op, name: string, value: number): void;
  TFE_OpSetAttrString(op: Op, name: string, value: string, length: number): void;
  TFE_OpSetAttrShape(op: Op, name: string, dims: BigInt64Array, rank: number, status: Status): void;
  /** @param outputs Room for the handles. @param count In: how many there is room for; out: how many there are. */
  TFE_Execute(op: Op, outputs: Uint8Array, count: Int32Array, status: Status): void;
  TF_NewGraph(): Graph;
  TF_DeleteGraph(graph: Graph): void;
  TF_NewBufferFromString(bytes: Uint8Array, length: number): CBuffer;
  TF_DeleteBuffer(buffer: CBuffer): void;
  TF_NewImportGraphDefOptions(): ImportOptions;
  TF_DeleteImportGraphDefOptions(options: ImportOptions): void;
  TF_GraphImportGraphDef(graph: Graph, definition: CBuffer, options: ImportOptions, status: Status): void;
  TF_GraphOperationByName(graph: Graph, name: string): GraphOp | null;
  TF_GraphToFunction(
    graph: Graph,
    name: string,
    appendHash: number,
    opCount: number,
    ops: null,
    inputCount: number,
    inputs: Uint8Array,
    outputCount: number,
    outputs: Uint8Array,
    outputNames: null,
    options: null,
    description: null,
    status: Status,
  ): GraphFunction;
  TFE_ContextAddFunction(context: Context, func: GraphFunction, status: Status): void;
  TFE_ContextRemoveFunction(context: Context, name: string, status: Status): void;
  TF_DeleteFunction(func: GraphFunction): void;
}

const PROTOTYPES = `
const char *TF_Version()
void *TF_NewStatus()
int TF_GetCode(void *status)
const char *TF_Message(void *status)
void *TFE_NewContextOptions()
void TFE_ContextOptionsSetConfig(void *options, uint8_t *proto, size_t length, void *status)
void TFE_DeleteContextOptions(void *options)
void *TFE_NewContext(void *options, void *status)
void *TFE_ContextListDevices(void *context, void *status)
int TF_DeviceListCount(void *list)
const char *TF_DeviceListName(void *list, int index, void *status)
const char *TF_DeviceListType(void *list, int index, void *status)
int64_t TF_DeviceListMemoryBytes(void *list, int index, void *status)
void TF_DeleteDeviceList(void *list)
void *TF_AllocateTensor(int dtype, int64_t *dims, int rank, size_t bytes)
void *TF_TensorData(void *tensor)
size_t TF_TensorByteSize(void *tensor)
int TF_TensorType(void *tensor)
void TF_DeleteTensor(void *tensor)
void *TFE_NewTensorHandle(void *tensor, void *status)
void TFE_DeleteTensorHandle(void *handle)
int TFE_TensorHandleDataType(void *handle)
int TFE_TensorHandleNumDims(void *handle, void *status)
int64_t TFE_TensorHandleDim(void *handle, int index, void *status)
void *TFE_TensorHandleResolve(void *handle, void *status)
void *TFE_NewOp(void *context, const char *name, void *status)
void TFE_DeleteOp(void *op)
void TFE_OpSetDevice(void *op, const char *device, void *status)
void TFE_OpAddInput(void *op, void *input, void *status)
void TFE_OpSetAttrType(void *op, const char *name, int value)
void TFE_OpSetAttrTypeList(void *op, const char *name, int32_t *values, int count)
void TFE_OpSetAttrInt(void *op, const char *name, int64_t value)
void TFE_OpSetAttrIntList(void *op, const char *name, int64_t *values, int count)
void TFE_OpSetAttrFloat(void *op, const char *name, float value)
void TFE_OpSetAttrFloatList(void *op, const char *name, float *values, int count)
void TFE_OpSetAttrBool(void *op, const char *name, uint8_t value)
void TFE_OpSetAttrString(void *op, const char *name, const char *value, size_t length)
void TFE_OpSetAttrShape(void *op, const char *name, int64_t *dims, int rank, void *status)
void TFE_Execute(void *op, uint8_t *outputs, int *count, void *status)
void *TF_NewGraph()
void TF_DeleteGraph(void *graph)
void *TF_NewBufferFromString(uint8_t *bytes, size_t length)
void TF_DeleteBuffer(void *buffer)
void *TF_NewImportGraphDefOptions()
void TF_DeleteImportGraphDefOptions(void *options)
void TF_GraphImportGraphDef(void *graph, void *definition, void *options, void *status)
void *TF_GraphOperationByName(void *graph, const char *name)
void *TF_GraphToFunction(void *graph, const char *name, uint8_t appendHash, int opCount, void *ops, int inputCount, uint8_t *inputs, int outputCount, uint8_t *outputs, void *outputNames, void *options, const char *description, void *status)
void TFE_ContextAddFunction(void *context, void *func, void *status)
void TFE_ContextRemoveFunction(void *context, const char *name, void *status)
void TF_DeleteFunction(void *func)`;

const RTLD_LAZY = 1;

/** File names of the two libraries, the one that the other needs first. */
const LIBRARIES: Partial<Record<NodeJS.Platform, readonly [string, string]>> = {
  linux: ['libtensorflow_framework.so.2', 'libtensorflow_cc.so.2'],
  darwin: ['libtensorflow_framework.2.dylib', 'libtensorflow_cc.2.dylib'],
};

/**
 * @param folder Python's `tensorflow` package or a copy of its libraries; NVIDIA's are looked for in `../nvidia` beside it.
 * @throws {Error} The library is not there, is damaged, or is for another platform.
 */
export function openCApi(folder: string, platform: NodeJS.Platform): CApi {
  const names = LIBRARIES[platform];
  if (names === undefined) {
    throw new Error(`TensorFlow has no library for ${platform} that can be called`);
  }
  const koffi = loadKoffi();
  const files = names.map((name) => path.join(folder, name));
  const missing = files.find((file) => !existsSync(file));
  if (missing !== undefined) {
    throw new Error(`${missing} is not there`);
  }
  const keepOpen = koffi.load(null).func('void *dlopen(const char *file, int flags)');
  // Not for all to see: the LLVM of a graphics driver that is loaded later would take TensorFlow's for its own, and break.
  const [framework, main] = [koffi.load(files[0] ?? '', { lazy: true }), koffi.load(files[1] ?? '', { lazy: true })];
  // Koffi closes what it opened before the process ends, and would take the code away that TensorFlow still runs at the end.
  for (const file of files) {
    keepOpen(file, RTLD_LAZY);
  }
  const functions = PROTOTYPES.trim()
    .split('\n')
    .map((prototype) => [/(\w+)\(/.exec(prototype)?.[1] ?? '', bind([main, framework], prototype)] as const);
  return {
    ...Object.fromEntries(functions),
    view: (data: Data, bytes: number) => koffi.view(data, bytes),
    pointerAt: (bytes: Uint8Array, offset: number) => koffi.decode(bytes, offset, 'void *') as unknown,
    addressOf: (pointer: unknown) => koffi.address(pointer),
  } as unknown as CApi;
}

type LibraryHandle = ReturnType<ReturnType<typeof loadKoffi>['load']>;

/** Which of the two libraries exports a function differs between versions. */
function bind(libraries: readonly LibraryHandle[], prototype: string): unknown {
  for (const library of libraries.slice(0, -1)) {
    try {
      return library.func(prototype);
    } catch {
      // The next one may have it; the last one says why not.
    }
  }
  return libraries.at(-1)?.func(prototype);
}
