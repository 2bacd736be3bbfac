"""Writes an Encoder as one ONNX graph for a single text: input_ids int64 [1, n] -> embedding float32 [1, width], fused for speed.
With a table of names, name_ids int64 [1, m] too: the pieces of the function's name."""
import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from encoder import HEAD

MS = "com.microsoft"


class Graph:
    def __init__(self, bits, block):
        self.nodes, self.values, self.count = [], [], 0
        self.bits, self.block = bits, block

    def op(self, kind, inputs, domain="", outputs=1, **attributes):
        self.count += 1
        names = [f"{kind.lower()}_{self.count}" + (f"_{i}" if i else "") for i in range(outputs)]
        self.nodes.append(helper.make_node(kind, inputs, names, name=names[0], domain=domain, **attributes))
        return names[0] if outputs == 1 else names

    def value(self, array, name=None):
        self.count += 1
        name = name or f"value_{self.count}"
        self.values.append(numpy_helper.from_array(np.ascontiguousarray(array), name))
        return name

    def linear(self, x, weight, bias):
        """x W^T + b; weights int8 in blocks with their own scales (activations are scaled by row and block, so no text sees another)."""
        n, k = weight.shape
        if self.bits == 32:
            y = self.op("MatMul", [x, self.value(weight.T.astype(np.float32))])
            return self.op("Add", [y, self.value(bias)])
        if self.bits == "dynamic":
            scale = np.maximum(np.abs(weight).max(1) / 127, 1e-8).astype(np.float32)
            q = np.clip(np.round(weight / scale[:, None]), -127, 127).astype(np.int8).T
            return self.op("DynamicQuantizeMatMul", [x, self.value(q), self.value(scale), self.value(np.zeros(n, np.int8)), self.value(bias)], MS)
        q, scale = block_int8(weight, self.block)
        return self.op("MatMulNBits", [x, self.value(q), self.value(scale.reshape(-1)), "", "", self.value(bias)], MS,
                       K=k, N=n, bits=8, block_size=self.block, accuracy_level=4)

    def norm(self, x, more, w, name):
        """LayerNorm of a sum; the fused SkipLayerNormalization is three times slower on CPU."""
        return self.op("LayerNormalization", [self.op("Add", [x, more]), self.value(w[name + ".weight"]), self.value(w[name + ".bias"])], epsilon=1e-12, axis=-1)


