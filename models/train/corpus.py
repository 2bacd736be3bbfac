"""Training rows in memory and the pairs drawn from them."""
import array
import collections
import itertools
import json
import re
import sys

import numpy as np

from views import edit, one_of, renamed

WORDS = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|\d+")
COMMON = set("get set init run main test new create update delete add remove close open start stop reset render build parse format write read load save "
             "handle process execute apply call clone copy equals hash code to string value values name type key size length next has is on up down setup".split())
KEPT = {"keep": 0.55, "defs": 0.12, "mask": 0.12, "words": 0.12, "letters": 0.05, "drop": 0.04}
BLIND = {"keep": 0.42, "defs": 0.24, "mask": 0.14, "words": 0.1, "letters": 0.06, "drop": 0.04}
# share of same-name pairs with a function of the same file as a negative
SIBLINGS = 0.1
LIKE = {"javascript": "typescript", "tsx": "typescript"}
HIDDEN = {"defs": 0.35, "mask": 0.3, "words": 0.2, "letters": 0.15}


def rows_of(path, least=8):
    with open(path) as f:
        for line in f:
            r = json.loads(line)
            lexemes = r["lexemes"].split() if isinstance(r["lexemes"], str) else r["lexemes"]
            r["lexemes"] = [sys.intern(x) for x in lexemes]
            r["names"] = array.array("h", r["names"])
            if len(r["lexemes"]) >= least:
                r.pop("code", None)
                yield r


