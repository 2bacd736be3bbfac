"""A table of pieces whose sum, at unit length, is near what a checkpoint says of a name alone: names then cost a model nothing.

In the graph it does better than the vectors it was fitted to: the order of words is chance in most names.
"""
import argparse
import collections

import numpy as np
import torch
import torch.nn.functional as F

from corpus import rows_of
from encoder import load, vectors
from pieces import Pieces
from views import own_name, seeded

EPOCHS = 14
SPECIAL = 5


def names_of(paths):
    found = collections.Counter()
    for path in paths:
        for r in rows_of(path, 1):
            name = own_name(r["lexemes"], r["names"])[1]
            if name:
                found[" ".join(name)] += 1
    return found


def summed(table, ids):
    flat = torch.tensor([i for x in ids for i in x])
    starts = torch.tensor(np.cumsum([0] + [len(x) for x in ids[:-1]]))
    return F.normalize(table(flat, starts), dim=-1)


def fit(ids, target, weight, size, rng):
    """The table [size, width]; tells how near held names come."""
    table = torch.nn.EmbeddingBag(size, target.shape[1], mode="sum")
    table.weight.data.normal_(0, 0.02)
    table.weight.data += target.mean(0) / 3
    optimizer = torch.optim.Adam(table.parameters(), lr=0.02)
    held = len(ids) // 20
    for epoch in range(EPOCHS):
        optimizer.param_groups[0]["lr"] = 0.02 * (1 - epoch / EPOCHS) + 0.0005
        order = rng.sample(range(held, len(ids)), len(ids) - held)
        for at in range(0, len(order), 4096):
            batch = order[at:at + 4096]
            near = (summed(table, [ids[i] for i in batch]) * target[batch]).sum(-1)
            optimizer.zero_grad()
            ((1 - near) * weight[batch]).mean().backward()
            optimizer.step()
    with torch.no_grad():
        near = (summed(table, ids[:held]) * target[:held]).sum(-1).mean().item()
    print(f"cosine of {held} held names to their vectors: {near:.3f}")
    return table.weight.detach().numpy().copy()


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--checkpoint", required=True)
    p.add_argument("--tokenizer", required=True)
    p.add_argument("--rows", nargs="+", required=True)
    p.add_argument("--most", type=int, default=80_000, help="names")
    p.add_argument("--out", required=True, help="an .npy file")
    p.add_argument("--seed", type=int, default=1)
    o = p.parse_args()
    torch.manual_seed(o.seed)
    rng, pieces = seeded(o.seed), Pieces(o.tokenizer, 24)
    count = names_of(o.rows)
    names = rng.sample(sorted(count), min(o.most, len(count)))
    ids = [pieces.ids(x.split()) for x in names]
    target = torch.tensor(vectors(load(o.checkpoint), ids))
    weight = torch.tensor([min(5, count[x]) ** 0.5 for x in names])
    table = fit([x[1:-1] or [1] for x in ids], target, weight, pieces.tokenizer.get_vocab_size(), rng)
    table[:SPECIAL] = 0
    np.save(o.out, table)


if __name__ == "__main__":
    main()
