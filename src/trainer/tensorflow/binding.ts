/** TensorFlow's eager runtime in the shape in which TensorFlow.js's kernels for Node.js ask for it. */
import { addFunction } from './addFunction.ts';
import type { CApi, Handle } from './cApi.ts';
import { type ContextSettings, encodeConfig } from './protobuf.ts';
import { fromBytes, sizeOf, toBytes, type Values } from './tensorBytes.ts';

/** Which kind of value an attribute has, as TensorFlow.js numbers them. */
export const ATTRIBUTE = { string: 0, int: 1, float: 2, bool: 3, type: 4, shape: 5, resource: 9 } as const;

export interface Attribute {
  readonly name: string;
  readonly type: number;
  readonly value: string | number | boolean | readonly number[];
}

/** A tensor as it comes out of an operation; `id` is ours and is given back with `deleteTensor`. */
export interface Output {
  readonly id: number;
  readonly dtype: number;
  readonly shape: number[];
}

/** Sees every operation that is executed; the recorder is one. */
export interface Observer {
  onCreate(
    id: number,
    tensor: { readonly shape: readonly number[]; readonly dtype: number; readonly values: Values },
  ): void;
  onExecute(op: string, attributes: readonly Attribute[], inputs: readonly number[], outputs: readonly Output[]): void;
  /** The values are about to be read by JavaScript. */
  onRead(id: number): void;
}

export interface Device {
  /** For example `/job:localhost/replica:0/task:0/device:GPU:0`. */
  readonly name: string;
  /** `CPU` or `GPU`. */
  readonly type: string;
  readonly memoryBytes: number;
}

export interface Binding {
  readonly version: string;
  readonly devices: readonly Device[];
  createTensor(shape: readonly number[], dtype: number, values: Values): number;
  deleteTensor(id: number): void;
  tensorDataSync(id: number): Float32Array | Int32Array | Uint8Array;
  /** @throws {TensorFlowError} */
  executeOp(name: string, attributes: readonly Attribute[], inputs: readonly number[], outputCount: number): Output[];
  isUsingGpuDevice(): boolean;
  getNumOfTensors(): number;
  /** From now on operations run on this device, where they can. Null: where TensorFlow likes. */
  placeOn(device: string | null): void;
  observe(observer: Observer | null): void;
  /**
   * Makes a graph callable as an operation of this name.
   *
   * @param graph A serialized GraphDef. @param inputs Names of its placeholders. @param outputs `node:index`.
   */
  addFunction(name: string, graph: Uint8Array, inputs: readonly string[], outputs: readonly string[]): void;
  removeFunction(name: string): void;
  /** A name that no function of this context has. */
  freshName(): string;
}

/** `RESOURCE_EXHAUSTED` of TensorFlow's status codes. */
export const OUT_OF_MEMORY = 8;

/** What TensorFlow said, with its code (`TF_Code`). */
export class TensorFlowError extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.name = 'TensorFlowError';
    this.status = status;
  }
}

/** Room for so many results of an operation is made at the start; a long window is cut into more pieces. */
const USUAL_OUTPUTS = 256;

