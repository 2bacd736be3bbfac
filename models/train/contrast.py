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