def block_int8(weight, block):
    """uint8 with zero point 128, [n, blocks, block], and scales [n, blocks]."""
    n, k = weight.shape
    w = weight.reshape(n, k // block, block)
    scale = np.maximum(np.abs(w).max(-1) / 127, 1e-8).astype(np.float32)
    q = np.clip(np.round(w / scale[..., None]), -127, 127)
    return (q + 128).astype(np.uint8), scale


def rows_of(g, table, ids):
    """The rows of a table [entries, width], kept as int8 with a scale each, at ids: float32 [1, n, width]."""
    if g.bits == 32:
        return g.op("Gather", [g.value(table), ids])
    scale = np.maximum(np.abs(table).max(1, keepdims=True) / 127, 1e-8).astype(np.float32)
    q = np.clip(np.round(table / scale), -127, 127).astype(np.int8)
    return g.op("Mul", [g.op("Cast", [g.op("Gather", [g.value(q), ids])], to=TensorProto.FLOAT), g.op("Gather", [g.value(scale), ids])])


def unit(g, x, axis, output=None):
    """x / |x|; 0 stays 0"""
    norm = g.op("Max", [g.op("ReduceL2", [x, axis], keepdims=1), g.value(np.array([1e-6], np.float32))])
    if output is None:
        return g.op("Div", [x, norm])
    g.nodes.append(helper.make_node("Div", [x, norm], [output], name=output + "_out"))
    return output


def build(state, config, path, bits=8, block=128, names=None):
    """`names`: (table [vocabulary, width], share of its sum, at unit length, that is added to the lexemes' vector)"""
    g = Graph(bits, block)
    w = {k: v.float().numpy() for k, v in state.items()}
    width = config["width"]
    x = rows_of(g, w["words.weight"], "input_ids")
    one = g.value(np.array([1], np.int64))
    zero = g.value(np.array([0], np.int64))
    length = g.op("Slice", [g.op("Shape", ["input_ids"]), one, g.value(np.array([2], np.int64)), zero])
    places = g.op("Slice", [g.value(w["places.weight"][: config["positions"]]), zero, length, zero])
    x = g.op("Add", [x, places])
    x = g.op("LayerNormalization", [x, g.value(w["norm.weight"]), g.value(w["norm.bias"])], epsilon=1e-12, axis=-1)
    weight = None
    for i in range(config["layers"]):
        if i in config["pool_after"]:
            x, weight = halve(g, x, weight, width, w.get(f"mixes.{i}.weight"))
        p = f"layers.{i}."
        qkv = g.linear(x, w[p + "qkv.weight"], w[p + "qkv.bias"])
        q, k, v = g.op("Split", [qkv], outputs=3, axis=-1, num_outputs=3)
        a = g.op("MultiHeadAttention", [q, k, v], MS, num_heads=w[p + "out.weight"].shape[1] // HEAD)
        a = g.linear(a, w[p + "out.weight"], w[p + "out.bias"])
        x = g.norm(x, a, w, p + "norm1")
        h = g.op("Gelu", [g.linear(x, w[p + "up.weight"], w[p + "up.bias"])], MS)
        h = g.linear(h, w[p + "down.weight"], w[p + "down.bias"])
        x = g.norm(x, h, w, p + "norm2")
    if weight is None:
        x = g.op("ReduceMean", [x, one], keepdims=0)
    else:
        x = g.op("ReduceSum", [g.op("Mul", [x, g.op("Div", [weight, g.op("Cast", [length], to=TensorProto.FLOAT)])]), one], keepdims=0)
    inputs = [helper.make_tensor_value_info("input_ids", TensorProto.INT64, [1, "n"])]
    if names is not None:
        table, share = names
        name = unit(g, g.op("ReduceSum", [rows_of(g, table, "name_ids"), one], keepdims=0), one)
        x = g.op("Add", [unit(g, x, one), g.op("Mul", [name, g.value(np.array([share], np.float32))])])
        inputs.append(helper.make_tensor_value_info("name_ids", TensorProto.INT64, [1, "m"]))
    unit(g, x, one, "embedding")
    graph = helper.make_graph(g.nodes, "mini", inputs,
                              [helper.make_tensor_value_info("embedding", TensorProto.FLOAT, [1, width])], g.values)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18), helper.make_opsetid(MS, 1)], producer_name="simcode")
    model.ir_version = 9
    onnx.save(model, path)


def halve(g, x, weight, width, mix=None):
    """Neighbouring tokens by twos, an odd last one with itself, and the number of tokens behind each result [1, m, 1] (all 1 when `weight` is None)."""
    two, zero, one = (g.value(np.array([n], np.int64)) for n in (2, 0, 1))
    length = g.op("Slice", [g.op("Shape", [x]), one, two, zero])
    if weight is None:
        weight = g.op("Expand", [g.value(np.ones((1, 1, 1), np.float32)), g.op("Concat", [one, length, one], axis=0)])
    pad = g.op("Concat", [g.value(np.zeros(4, np.int64)), g.op("Mod", [length, two]), zero], axis=0)

    def paired(y, size):
        shape = g.value(np.array([1, -1, 2, size], np.int64))
        return g.op("ReduceSum", [g.op("Reshape", [g.op("Pad", [y, pad]), shape]), two], keepdims=0)

    total = paired(weight, 1)
    if mix is None:
        return g.op("Div", [paired(g.op("Mul", [x, weight]), width), total]), total
    beside = g.op("Reshape", [g.op("Pad", [x, pad], mode="edge"), g.value(np.array([1, -1, 2 * width], np.int64))])
    return g.linear(beside, mix, np.zeros(width, np.float32)), total
