"""Fewer heads and feed-forward units in every layer: those whose loss costs least, the rest refitted by least squares to what the layer gave
(as in Optimal Brain Surgeon: Hassibi & Stork, NIPS 1992, a layer at a time: Hubara et al., NeurIPS 2021). The start of a faster model's training."""
import argparse

import torch
import torch.nn.functional as F

from corpus import rows_of
from encoder import HEAD, Encoder, Layer, buckets, load, mask_of, padded, save
from pieces import Pieces
from thaw import thaw
from views import seeded

RIDGE = 1e-3
ROUND = 96


def refit(gram, target, kept):
    """Weights over the kept inputs that give least squares error to target [out, in], and that error."""
    g = gram[kept][:, kept] + RIDGE * gram.diagonal().mean() * torch.eye(len(kept))
    weight = torch.linalg.solve(g, gram[kept] @ target.T).T
    rest = target.clone()
    rest[:, kept] -= weight
    return weight, ((rest @ gram) * rest).sum().item(), g


def columns(heads):
    return torch.cat([torch.arange(h * HEAD, (h + 1) * HEAD) for h in heads])


def fewer_heads(layer, reads, heads):
    inputs = torch.cat([layer.attend(x, mask_of(w))[w > 0] for x, w in reads])
    mean = inputs.mean(0)
    gram = (inputs - mean).T @ (inputs - mean) / len(inputs)
    kept = list(range(layer.heads))
    while len(kept) > heads:
        kept.remove(min(kept, key=lambda gone: refit(gram, layer.out.weight, columns([h for h in kept if h != gone]))[1]))
    at = columns(kept)
    new = like(layer, heads, layer.up.out_features, ("up", "down", "norm1", "norm2"))
    rows = torch.cat([at + part * layer.heads * HEAD for part in range(3)])
    fill(new.qkv, layer.qkv.weight[rows], layer.qkv.bias[rows])
    weight = refit(gram, layer.out.weight, at)[0]
    fill(new.out, weight, layer.out.bias + layer.out.weight @ mean - weight @ mean[at])
    return new


def fewer_units(layer, reads, units):
    x = torch.cat([layer.norm1(x + layer.out(layer.attend(x, mask_of(w))))[w > 0][::3] for x, w in reads])
    inputs = F.gelu(layer.up(x))
    mean = inputs.mean(0)
    gram = inputs.T @ inputs / len(inputs)
    kept = torch.arange(len(mean))
    while len(kept) > units:
        weight, _, g = refit(gram, layer.down.weight, kept)
        cost = (weight ** 2).sum(0) / torch.linalg.inv(g).diagonal()
        kept = kept[cost.argsort()[min(ROUND, len(kept) - units):].sort().values]
    weight = refit(gram, layer.down.weight, kept)[0]
    new = like(layer, layer.heads, units, ("qkv", "out", "norm1", "norm2"))
    fill(new.up, layer.up.weight[kept], layer.up.bias[kept])
    fill(new.down, weight, layer.down.bias + layer.down.weight @ mean - weight @ mean[kept])
    return new


def like(layer, heads, units, same):
    new = Layer(layer.qkv.in_features, heads, units)
    for part in same:
        getattr(new, part).load_state_dict(getattr(layer, part).state_dict())
    return new


def fill(linear, weight, more):
    linear.weight.data = weight.contiguous()
    linear.bias.data = more.contiguous()


@torch.no_grad()
def prune(model, ids, heads, units):
    """In order from the first layer, so that each is fitted to what the pruned ones before it give; `heads` and `units` a number a layer."""
    small = Encoder(**{**model.config, "heads": list(heads), "ffn": list(units)})
    for name in ("words", "places", "norm", "mixes"):
        getattr(small, name).load_state_dict(getattr(model, name).state_dict())
    small.layers = torch.nn.ModuleList(model.layers)
    for k, (h, u) in enumerate(zip(heads, units)):
        reads = [small.read(*padded(ids, group), k) for group in buckets(ids, 8192)]
        small.layers[k] = fewer_units(fewer_heads(small.layers[k], reads, h), reads, u)
    return small


def numbers(text, layers):
    found = [int(x) for x in text.split(",")]
    return found * layers if len(found) == 1 else found


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--model", required=True, help="a checkpoint or model.onnx")
    p.add_argument("--pool-after", default="2", help="of a model.onnx")
    p.add_argument("--tokenizer", required=True)
    p.add_argument("--rows", required=True, nargs="+", help="lexeme rows to fit on")
    p.add_argument("--texts", type=int, default=600)
    p.add_argument("--heads", default="6", help="one number, or one a layer")
    p.add_argument("--units", default="512")
    p.add_argument("--out", required=True)
    o = p.parse_args()
    model = thaw(o.model, [int(x) for x in o.pool_after.split(",") if x]) if o.model.endswith(".onnx") else load(o.model)
    rows = [r for path in o.rows for r in rows_of(path)]
    pieces = Pieces(o.tokenizer, 128)
    ids = [pieces.ids(r["lexemes"]) for r in seeded(1).sample(rows, o.texts)]
    layers = len(model.layers)
    save(prune(model.eval(), ids, numbers(o.heads, layers), numbers(o.units, layers)), o.out)


if __name__ == "__main__":
    main()
