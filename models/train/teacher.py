"""Fine-tunes all six layers of all-MiniLM-L6-v2 on pairs, gently, and holds names-kept text near where MiniLM puts it."""
import argparse
import time

import numpy as np
import torch

from contrast import info_nce, same_geometry
from corpus import Corpus
from encoder import encode, load, load_minilm, save, schedule, vectors
from pieces import Pieces
from views import seeded


def args():
    p = argparse.ArgumentParser()
    p.add_argument("--minilm", required=True, help="folder of all-MiniLM-L6-v2 (model.safetensors, tokenizer.json)")
    p.add_argument("--contest", required=True)
    p.add_argument("--ordinary", required=True)
    p.add_argument("--out", required=True)
    p.add_argument("--minutes", type=float, default=25)
    p.add_argument("--rate", type=float, default=6e-5)
    p.add_argument("--pairs", default="72,48,28,28", help="a step: contest, same name, docs, own")
    p.add_argument("--temperature", type=float, default=0.05)
    p.add_argument("--keep", type=float, default=2.0, help="weight of staying near MiniLM")
    p.add_argument("--limit", type=int, default=192)
    p.add_argument("--threads", type=int, default=2)
    p.add_argument("--seed", type=int, default=1)
    return p.parse_args()


def main():
    o = args()
    torch.set_num_threads(o.threads)
    torch.manual_seed(o.seed)
    rng = seeded(o.seed)
    pieces = Pieces(o.minilm + "/tokenizer.json", o.limit)
    corpus = Corpus(o.contest, o.ordinary, rng)
    sizes = [int(x) for x in o.pairs.split(",")]
    print("tasks", len(corpus.tasks), "contest", len(corpus.contest), "ordinary", len(corpus.ordinary), "same-name groups", len(corpus.twins),
          "documented", len(corpus.documented), flush=True)
    first = load_minilm(o.minilm + "/model.safetensors").eval()
    model = load_minilm(o.minilm + "/model.safetensors")
    plain = [p for p in model.parameters() if p.ndim < 2]
    heavy = [p for p in model.parameters() if p.ndim >= 2]
    optimizer = torch.optim.AdamW([dict(params=heavy, weight_decay=0.01), dict(params=plain, weight_decay=0.0)], lr=o.rate)
    begin = time.time()
    step = texts = 0
    told = []
    while (done := (time.time() - begin) / (o.minutes * 60)) < 1:
        own = corpus.own_pairs(sizes[3])
        pairs = corpus.contest_pairs(sizes[0]) + corpus.twin_pairs(sizes[1]) + corpus.doc_pairs(sizes[2]) + [x[:3] for x in own]
        n = len(pairs)
        lists = [pieces.ids(x[0]) for x in pairs] + [pieces.ids(x[1]) for x in pairs] + [pieces.ids(x[3]) for x in own]
        model.train()
        for group in optimizer.param_groups:
            group["lr"] = o.rate * schedule(done)
        e = encode(model, lists)
        kept = list(range(n - sizes[3], n)) + list(range(2 * n, 2 * n + len(own)))[:8] + list(range(n - sizes[3] - sizes[2], n - sizes[3]))
        near = encode(first, [lists[i] for i in kept], grad=False)
        contrast = info_nce(e[:n], e[n:2 * n], [x[2] for x in pairs], o.temperature, e[2 * n:], list(range(n - len(own), n)))
        hold = same_geometry(e[kept], near)
        loss = contrast + o.keep * hold
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        step += 1
        texts += len(lists)
        with torch.no_grad():
            a, b, w = e[n - len(own):n], e[2 * n - len(own):2 * n], e[2 * n:]
            told.append([contrast.item(), hold.item(), ((a * b).sum(-1) > (a * w).sum(-1)).float().mean().item()])
        if step % 10 == 0:
            c, h, t = np.mean(told, 0)
            told = []
            print(f"step {step} {100 * done:.0f}% contrast {c:.3f} hold {h:.4f} triples {t:.2f} {texts / (time.time() - begin):.0f} texts/s", flush=True)
        if step % 50 == 0:
            save(model, o.out)
    save(model, o.out)


if __name__ == "__main__":
    main()
