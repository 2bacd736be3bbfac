"""The encoder: a BERT-style stack whose layers, feed-forward width and token pooling can differ from MiniLM's."""
import math

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

HEAD = 32
# where the processor lacks it, it is emulated and four times slower than fp32
FAST_BF16 = torch.cpu._is_avx512_bf16_supported() or torch.cpu._is_amx_tile_supported()


class Layer(nn.Module):
    """`heads` of HEAD dimensions each; fewer than fill the width where some were pruned."""

    def __init__(self, width, heads, ffn):
        super().__init__()
        self.heads = heads
        self.qkv = nn.Linear(width, 3 * heads * HEAD)
        self.out = nn.Linear(heads * HEAD, width)
        self.norm1 = nn.LayerNorm(width, eps=1e-12)
        self.up = nn.Linear(width, ffn)
        self.down = nn.Linear(ffn, width)
        self.norm2 = nn.LayerNorm(width, eps=1e-12)

    def attend(self, x, mask):
        """What the heads give, before `out`: [b, n, heads * HEAD]."""
        b, n, _ = x.shape
        q, k, v = self.qkv(x).view(b, n, 3, self.heads, HEAD).permute(2, 0, 3, 1, 4)
        bias = None if mask is None else mask.to(q.dtype)
        return F.scaled_dot_product_attention(q, k, v, attn_mask=bias).transpose(1, 2).reshape(b, n, self.heads * HEAD)

    def forward(self, x, mask):
        x = self.norm1(x + self.out(self.attend(x, mask)))
        return self.norm2(x + self.down(F.gelu(self.up(x))))


class Encoder(nn.Module):
    """ids [b, n] and lengths [b] -> unit vectors [b, width]; before each layer listed in `pool_after` two neighbouring tokens become one.
    `heads` and `ffn` are one number, or one a layer."""

    def __init__(self, vocab, width=384, heads=12, ffn=1536, layers=6, pool_after=(), positions=512, mixed=False):
        super().__init__()
        self.config = dict(vocab=vocab, width=width, heads=heads, ffn=ffn, layers=layers, pool_after=sorted(pool_after), positions=positions, mixed=mixed)
        self.words = nn.Embedding(vocab, width)
        self.places = nn.Embedding(positions, width)
        self.norm = nn.LayerNorm(width, eps=1e-12)
        self.layers = nn.ModuleList(Layer(width, h, f) for h, f in zip(each(heads, layers), each(ffn, layers)))
        self.pool_after = set(pool_after)
        self.mixes = nn.ModuleDict({str(i): mean_of_two(width) for i in sorted(pool_after)} if mixed else {})

    def read(self, ids, lengths, upto):
        """What layer `upto` reads (what the last one gives, for their number): states [b, n, width] and the tokens behind each [b, n]."""
        n = ids.shape[1]
        x = self.norm(self.words(ids) + self.places.weight[:n])
        weight = (torch.arange(n)[None, :] < lengths[:, None]).float()
        for i in range(upto + 1):
            if i in self.pool_after:
                x, weight = halve(x, weight, self.mixes[str(i)] if self.mixes else None)
            if i < upto:
                x = self.layers[i](x, mask_of(weight))
        return x, weight

    def forward(self, ids, lengths):
        x, weight = self.read(ids, lengths, len(self.layers))
        x = (x.float() * weight[..., None]).sum(1) / weight.sum(1, keepdim=True)
        return F.normalize(x, dim=-1)


def mask_of(weight):
    """Added to attention so that padding is not attended to; None where there is none."""
    return None if bool((weight > 0).all()) else torch.where(weight > 0, 0.0, -1e4)[:, None, None, :]


def each(value, layers):
    return value if isinstance(value, (list, tuple)) else [value] * layers


def mean_of_two(width):
    """A linear layer over two tokens side by side that starts as their mean."""
    mix = nn.Linear(2 * width, width, bias=False)
    mix.weight.data = torch.cat([torch.eye(width), torch.eye(width)], 1) / 2
    return mix


