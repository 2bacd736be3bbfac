"""Inputs of the calibration and of the hard-negative check: labelled pairs and (anchor, renamed, changed) triples."""
import argparse
import collections
import json

from proposals import between_projects, within_polyglots
from sources import changed, reformatted, renamed
from views import seeded

# holds the same programs in Java and Kotlin
PORTED = {"square+okhttp"}


def rows(path):
    with open(path) as f:
        return [json.loads(line) for line in f]


def words_of(some):
    import re
    found = collections.Counter(w.lower() for r in some for w in re.findall(r"[A-Za-z]{3,9}", r["name"] or ""))
    return [w for w, n in found.items() if n > 1 and w.isalpha()] or ["alpha", "beta", "gamma"]


def triples(source, count, rng):
    words, out = words_of(source), []
    for langs in (("typescript",), ("python",)):
        pool = [r for r in source if r["lang"] in langs and r.get("tokens", 99) >= 25 and len(r["code"]) < 3000]
        rng.shuffle(pool)
        have = 0
        for r in pool * 3:
            if have >= count // 2:
                break
            good, bad = renamed(r["code"], r["lang"], rng, words, r["name"]), changed(r["code"], r["lang"], rng)
            if good and bad:
                out.append(dict(id=f"{r['id']}#{have}", lang=r["lang"], anchor=r["code"], positive=reformatted(good, r["lang"], rng), negative=bad))
                have += 1
    return out


def pair(a, b, label, kind):
    return dict(a=a["code"], b=b["code"], lang_a=a["lang"], lang_b=b["lang"], label=label, kind=kind)


def written(path, rng, count=1500):
    """Pairs of the written families, and of each with its lookalikes."""
    jobs, near, out = collections.defaultdict(list), collections.defaultdict(list), []
    for r in rows(path):
        (near if r["near"] else jobs)[r["task"]].append(r)
    for task, group in jobs.items():
        out += [pair(a, b, 1, "family") for i, a in enumerate(group) for b in group[i + 1:]]
        out += [pair(a, b, 0, "lookalike") for a in group for b in near[task]]
    return rng.sample(out, min(count, len(out)))


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--contest", required=True)
    p.add_argument("--ordinary", required=True)
    p.add_argument("--twins", required=True)
    p.add_argument("--pairs", required=True)
    p.add_argument("--triples", required=True)
    p.add_argument("--families", help="rows of the written families that were not trained on")
    p.add_argument("--model", help="model.onnx whose proposals become negatives")
    p.add_argument("--tokenizer")
    p.add_argument("--seed", type=int, default=9)
    o = p.parse_args()
    rng = seeded(o.seed)
    contest, ordinary = rows(o.contest), rows(o.ordinary)
    ordinary = [r for r in ordinary if len(r["code"]) > 120]
    words = words_of(ordinary[::5])
    out = []
    tasks = collections.defaultdict(list)
    for r in contest:
        tasks[r["task"]].append(r)
    many = [t for t in tasks.values() if len({r["source"] for r in t}) > 1]
    if o.families:
        out += written(o.families, rng)
    if o.model:
        long = [r for r in ordinary if len(r["lexemes"]) >= 30 and len(r["code"]) < 6000]
        out += [dict(pair(a, b, 0, "between projects"), weight=w) for a, b, w in between_projects(long, o.model, o.tokenizer, rng)]
        alone = [r for r in long if r["source"] not in PORTED]
        out += [dict(pair(a, b, 0, "polyglot"), weight=w) for a, b, w in within_polyglots(alone, o.model, o.tokenizer, rng)]
    for _ in range(1500):
        a, b = rng.sample(rng.choice(many), 2)
        out.append(dict(pair(a, b, 1, "same-task"), weight=0.5))
    for _ in range(1000):
        s, t = rng.sample(many, 2)
        out.append(pair(rng.choice(s), rng.choice(t), 0, "other-task"))
    for _ in range(1000):
        a, b = rng.sample(ordinary, 2)
        out.append(pair(a, b, 0, "random"))
    files = collections.defaultdict(list)
    for r in ordinary:
        files[r["source"] + r["path"]].append(r)
    siblings = [f for f in files.values() if len(f) > 1]
    for _ in range(2000):
        a, b = rng.sample(rng.choice(siblings), 2)
        out.append(pair(a, b, 0, "hard-negative"))
    own = [r for r in ordinary if r["lang"] in ("typescript", "javascript", "python", "tsx")]
    made = collections.Counter()
    for r in rng.sample(own, len(own)):
        if made["renamed"] >= 1000:
            break
        b = dict(r)
        kind = rng.choice(("renamed", "type3", "mutant"))
        code = changed(r["code"], r["lang"], rng) if kind == "mutant" else renamed(r["code"], r["lang"], rng, words, r["name"])
        if kind == "type3" and code:
            lines = code.split("\n")
            if len(lines) < 8:
                continue
            del lines[rng.randint(2, len(lines) - 3)]
            code = "\n".join(lines)
        if code and code != r["code"]:
            b.update(code=code)
            # one changed condition is another behaviour but the same text: a Type-3 clone that a reviewer wants to see
            out.append(pair(r, b, 1, kind))
            made[kind] += 1
    rng.shuffle(out)
    for path, found in ((o.pairs, out), (o.triples, triples(rows(o.twins), 2000, rng))):
        with open(path, "w") as f:
            for r in found:
                f.write(json.dumps(r) + "\n")
        print(path, len(found), collections.Counter(r.get("kind") or r["lang"] for r in found))


if __name__ == "__main__":
    main()
