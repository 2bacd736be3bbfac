/**
 * Just enough of protocol buffers and ONNX to write a small graph, so that a kernel is made without Python.
 * Field numbers: onnx/onnx.proto (IR version 8); wire format: protobuf.dev/programming-guides/encoding.
 */

const encoder = new TextEncoder();
type Bytes = readonly number[];

const varint = (value: number): Bytes =>
  value < 128 ? [value] : [(value % 128) | 128, ...varint(Math.floor(value / 128))];
const int = (field: number, value: number): Bytes => [...varint(field * 8), ...varint(value)];
const message = (field: number, ...parts: readonly Bytes[]): Bytes => {
  const body = parts.flat();
  return [...varint(field * 8 + 2), ...varint(body.length), ...body];
};
const text = (field: number, value: string): Bytes => message(field, [...encoder.encode(value)]);

/** TensorProto.DataType. */
export const ElementType = { float: 1, int32: 6, float16: 10 } as const;

/** Dimensions by name are dynamic. */
export interface OnnxValue {
  readonly name: string;
  readonly type: number;
  readonly shape: readonly (string | number)[];
}

export interface OnnxNode {
  readonly op: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes?: Readonly<Record<string, number | readonly number[]>>;
}

export interface OnnxGraph {
  readonly name: string;
  readonly opset: number;
  readonly inputs: readonly OnnxValue[];
  readonly outputs: readonly OnnxValue[];
  readonly nodes: readonly OnnxNode[];
}

/** AttributeProto.AttributeType. */
const INT = 2;
const INTS = 7;

const value = (field: number, { name, type, shape }: OnnxValue): Bytes => {
  const dims = shape.map((dim) => message(1, typeof dim === 'number' ? int(1, dim) : text(2, dim)));
  return message(field, text(1, name), message(2, message(1, int(1, type), message(2, ...dims))));
};

const attribute = (name: string, content: number | readonly number[]): Bytes =>
  typeof content === 'number'
    ? message(5, text(1, name), int(3, content), int(20, INT))
    : message(5, text(1, name), ...content.map((each) => int(8, each)), int(20, INTS));

const node = ({ op, inputs, outputs, attributes = {} }: OnnxNode): Bytes =>
  message(
    1,
    ...inputs.map((name) => text(1, name)),
    ...outputs.map((name) => text(2, name)),
    text(3, outputs.join('+')),
    text(4, op),
    ...Object.entries(attributes).map(([name, content]) => attribute(name, content)),
  );

/** A serialised ModelProto: the same graph gives the same bytes. */
export function writeModel(graph: OnnxGraph): Uint8Array {
  return Uint8Array.from([
    ...int(1, 8),
    ...text(2, 'simcode'),
    ...message(
      7,
      ...graph.nodes.map(node),
      text(2, graph.name),
      ...graph.inputs.map((input) => value(11, input)),
      ...graph.outputs.map((output) => value(12, output)),
    ),
    ...message(8, text(1, ''), int(2, graph.opset)),
  ]);
}