class Corpus:
    def __init__(self, contest, ordinary, rng, families=None, hard=None):
        self.rng = rng
        self.contest = list(rows_of(contest)) if contest else []
        self.ordinary = [r for r in rows_of(ordinary, 15)]
        self.words = [w for r in self.ordinary[::7] for w, k in zip(r["lexemes"], r["names"]) if k and w.isalpha() and len(w) > 1]
        tasks = collections.defaultdict(list)
        for r in self.contest:
            tasks[r["task"]].append(r)
        self.tasks = [t for t in tasks.values() if len(t) > 1]
        self.task_weights = [min(len(t), 12) ** 0.7 for t in self.tasks]
        self.documented = [r for r in self.ordinary if r.get("doc")]
        self.twins = self.same_name()
        self.files = collections.defaultdict(list)
        for r in self.ordinary:
            self.files[r["source"], r.get("path")].append(r)
        self.families, self.near = self.written(families) if families else ([], {})
        self.beside = {}
        self.hard, self.rows = {}, {}
        if hard:
            with open(hard) as f:
                self.hard = json.load(f)
            self.rows = {r["id"]: r for r in self.ordinary}
            self.hard = {i: kept for i, near in self.hard.items() if i in self.rows and (kept := [j for j in near if j in self.rows])}
        homes = collections.defaultdict(list)
        for r in self.ordinary:
            if len(r["lexemes"]) >= 25:
                homes[r["source"], LIKE.get(r["lang"], r["lang"])].append(r)
        self.homes = [sorted(h, key=lambda r: r.get("path") or "") for h in homes.values() if len(h) >= 150]

    def same_name(self, most=8):
        """Functions of one uncommon name in several repositories: what two teams wrote for the same want."""
        by = collections.defaultdict(list)
        for r in self.ordinary:
            words = [w.lower() for w in WORDS.findall(r["name"] or "")]
            if not words or all(w in COMMON for w in words) or (len(words) == 1 and len(words[0]) < 5) or len(r["lexemes"]) < 20:
                continue
            r["key"] = " ".join(words)
            if not any(o["source"] != r["source"] and copied(o["lexemes"], r["lexemes"]) for o in by[r["key"]]):
                by[r["key"]].append(r)
        return [g for g in by.values() if 2 <= len({r["source"] for r in g}) <= most and len(g) <= 3 * most]

    @staticmethod
    def written(path):
        """Groups that do one job, and by task the functions that only look like it."""
        jobs, near = collections.defaultdict(list), collections.defaultdict(list)
        for r in rows_of(path):
            (near if r["near"] else jobs)[r["task"]].append(r)
        return [g for g in jobs.values() if len(g) > 1], near

    def view(self, r, modes):
        return renamed(r["lexemes"], r["names"], one_of(self.rng, modes), self.rng, self.words)[0]

    def place(self, embed, texts=2, near=12):
        """Finds for every task, same-name group and family those whose mean vector lies nearest; `embed` gives vectors of lexeme lists."""
        for kind in ("tasks", "twins", "families"):
            groups = getattr(self, kind)
            means = [embed([r["lexemes"] for r in g[:texts]]).mean(0) for g in groups]
            if len(means) > near:
                self.beside[kind] = nearest(np.stack(means), near)

    def draw(self, kind, n, weights=None, crowd=4):
        """n groups; with `place` done, three of four are near one drawn before, so that negatives of a batch are hard ones
        (topic-aware batches: Hofstätter et al., SIGIR 2021)."""
        groups = getattr(self, kind)
        if kind not in self.beside:
            return self.rng.choices(groups, weights, k=n)
        out = []
        for i in self.rng.choices(range(len(groups)), weights, k=-(-n // crowd)):
            out += [i, *self.rng.sample(list(self.beside[kind][i]), crowd - 1)]
        return [groups[i] for i in out[:n]]

    def contest_pairs(self, n):
        """Prefers another source, then another language: one author's translations are the easy ones."""
        out = []
        for t in self.draw("tasks", n, self.task_weights):
            a = self.rng.choice(t)
            others = [r for r in t if r["source"] != a["source"]] if self.rng.random() < 0.7 else []
            b = self.rng.choice(others or [r for r in t if r is not a])
            out.append((self.view(a, BLIND), self.view(b, BLIND), a["task"]))
        return out

    def twin_pairs(self, n):
        out = []
        for g in self.draw("twins", n):
            a = self.rng.choice(g)
            b = self.rng.choice([r for r in g if r["source"] != a["source"]])
            sibling = self.sibling(a) if self.rng.random() < SIBLINGS else None
            out.append((self.view(a, KEPT), self.view(b, KEPT), "name:" + a["key"], sibling and self.view(sibling, KEPT)))
        return out

    def sibling(self, a, most=0.7):
        """Another function of the same file that is no edited copy: near by place and vocabulary, another job; or None."""
        words = set(a["lexemes"])
        near = [r for r in self.files[a["source"], a.get("path")] if r["name"] != a["name"] and len(r["lexemes"]) >= 20
                and len(words & set(r["lexemes"])) < most * len(words | set(r["lexemes"]))]
        return self.rng.choice(near) if near else None

    def doc_pairs(self, n):
        out = []
        for r in self.rng.sample(self.documented, n):
            words = [w.lower() for w in WORDS.findall(r["doc"])][:48]
            if self.rng.random() < 0.3:
                words = [w.lower() for w in WORDS.findall(r["name"] or "")] + words
            out.append((words, self.view(r, {"keep": 0.5, "defs": 0.3, "mask": 0.2}), "doc:" + r["id"]))
        return out

    def family_pairs(self, n):
        """(a, b, task, lookalike or None) of the families written for training"""
        out = []
        for g in self.draw("families", n if self.families else 0):
            a, b = self.rng.sample(g, 2)
            near = self.near.get(a["task"])
            out.append((self.view(a, BLIND), self.view(b, BLIND), a["task"], self.view(self.rng.choice(near), BLIND) if near else None))
        return out

    def project(self, n):
        """n functions of one project, half of them of neighbouring files, none under one name: at work near each other, hardly ever clones."""
        home = self.rng.choice(self.homes)
        at = self.rng.randrange(len(home))
        near = home[max(0, at - n):at + n]
        some = self.rng.sample(near, min(n // 2, len(near))) + self.rng.sample(home, n - min(n // 2, len(near)))
        return list({r["name"]: r for r in some}.values())

    def some(self, crowd):
        """Ordinary functions, so many of one project after another: they are each other's negatives."""
        while True:
            yield from self.project(crowd)

    def hidden_pairs(self, n):
        """(as written, own names hidden and a little edited, task, a function of the same project that is mistaken for it or None):
        what it does is to be read without its names, and apart from what its project does everywhere"""
        out = []
        hard = [self.rows[i] for i in self.rng.sample(list(self.hard), min(n, len(self.hard)))] if self.hard else []
        for r in hard or itertools.islice(self.some(16), n):
            lexemes, names = edit(r["lexemes"], r["names"], self.rng)
            near = self.hard.get(r["id"])
            other = self.rows[self.rng.choice(near)]["lexemes"] if near else None
            out.append((r["lexemes"], renamed(lexemes, names, one_of(self.rng, HIDDEN), self.rng, self.words)[0], "own:" + r["id"], other))
        return out


def copied(a, b, like=0.75):
    """One taken from the other, most likely."""
    return shared(set(a), set(b)) >= like


def shared(a, b):
    """Jaccard index of two sets."""
    return len(a & b) / max(1, len(a | b))


def nearest(means, near):
    """Indices [groups, near] of the nearest other groups."""
    means = means / np.linalg.norm(means, axis=1, keepdims=True)
    close = means @ means.T
    np.fill_diagonal(close, -1)
    return np.argpartition(-close, near, axis=1)[:, :near]
