"""Pairs that the alternative of the calibration is fitted on: functions of one project that lie near each other (none a clone; each as
heavy as such pairs are frequent, in pairs for 1,000 functions), and written families with their lookalikes."""
import argparse
import collections
import json
import random

import numpy as np

from corpus import LIKE, rows_of, shared
from encoder import load, vectors
from export import shipped
from pieces import Pieces

STEP = 0.05


def with_code(path, least):
    """Rows with their lexemes and source text; the texts are kept apart by id."""
    texts = {}
    with open(path) as f:
        for line in f:
            r = json.loads(line)
            texts[r["id"]] = r["code"]
    return [r for r in rows_of(path, least) if r["id"] in texts], texts


def crowd(rows, texts, embed, o, rng):
    by = collections.defaultdict(list)
    for r in rows:
        if len(texts[r["id"]]) < 6000:
            by[r["source"], LIKE.get(r["lang"], r["lang"])].append(r)
    homes = [rng.sample(by[k], min(len(by[k]), o.most)) for k in sorted(by) if len(by[k]) >= o.least]
    functions = sum(map(len, homes))
    for home in homes:
        e, words, bins = embed(home), [set(r["lexemes"]) for r in home], collections.defaultdict(list)
        cosines = e @ e.T
        for i, j in np.argwhere(np.triu(cosines, 1) > o.floor):
            if shared(words[i], words[j]) <= 0.6:
                bins[int((cosines[i, j] - o.floor) / STEP)].append((i, j))
        for some in bins.values():
            taken = rng.sample(some, min(len(some), o.each))
            for i, j in taken:
                yield pair(home[i], home[j], texts, 0, weight=len(some) / len(taken) * 1000 / functions)


def families(path):
    rows, texts = with_code(path, 1)
    by = collections.defaultdict(list)
    for r in rows:
        by[r["task"], LIKE.get(r["lang"], r["lang"])].append(r)
    for group in by.values():
        for x, a in enumerate(group):
            for b in group[:x]:
                if not (a["near"] and b["near"]):
                    yield pair(b, a, texts, int(not (a["near"] or b["near"])))


def pair(a, b, texts, label, **more):
    return dict(a=texts[a["id"]], b=texts[b["id"]], lang_a=a["lang"], lang_b=b["lang"], label=label, **more)


def main():
    p = argparse.ArgumentParser()
    for name in ("ordinary", "families", "model", "tokenizer", "within", "pairs"):
        p.add_argument("--" + name, required=True)
    p.add_argument("--most", type=int, default=600, help="functions a project and language")
    p.add_argument("--least", type=int, default=400, help="fewer in a project and language say little about it")
    p.add_argument("--each", type=int, default=50, help="pairs a project and step of the cosine")
    p.add_argument("--floor", type=float, default=0.4)
    o = p.parse_args()
    rng, pieces = random.Random(3), Pieces(o.tokenizer, 192)
    run = shipped(o.model) if o.model.endswith(".onnx") else (lambda ids, model=load(o.model): vectors(model, ids))
    rows, texts = with_code(o.ordinary, 25)
    for path, found in ((o.within, crowd(rows, texts, lambda some: run([pieces.ids(r["lexemes"]) for r in some]), o, rng)), (o.pairs, families(o.families))):
        with open(path, "w") as f:
            f.writelines(json.dumps(r) + "\n" for r in found)


if __name__ == "__main__":
    main()
