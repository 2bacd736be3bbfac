"""A shipped model.onnx (int8) as an Encoder again, to train on from where the last one stopped."""
import numpy as np
import onnx
import torch
from onnx import numpy_helper

from encoder import HEAD, Encoder


def thaw(path, pool_after=()):
    """`pool_after` as the graph has it, or as the next model wants it: pooling has no weights."""
    graph = onnx.load(path).graph
    values = {v.name: numpy_helper.to_array(v) for v in graph.initializer}
    kinds = {}
    for node in graph.node:
        kinds.setdefault(node.op_type, []).append([values.get(x) for x in node.input])
    words, scale = (g[0] for g in kinds["Gather"][:2])
    every = [((q.astype(np.float32) * s).T, bias) for _, q, s, _, bias in kinds["DynamicQuantizeMatMul"]]
    width = words.shape[1]
    mixes = [weight for weight, _ in every if weight.shape == (width, 2 * width)]
    linears = [x for x in every if x[0].shape != (width, 2 * width)]
    norms = [x[1:] for x in kinds["LayerNormalization"]]
    places = next(x[0] for x in kinds["Slice"] if x[0] is not None and x[0].ndim == 2)
    heads = [weight.shape[1] // HEAD for weight, _ in linears[1::4]]
    units = [weight.shape[0] for weight, _ in linears[2::4]]
    model = Encoder(words.shape[0], heads=heads, ffn=units, layers=len(linears) // 4, pool_after=pool_after, positions=places.shape[0], mixed=bool(mixes))
    for mix, weight in zip(model.mixes.values(), mixes):
        fill(mix.weight, weight)
    fill(model.words.weight, words * scale)
    fill(model.places.weight, places)
    put(model.norm, *norms[0])
    for i, layer in enumerate(model.layers):
        for part, pair in zip((layer.qkv, layer.out, layer.up, layer.down), linears[4 * i:]):
            put(part, *pair)
        put(layer.norm1, *norms[2 * i + 1])
        put(layer.norm2, *norms[2 * i + 2])
    return model


def put(module, weight, bias):
    fill(module.weight, weight)
    fill(module.bias, bias)


def fill(parameter, array):
    if parameter.shape != array.shape:
        raise ValueError(f"{parameter.shape} expected, {array.shape} found")
    parameter.data = torch.tensor(np.ascontiguousarray(array, np.float32))
