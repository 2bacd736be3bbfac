"""Losses."""
import torch
import torch.nn.functional as F


def info_nce(a, b, keys, temperature, wrong=None):
    """Symmetric in-batch contrast; entries of one key are no negatives of each other; `wrong` vectors belong to no key."""
    n = a.shape[0]
    number = {k: i for i, k in enumerate(dict.fromkeys(keys))}
    k = torch.tensor([number[x] for x in keys])
    same = (k[:, None] == k[None, :]) & ~torch.eye(n, dtype=torch.bool)
    target = torch.arange(n)
    logits = (a @ b.T / temperature).masked_fill(same, -1e4)
    back = logits.T
    aa = (a @ a.T / temperature).masked_fill(same | torch.eye(n, dtype=torch.bool), -1e4)
    rows = [logits, aa]
    if wrong is not None and len(wrong):
        rows.append(a @ wrong.T / temperature)
    return 0.6 * F.cross_entropy(torch.cat(rows, 1), target) + 0.4 * F.cross_entropy(back, target)


def spread(e, lexemes, like=0.45):
    """How near unlike functions of one project lie: over pairs that share less than `like` of their words (Jaccard)."""
    words = [set(x) for x in lexemes]
    unlike = [(i, j) for i, a in enumerate(words) for j, b in enumerate(words[:i]) if len(a & b) < like * len(a | b)]
    return repel(e, unlike)


def repel(e, pairs, bound=0.5, scale=0.1):
    """Mean softplus of the cosines of pairs of rows above `bound`."""
    if not pairs:
        return torch.zeros(())
    i, j = torch.tensor(pairs).T
    return F.softplus(((e[i] * e[j]).sum(-1) - bound) / scale).mean()
