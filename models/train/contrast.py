"""Losses."""
import torch
import torch.nn.functional as F


class Memory:
    """Vectors of the last steps as further negatives (cross-batch memory, Wang et al., CVPR 2020)."""

    def __init__(self, size):
        self.size, self.vectors, self.keys = size, None, []

    def add(self, vectors, keys):
        vectors = vectors.detach()
        self.vectors = (vectors if self.vectors is None else torch.cat([self.vectors, vectors]))[-self.size:]
        self.keys = (self.keys + list(keys))[-self.size:]

    def logits(self, a, keys, temperature):
        same = torch.tensor([[x == y for y in self.keys] for x in keys])
        return (a @ self.vectors.T / temperature).masked_fill(same, -1e4)


def info_nce(a, b, keys, temperature, memory, wrong=None, wrong_of=()):
    """Symmetric in-batch contrast; entries of one key are no negatives of each other; row `wrong_of[j]` must beat `wrong[j]`."""
    n = a.shape[0]
    number = {k: i for i, k in enumerate(dict.fromkeys(keys))}
    k = torch.tensor([number[x] for x in keys])
    same = (k[:, None] == k[None, :]) & ~torch.eye(n, dtype=torch.bool)
    target = torch.arange(n)
    logits = (a @ b.T / temperature).masked_fill(same, -1e4)
    back = logits.T
    aa = (a @ a.T / temperature).masked_fill(same | torch.eye(n, dtype=torch.bool), -1e4)
    rows = [logits, aa]
    if memory.keys:
        rows.append(memory.logits(a, keys, temperature))
    if wrong is not None and len(wrong):
        rows.append(torch.full((n, len(wrong)), -1e4).index_put((torch.tensor(wrong_of), torch.arange(len(wrong))),
                    (a[list(wrong_of)] * wrong).sum(-1) / temperature))
    return 0.6 * F.cross_entropy(torch.cat(rows, 1), target) + 0.4 * F.cross_entropy(back, target)


def same_geometry(mine, theirs):
    """Distance between the two similarity matrices of a batch."""
    off = ~torch.eye(len(mine), dtype=torch.bool)
    return F.mse_loss((mine @ mine.T)[off], (theirs @ theirs.T)[off])