/** Opens one context on the library; a process should have no more than one. */
export function createBinding(api: CApi, settings: ContextSettings = {}): Binding {
  const status = api.TF_NewStatus();
  const check = () => {
    const code = api.TF_GetCode(status);
    if (code !== 0) {
      throw new TensorFlowError(code, firstLine(api.TF_Message(status)));
    }
  };
  const checked = <T>(value: T): T => {
    check();
    return value;
  };
  const context = openContext(api, settings, status, check);
  const devices = listDevices(api, context, status, checked);
  const handles = new Map<number, Handle>();
  let outputs = Buffer.alloc(8 * USUAL_OUTPUTS);
  const outputCount = new Int32Array(1);
  let nextId = 1;
  let nextFunction = 1;
  let observer: Observer | null = null;
  let device: string | null = null;

  const keep = (handle: Handle): number => {
    const id = nextId;
    nextId += 1;
    handles.set(id, handle);
    return id;
  };
  const handleOf = (id: number): Handle => {
    const handle = handles.get(id);
    if (handle === undefined) {
      throw new Error(`There is no tensor ${id}; it was disposed already`);
    }
    return handle;
  };
  const describe = (handle: Handle): Output => {
    const rank = checked(api.TFE_TensorHandleNumDims(handle, status));
    const shape = Array.from({ length: rank }, (_, i) => Number(api.TFE_TensorHandleDim(handle, i, status)));
    return { id: keep(handle), dtype: api.TFE_TensorHandleDataType(handle), shape };
  };
  const setAttribute = (op: Parameters<CApi['TFE_DeleteOp']>[0], { name, type, value }: Attribute): void => {
    if (Array.isArray(value)) {
      setList(api, op, { name, type, values: value }, status);
      check();
      return;
    }
    switch (type) {
      case ATTRIBUTE.type:
        api.TFE_OpSetAttrType(op, name, value as number);
        break;
      case ATTRIBUTE.int:
        api.TFE_OpSetAttrInt(op, name, value as number);
        break;
      case ATTRIBUTE.float:
        api.TFE_OpSetAttrFloat(op, name, value as number);
        break;
      case ATTRIBUTE.bool:
        api.TFE_OpSetAttrBool(op, name, value === true ? 1 : 0);
        break;
      case ATTRIBUTE.string:
        api.TFE_OpSetAttrString(op, name, value as string, Buffer.byteLength(value as string));
        break;
      default:
        throw new Error(`An attribute of kind ${type} (${name}) cannot be set`);
    }
  };

  return {
    version: api.TF_Version(),
    devices,
    createTensor(shape, dtype, values) {
      const bytes = toBytes(values, dtype);
      const wanted = shape.reduce((product, length) => product * length, sizeOf(dtype));
      if (bytes.byteLength !== wanted) {
        throw new Error(`A tensor of shape [${shape}] needs ${wanted} bytes, not ${bytes.byteLength}`);
      }
      const tensor = api.TF_AllocateTensor(dtype, toDims(shape), shape.length, bytes.byteLength);
      if (tensor === null) {
        throw new TensorFlowError(OUT_OF_MEMORY, `no memory for a tensor of ${bytes.byteLength} bytes`);
      }
      if (bytes.byteLength > 0) {
        new Uint8Array(api.view(api.TF_TensorData(tensor), bytes.byteLength)).set(bytes);
      }
      const id = keep(checked(api.TFE_NewTensorHandle(tensor, status)));
      api.TF_DeleteTensor(tensor);
      observer?.onCreate(id, { shape, dtype, values });
      return id;
    },
    deleteTensor(id) {
      api.TFE_DeleteTensorHandle(handleOf(id));
      handles.delete(id);
    },
    tensorDataSync(id) {
      observer?.onRead(id);
      const tensor = checked(api.TFE_TensorHandleResolve(handleOf(id), status));
      const length = Number(api.TF_TensorByteSize(tensor));
      const bytes =
        length === 0 ? new Uint8Array() : new Uint8Array(api.view(api.TF_TensorData(tensor), length)).slice();
      const dtype = api.TF_TensorType(tensor);
      api.TF_DeleteTensor(tensor);
      return fromBytes(bytes, dtype);
    },
    executeOp(name, attributes, inputs, wanted) {
      const op = checked(api.TFE_NewOp(context, name, status));
      try {
        if (device !== null) {
          api.TFE_OpSetDevice(op, device, status);
          check();
        }
        for (const id of inputs) {
          api.TFE_OpAddInput(op, handleOf(id), status);
          check();
        }
        for (const attribute of attributes) {
          setAttribute(op, attribute);
        }
        if (outputs.length < 8 * wanted) {
          outputs = Buffer.alloc(8 * wanted); // TensorFlow writes as many as it is told, room or not.
        }
        outputCount[0] = wanted;
        api.TFE_Execute(op, outputs, outputCount, status);
      } finally {
        api.TFE_DeleteOp(op);
      }
      check();
      const made = Array.from({ length: wanted }, (_, i) => describe(api.pointerAt(outputs, 8 * i) as Handle));
      observer?.onExecute(name, attributes, inputs, made);
      return made;
    },
    isUsingGpuDevice: () => devices.some(({ type }) => type === 'GPU') && device?.includes('CPU') !== true,
    getNumOfTensors: () => handles.size,
    placeOn(name) {
      device = name;
    },
    observe(next) {
      observer = next;
    },
    addFunction(name, graph, inputs, results) {
      addFunction(api, context, { name, graph, inputs, results }, { status, checked });
    },
    removeFunction(name) {
      api.TFE_ContextRemoveFunction(context, name, status);
      check();
    },
    freshName() {
      nextFunction += 1;
      return `skillet_${nextFunction - 1}`;
    },
  };
}

type Status = ReturnType<CApi['TF_NewStatus']>;
type Context = ReturnType<CApi['TFE_NewContext']>;
type Checked = <T>(value: T) => T;

function firstLine(text: string): string {
  return text.split('\n')[0] ?? text;
}

function openContext(api: CApi, settings: ContextSettings, status: Status, check: () => void): Context {
  const bytes = encodeConfig(settings);
  const options = api.TFE_NewContextOptions();
  try {
    api.TFE_ContextOptionsSetConfig(options, bytes, bytes.length, status);
    check();
    const context = api.TFE_NewContext(options, status);
    check();
    return context;
  } finally {
    api.TFE_DeleteContextOptions(options);
  }
}

function listDevices(api: CApi, context: Context, status: Status, checked: Checked): Device[] {
  const list = checked(api.TFE_ContextListDevices(context, status));
  const devices = Array.from({ length: api.TF_DeviceListCount(list) }, (_, i) => ({
    name: api.TF_DeviceListName(list, i, status),
    type: api.TF_DeviceListType(list, i, status),
    memoryBytes: Number(api.TF_DeviceListMemoryBytes(list, i, status)),
  }));
  api.TF_DeleteDeviceList(list);
  return devices;
}

interface ListAttribute {
  readonly name: string;
  readonly type: number;
  readonly values: readonly number[];
}

function setList(api: CApi, op: Parameters<CApi['TFE_DeleteOp']>[0], list: ListAttribute, status: Status): void {
  const { name, type, values } = list;
  switch (type) {
    case ATTRIBUTE.int:
      api.TFE_OpSetAttrIntList(op, name, toDims(values), values.length);
      break;
    case ATTRIBUTE.float:
      api.TFE_OpSetAttrFloatList(op, name, Float32Array.from(values), values.length);
      break;
    case ATTRIBUTE.type:
      api.TFE_OpSetAttrTypeList(op, name, Int32Array.from(values), values.length);
      break;
    case ATTRIBUTE.shape:
      api.TFE_OpSetAttrShape(op, name, toDims(values), values.length, status);
      break;
    default:
      throw new Error(`A list of kind ${type} (${name}) cannot be set`);
  }
}

function toDims(shape: readonly number[]): BigInt64Array {
  return BigInt64Array.from(shape, BigInt);
}
