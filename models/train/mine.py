"""For functions of ordinary projects, those of the same project that a model finds nearest though their words are others: hard negatives (as in ANCE: Xiong et al., ICLR 2021)."""
import argparse
import collections
import json

import numpy as np
import torch

from corpus import LIKE, rows_of, shared
from encoder import load, vectors
from export import shipped
from pieces import Pieces
from views import seeded


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--model", required=True, help="a checkpoint or model.onnx")
    p.add_argument("--tokenizer", required=True)
    p.add_argument("--ordinary", required=True)
    p.add_argument("--most", type=int, default=700, help="functions a project and language")
    p.add_argument("--near", type=int, default=6)
    p.add_argument("--unlike", type=float, default=0.35, help="most words a pair shares (Jaccard): more may be a clone")
    p.add_argument("--bound", type=float, default=0.5, help="least cosine")
    p.add_argument("--limit", type=int, default=112)
    p.add_argument("--out", required=True)
    o = p.parse_args()
    torch.set_num_threads(1)
    pieces, rng = Pieces(o.tokenizer, o.limit), seeded(7)
    run = shipped(o.model) if o.model.endswith(".onnx") else None
    model = None if run else load(o.model)
    by = collections.defaultdict(list)
    for r in rows_of(o.ordinary, 25):
        by[r["source"], LIKE.get(r["lang"], r["lang"])].append(r)
    found = {}
    for rows in by.values():
        rows = rng.sample(rows, min(len(rows), o.most))
        ids = [pieces.ids(r["lexemes"]) for r in rows]
        e = run(ids) if run else vectors(model, ids)
        found.update(neighbours(rows, e, o))
    with open(o.out, "w") as f:
        json.dump(found, f)
    print(len(found), "functions with neighbours")


def neighbours(rows, e, o):
    words = [set(r["lexemes"]) for r in rows]
    for i, cosine in enumerate(e @ e.T):
        order = [int(j) for j in np.argsort(-cosine)[1:4 * o.near] if cosine[j] >= o.bound]
        near = [rows[j]["id"] for j in order if rows[j]["name"] != rows[i]["name"] and shared(words[i], words[j]) <= o.unlike][:o.near]
        if near:
            yield rows[i]["id"], near


if __name__ == "__main__":
    main()