def halve(x, weight, mix=None):
    """Neighbouring tokens by twos, an odd last one with itself; weights count the tokens behind each result."""
    if x.shape[1] % 2:
        x = F.pad(x, (0, 0, 0, 1))
        weight = F.pad(weight, (0, 1))
    b, n, w = x.shape
    pair = weight.view(b, n // 2, 2)
    total = pair.sum(-1)
    x = x.view(b, n // 2, 2, w)
    if mix is None:
        return (x * pair[..., None].to(x.dtype)).sum(2) / total.clamp(min=1)[..., None].to(x.dtype), total
    right = torch.where(pair[..., 1:] > 0, x[:, :, 1], x[:, :, 0])
    return mix(torch.cat([x[:, :, 0], right], -1)), total


def load_minilm(path, model=None):
    """all-MiniLM-L6-v2's safetensors as an Encoder."""
    from safetensors.torch import load_file
    t = load_file(path)
    t = {k.removeprefix("bert."): v for k, v in t.items()}
    e = Encoder(t["embeddings.word_embeddings.weight"].shape[0])
    e.words.weight.data = t["embeddings.word_embeddings.weight"]
    e.places.weight.data = t["embeddings.position_embeddings.weight"] + t["embeddings.token_type_embeddings.weight"][0]
    copy(e.norm, t, "embeddings.LayerNorm")
    for i, layer in enumerate(e.layers):
        p = f"encoder.layer.{i}."
        for part in ("weight", "bias"):
            getattr(layer.qkv, part).data = torch.cat([t[f"{p}attention.self.{n}.{part}"] for n in ("query", "key", "value")])
        copy(layer.out, t, p + "attention.output.dense")
        copy(layer.norm1, t, p + "attention.output.LayerNorm")
        copy(layer.up, t, p + "intermediate.dense")
        copy(layer.down, t, p + "output.dense")
        copy(layer.norm2, t, p + "output.LayerNorm")
    return e


def copy(module, tensors, name):
    module.weight.data = tensors[name + ".weight"].clone()
    module.bias.data = tensors[name + ".bias"].clone()


def save(model, path, **more):
    torch.save(dict(config=model.config, state=model.state_dict(), **more), path)


def load(path):
    d = torch.load(path, map_location="cpu", weights_only=True)
    model = Encoder(**d["config"])
    model.load_state_dict(d["state"])
    return model


def buckets(ids, tokens=6144):
    """Indices grouped by length so that little is padding."""
    order = sorted(range(len(ids)), key=lambda i: len(ids[i]))
    group = []
    for i in order:
        if group and (len(group) + 1) * len(ids[i]) > tokens:
            yield group
            group = []
        group.append(i)
    if group:
        yield group


def padded(ids, group, pad=0):
    """The lists of a group as ids [b, n] and lengths [b]."""
    lengths = [len(ids[i]) for i in group]
    x = torch.full((len(group), max(lengths)), pad, dtype=torch.long)
    for row, i in enumerate(group):
        x[row, : lengths[row]] = torch.tensor(ids[i])
    return x, torch.tensor(lengths)


def encode(model, ids, grad=True, tokens=6144, pad=0):
    """Unit vectors of ragged id lists, in their order."""
    groups = list(buckets(ids, tokens))
    parts = []
    with torch.set_grad_enabled(grad), torch.autocast("cpu", dtype=torch.bfloat16, enabled=FAST_BF16):
        for g in groups:
            parts.append(model(*padded(ids, g, pad)))
    back = torch.empty(len(ids), dtype=torch.long)
    back[torch.tensor([i for g in groups for i in g])] = torch.arange(len(ids))
    return torch.cat(parts)[back]


def vectors(model, ids, tokens=8192):
    model.eval()
    return np.ascontiguousarray(encode(model, ids, grad=False, tokens=tokens).float().numpy())


def schedule(done, warm=0.05, floor=0.02):
    """Learning-rate factor by the share of the time that has passed."""
    return done / warm if done < warm else floor + (1 - floor) * 0.5 * (1 + math.cos(math.pi * min(1, (done - warm) / (1 - warm))))
