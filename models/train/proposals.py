"""Negatives as a scan meets them: functions of different projects, or of two languages of one project, that the model finds alike."""
import collections

import numpy as np

from export import shipped
from pieces import Pieces

FLOOR, STEP = 0.5, 0.05
# languages whose code is compared token by token count as one
FAMILY = {"javascript": "ecmascript", "typescript": "ecmascript", "tsx": "ecmascript", "cpp": "c"}


def embed(rows, model, tokenizer):
    pieces = Pieces(tokenizer, 192)
    return shipped(model)([pieces.ids(r["lexemes"]) for r in rows])


def family(r):
    return FAMILY.get(r["lang"], r["lang"])


def chosen(found, most, thousands, rng):
    """At most `most` pairs (i, j, cosine) of each stretch of cosines, each with the number of pairs in 1,000 functions it stands for."""
    by = collections.defaultdict(list)
    for i, j, cosine in found:
        by[int((cosine - FLOOR) / STEP)].append((i, j))
    for _, some in sorted(by.items()):
        taken = rng.sample(some, min(len(some), most))
        yield from ((i, j, len(some) / len(taken) / thousands) for i, j in taken)


def between_projects(ordinary, model, tokenizer, rng, count=7000):
    """(a, b, weight) of unrelated projects; twelve languages in like shares, so that the rare ones are met."""
    seen, rows = collections.Counter(), []
    for r in rng.sample(ordinary, len(ordinary)):
        if seen[r["lang"]] < 900 and seen[r["source"]] < 260 and len(rows) < count:
            seen.update((r["lang"], r["source"]))
            rows.append(r)
    e = embed(rows, model, tokenizer)
    found = collections.defaultdict(list)
    for i in range(len(rows) - 1):
        cosine = e[i + 1:] @ e[i]
        for j in np.flatnonzero(cosine >= FLOOR) + i + 1:
            if rows[i]["source"] != rows[j]["source"]:
                found[family(rows[i]) == family(rows[j])].append((i, int(j), cosine[j - i - 1]))
    for some in found.values():
        yield from ((rows[i], rows[j], weight) for i, j, weight in chosen(some, 600, len(rows) / 1000, rng))


def within_polyglots(ordinary, model, tokenizer, rng, least=40, most=350):
    """(a, b, weight) of two languages of one project; projects that keep a port of themselves are left out by the caller."""
    by = collections.defaultdict(lambda: collections.defaultdict(list))
    for r in ordinary:
        by[r["source"]][family(r)].append(r)
    for source in sorted(by):
        groups = [g for g in by[source].values() if len(g) >= least]
        if len(groups) < 2:
            continue
        rows = [r for g in groups for r in rng.sample(g, min(len(g), most))]
        e = embed(rows, model, tokenizer)
        cosine = e @ e.T
        pairs = [(i, j, cosine[i, j]) for i, j in np.argwhere(np.triu(cosine >= FLOOR, 1)).tolist() if family(rows[i]) != family(rows[j])]
        yield from ((rows[i], rows[j], weight) for i, j, weight in chosen(pairs, 80, len(rows) / 1000, rng))
