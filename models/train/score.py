"""Retrieval scores of vectors: MAP@R with R the positives of a query, as in CodeXGLUE POJ-104. The product's `simcode eval` is the judge; this is for development."""
import argparse
import json
import os

import numpy as np
import torch

from corpus import rows_of
from encoder import load, load_minilm, vectors
from export import shipped
from pieces import Pieces
from views import own_name, renamed, seeded


def map_r(e, rows, mode="all", only=4000, seed=0):
    lang = np.array(["js" if r["lang"] in ("javascript", "typescript", "tsx") else r["lang"] for r in rows])
    code = {t: i for i, t in enumerate(sorted({r["task"] for r in rows}))}
    task = np.array([code[r["task"]] for r in rows])
    kin = {t: i for i, t in enumerate(sorted({r.get("family") or r["task"] for r in rows}))}
    family = np.array([kin[r.get("family") or r["task"]] for r in rows])
    source = np.array([r.get("source", "") for r in rows])
    size = np.bincount(task)
    queries = np.flatnonzero(size[task] > 1)
    if len(queries) > only:
        queries = np.sort(np.random.RandomState(seed).choice(queries, only, replace=False))
    scores = []
    for block in range(0, len(queries), 512):
        part = queries[block:block + 512]
        for i, s in zip(part, e[part] @ e.T):
            same = task == task[i]
            ok = same | (family != family[i])
            ok[i] = False
            if mode == "same":
                ok &= lang == lang[i]
            if mode == "cross":
                ok &= lang != lang[i]
            if mode == "xsrc":
                ok &= source != source[i]
            r = int((same & ok).sum())
            if not r:
                continue
            s = np.where(ok, s, -9)
            top = np.argpartition(-s, min(r, len(s) - 1))[:r]
            top = top[np.argsort(-s[top], kind="stable")]
            hit = same[top]
            scores.append((hit * np.cumsum(hit) / np.arange(1, r + 1)).sum() / r)
    return round(100 * float(np.mean(scores)), 2)


def view(r, how, rng):
    """(lexemes, those of the name)"""
    if how == "own":
        lexemes = r["lexemes_masked"].split() if isinstance(r["lexemes_masked"], str) else r["lexemes_masked"]
        return lexemes, own_name(lexemes, r["names_masked"])[1]
    number, name = own_name(r["lexemes"], r["names"])
    if how == "kept":
        return r["lexemes"], name
    lexemes, to = renamed(r["lexemes"], r["names"], "mask", rng, ["x"])
    return lexemes, to.get(number, name)


def with_names(vectors, share):
    """texts and names -> unit vectors of the texts plus `share` times those of the names alone, where these are no input of the model"""
    def embed(texts, names):
        body = vectors(texts)
        if not share:
            return body
        every = list(dict.fromkeys(" ".join(name) for name in names if name))
        found = dict(zip(every, vectors([x.split() for x in every])))
        body = np.stack([v + share * found[" ".join(name)] if name else v for v, name in zip(body, names)])
        return body / np.linalg.norm(body, axis=1, keepdims=True)
    return embed


def tfidf(texts):
    from sklearn.feature_extraction.text import TfidfVectorizer
    found = TfidfVectorizer(analyzer=lambda x: x, sublinear_tf=True, min_df=2, max_features=6000, dtype=np.float32).fit_transform(texts)
    return found.toarray()


def report(embed, folder, quick=False):
    out = {}
    rng = seeded(5)
    for name in ("twins", "leetcode-val", "poj104-valid"):
        if not os.path.exists(f"{folder}/{name}.lex.jsonl"):
            continue
        rows = list(rows_of(f"{folder}/{name}.lex.jsonl", 1))
        if quick and name == "twins":
            rows = [r for r in rows if r["lang"] != "python"]
            rest = [r for r in rows if r["task"].startswith("other/")]
            rng.shuffle(rest)
            rows = [r for r in rows if not r["task"].startswith("other/")] + rest[:1500]
        if quick and name == "leetcode-val":
            rows = rows[:1200]
        if quick and name == "poj104-valid":
            rows = rows[::4]
        for how in ("kept",) if name.startswith("poj") else ("kept", "own", "all"):
            e = embed(*zip(*[view(r, how, rng) for r in rows]))
            modes = ("xsrc",) if name == "twins" else ("all",) if name.startswith("poj") else ("same", "cross")
            for mode in modes:
                out[f"{name} {how} {mode}"] = map_r(e, rows, mode)
                print(f"{name} {how} {mode} {out[f'{name} {how} {mode}']}", flush=True)
    return out


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--model", required=True, help="a checkpoint, model.onnx, minilm or tfidf")
    p.add_argument("--tokenizer", required=True)
    p.add_argument("--minilm")
    p.add_argument("--folder", required=True)
    p.add_argument("--limit", type=int, default=192)
    p.add_argument("--name", type=float, default=0.0, help="share of the name's vector that is added, for models that do not read names")
    p.add_argument("--quick", action="store_true")
    p.add_argument("--out")
    o = p.parse_args()
    torch.set_num_threads(1)
    pieces = Pieces(o.tokenizer, o.limit)
    if o.model == "tfidf":
        def embed(texts, _):
            return tfidf(texts)
    elif o.model.endswith(".onnx"):
        run = shipped(o.model)
        def embed(texts, names):
            return run([pieces.ids(x) for x in texts], [pieces.ids(x) for x in names])
    else:
        model = load_minilm(o.minilm + "/model.safetensors") if o.model == "minilm" else load(o.model)
        embed = with_names(lambda texts: vectors(model, [pieces.ids(x) for x in texts]), o.name)
    result = report(embed, o.folder, o.quick)
    if o.out:
        with open(o.out, "w") as f:
            json.dump(result, f, indent=1)


if __name__ == "__main__":
    main()
