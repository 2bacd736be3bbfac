"""Training rows in memory and the pairs drawn from them."""
import array
import collections
import json
import re
import sys

from views import edit, mutate, one_of, rename

WORDS = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|\d+")
COMMON = set("get set init run main test new create update delete add remove close open start stop reset render build parse format write read load save "
             "handle process execute apply call clone copy equals hash code to string value values name type key size length next has is on up down setup".split())
KEPT = {"keep": 0.55, "defs": 0.12, "mask": 0.12, "words": 0.12, "letters": 0.05, "drop": 0.04}
BLIND = {"keep": 0.42, "defs": 0.24, "mask": 0.14, "words": 0.1, "letters": 0.06, "drop": 0.04}
# share of same-name pairs with a function of the same file as a negative
SIBLINGS = 0.1
HIDDEN = {"mask": 0.4, "words": 0.35, "letters": 0.25}


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
    def __init__(self, contest, ordinary, rng, families=None):
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

    def same_name(self, most=8):
        """Functions of one uncommon name in several repositories: what two teams wrote for the same want."""
        by = collections.defaultdict(list)
        for r in self.ordinary:
            words = [w.lower() for w in WORDS.findall(r["name"] or "")]
            if not words or all(w in COMMON for w in words) or (len(words) == 1 and len(words[0]) < 5) or len(r["lexemes"]) < 20:
                continue
            r["key"] = " ".join(words)
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
        return rename(r["lexemes"], r["names"], one_of(self.rng, modes), self.rng, self.words)

    def contest_pairs(self, n):
        """Prefers another source, then another language: one author's translations are the easy ones."""
        out = []
        for t in self.rng.choices(self.tasks, self.task_weights, k=n):
            a = self.rng.choice(t)
            others = [r for r in t if r["source"] != a["source"]] if self.rng.random() < 0.7 else []
            b = self.rng.choice(others or [r for r in t if r is not a])
            out.append((self.view(a, BLIND), self.view(b, BLIND), a["task"]))
        return out

    def twin_pairs(self, n):
        out = []
        for g in self.rng.choices(self.twins, k=n):
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
        for g in self.rng.sample(self.families, min(n, len(self.families))):
            a, b = self.rng.sample(g, 2)
            near = self.near.get(a["task"])
            out.append((self.view(a, BLIND), self.view(b, BLIND), a["task"], self.view(self.rng.choice(near), BLIND) if near else None))
        return out

    def own_pairs(self, n):
        """(as written, own names replaced and a little edited, as written with one thing changed)"""
        out = []
        while len(out) < n:
            r = self.rng.choice(self.ordinary if self.rng.random() < 0.75 else self.contest or self.ordinary)
            wrong = mutate(r["lexemes"], r["names"], self.rng, self.words)
            if wrong is None or len(r["lexemes"]) > 250:
                continue
            lexemes, names = r["lexemes"], r["names"]
            if self.rng.random() < 0.3:
                lexemes, names = edit(lexemes, names, self.rng)
            right = rename(lexemes, names, one_of(self.rng, HIDDEN), self.rng, self.words)
            out.append((r["lexemes"], right, "own:" + r["id"], wrong))
        return out
