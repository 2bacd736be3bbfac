"""Views of a function on its lexeme stream: own names kept, renamed, masked or dropped; lines dropped."""
import random

LETTERS = "a b c d e f g h i j k m n p q r s t u v w x y z".split()


def runs(lexemes, names):
    """(own name, lexemes) per stretch; own name 0 for single lexemes that belong to none."""
    i = 0
    while i < len(lexemes):
        k = names[i]
        j = i + 1
        while k and j < len(lexemes) and names[j] == k:
            j += 1
        yield k, lexemes[i:j]
        i = j


def renamed(lexemes, names, mode, rng, words):
    """The lexemes with own names written otherwise, and what each became (with `keep` nothing is in there).
    mode: keep | defs (only functions and classes) | mask (v1, fn1) | letters | words (random ones) | drop"""
    to, out = {}, []
    if mode == "keep":
        return lexemes, to
    for k, part in runs(lexemes, names):
        if not k or (mode == "defs" and k > 0):
            out += part
            continue
        if k not in to:
            to[k] = fresh(k, mode, rng, words)
        out += to[k]
    return out, to


def own_name(lexemes, names):
    """(number, lexemes) of the function's own name, the first definition in it; or (0, [])"""
    return next(((k, part) for k, part in runs(lexemes, names) if k < 0), (0, []))


def fresh(k, mode, rng, words):
    if mode == "drop":
        return []
    if mode == "letters":
        return [rng.choice(LETTERS)]
    if mode == "words":
        return [rng.choice(words) for _ in range(rng.choice((1, 1, 2)))]
    return ["fn" if k < 0 else "v", str(abs(k) - 1)]


def edit(lexemes, names, rng):
    """A Type-3 edit: a stretch of up to an eighth removed; names stay aligned."""
    n = len(lexemes)
    if n < 24 or rng.random() < 0.5:
        return lexemes, names
    size = rng.randint(2, max(3, n // 8))
    at = rng.randint(6, n - size)
    return lexemes[:at] + lexemes[at + size:], names[:at] + names[at + size:]


def one_of(rng, weights):
    return rng.choices(list(weights), list(weights.values()))[0]


def seeded(seed):
    return random.Random(seed)
