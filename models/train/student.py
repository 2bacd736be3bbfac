"""A small encoder cut from the teacher and taught by it: its vectors, its geometry, and the pairs themselves."""
import argparse
import json
import os
import time

import numpy as np
import torch
import torch.nn.functional as F

from contrast import info_nce
from corpus import Corpus
from encoder import Encoder, encode, load, save, schedule
from pieces import Pieces
from views import seeded


def cut(teacher, layers, ffn, kept, pool_after, positions):
    """Chosen layers, the feed-forward neurons with the heaviest weights, the kept words."""
    s = Encoder(len(kept), layers=len(layers), ffn=ffn, pool_after=pool_after, positions=positions)
    s.words.weight.data = teacher.words.weight.data[kept].clone()
    s.places.weight.data = teacher.places.weight.data[:positions].clone()
    s.norm.load_state_dict(teacher.norm.state_dict())
    for mine, i in zip(s.layers, layers):
        theirs = teacher.layers[i]
        for name in ("qkv", "out", "norm1", "norm2"):
            getattr(mine, name).load_state_dict(getattr(theirs, name).state_dict())
        weight = theirs.up.weight.norm(dim=1) * theirs.down.weight.norm(dim=0)
        best = weight.topk(ffn).indices.sort().values
        mine.up.weight.data, mine.up.bias.data = theirs.up.weight.data[best].clone(), theirs.up.bias.data[best].clone()
        mine.down.weight.data, mine.down.bias.data = theirs.down.weight.data[:, best].clone(), theirs.down.bias.data.clone()
    return s


def geometry(mine, theirs, temperature=0.05):
    """How the teacher spreads each text over the others of the batch."""
    off = torch.eye(len(mine), dtype=torch.bool)
    a = (mine @ mine.T / temperature).masked_fill(off, -1e4)
    b = (theirs @ theirs.T / temperature).masked_fill(off, -1e4)
    return F.kl_div(a.log_softmax(1), b.softmax(1), reduction="batchmean")


def args():
    p = argparse.ArgumentParser()
    for name in ("teacher", "minilm", "tokenizer", "map", "contest", "ordinary", "out"):
        p.add_argument("--" + name, required=True)
    p.add_argument("--start", help="continue from this student")
    p.add_argument("--layers", default="0,1,3,5")
    p.add_argument("--ffn", type=int, default=768)
    p.add_argument("--pool-after", type=int, default=1)
    p.add_argument("--minutes", type=float, default=30)
    p.add_argument("--rate", type=float, default=3e-4)
    p.add_argument("--pairs", default="28,24,14", help="a step: contest, same name, own")
    p.add_argument("--alone", type=int, default=48, help="ordinary functions a step that are only distilled")
    p.add_argument("--weights", default="4,0.5,0.3", help="vectors, geometry, pairs")
    p.add_argument("--limit", type=int, default=192)
    p.add_argument("--threads", type=int, default=2)
    p.add_argument("--seed", type=int, default=2)
    return p.parse_args()


def main():
    o = args()
    torch.set_num_threads(o.threads)
    torch.manual_seed(o.seed)
    rng = seeded(o.seed)
    teacher = load(o.teacher).eval()
    if o.start and os.path.exists(o.start):
        model = load(o.start)
    else:
        with open(o.map) as f:
            model = cut(teacher, [int(x) for x in o.layers.split(",")], o.ffn, json.load(f), o.pool_after, o.limit)
    big, small = Pieces(o.minilm + "/tokenizer.json", o.limit), Pieces(o.tokenizer, o.limit)
    corpus = Corpus(o.contest, o.ordinary, rng)
    sizes = [int(x) for x in o.pairs.split(",")]
    weights = [float(x) for x in o.weights.split(",")]
    optimizer = torch.optim.AdamW([dict(params=[p for p in model.parameters() if p.ndim >= 2], weight_decay=0.01),
                                   dict(params=[p for p in model.parameters() if p.ndim < 2], weight_decay=0.0)], lr=o.rate)
    begin = time.time()
    step = texts = 0
    told = []
    while (done := (time.time() - begin) / (o.minutes * 60)) < 1:
        own = corpus.own_pairs(sizes[2])
        pairs = corpus.contest_pairs(sizes[0]) + corpus.twin_pairs(sizes[1]) + [x[:3] for x in own]
        n = len(pairs)
        lexemes = [x[0] for x in pairs] + [x[1] for x in pairs] + [x[3] for x in own] + [r["lexemes"] for r in rng.sample(corpus.ordinary, o.alone)]
        for group in optimizer.param_groups:
            group["lr"] = o.rate * schedule(done)
        theirs = encode(teacher, [big.ids(x) for x in lexemes], grad=False)
        mine = encode(model, [small.ids(x) for x in lexemes])
        vector = (1 - (mine * theirs).sum(-1)).mean()
        shape = geometry(mine, theirs)
        contrast = info_nce(mine[:n], mine[n:2 * n], [x[2] for x in pairs], 0.05, mine[2 * n:2 * n + len(own)], list(range(n - len(own), n)))
        loss = weights[0] * vector + weights[1] * shape + weights[2] * contrast
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        step += 1
        texts += len(lexemes)
        told.append([vector.item(), shape.item(), contrast.item()])
        if step % 10 == 0:
            v, s, c = np.mean(told, 0)
            told = []
            print(f"step {step} {100 * done:.0f}% vector {v:.4f} geometry {s:.3f} contrast {c:.3f} {texts / (time.time() - begin):.0f} texts/s", flush=True)
        if step % 50 == 0:
            save(model, o.out)
    save(model, o.out)


if __name__ == "__main__":
    main()
