"""Fine-tunes MiniLM's layers, with token pooling, on pairs; gently, and holding names-kept text near where MiniLM puts it."""
import argparse
import datetime
import json
import os
import time

import numpy as np
import torch
import torch.distributed as dist
import torch.multiprocessing as mp
import torch.nn.functional as F

from contrast import info_nce, repel, spread
from corpus import KEPT, Corpus
from encoder import Encoder, encode, load, load_minilm, save, schedule
from export import shipped
from pieces import Pieces
from thaw import thaw
from views import seeded


def cut(big, layers, kept, pool_after, positions):
    """The chosen layers and words of MiniLM."""
    s = Encoder(len(kept), layers=len(layers), pool_after=pool_after, positions=positions)
    s.words.weight.data = big.words.weight.data[kept].clone()
    s.places.weight.data = big.places.weight.data[:positions].clone()
    s.norm.load_state_dict(big.norm.state_dict())
    for mine, i in zip(s.layers, layers):
        mine.load_state_dict(big.layers[i].state_dict())
    return s


def repooled(model, pool_after):
    """The same weights with other pooling, each place starting as the mean of two."""
    if model.config["pool_after"] == sorted(pool_after):
        return model
    other = Encoder(**{**model.config, "pool_after": pool_after, "mixed": True})
    other.load_state_dict(model.state_dict(), strict=False)
    return other


def teacher(o):
    """ids -> the vectors that texts are held near."""
    if o.teacher and o.teacher.endswith(".onnx"):
        run = shipped(o.teacher)
        return lambda ids: torch.tensor(run(ids))
    model = load(o.teacher) if o.teacher else load_minilm(o.minilm + "/model.safetensors")
    model.eval()
    return lambda ids: encode(model, ids, grad=False, tokens=4096)


def args():
    p = argparse.ArgumentParser()
    for name in ("minilm", "tokenizer", "map", "contest", "ordinary", "out"):
        p.add_argument("--" + name, required=True)
    p.add_argument("--start", help="continue from this checkpoint or model.onnx")
    p.add_argument("--layers", default="0,1,2,3,4,5")
    p.add_argument("--pool-after", default="2", help="layers before which tokens are averaged in pairs; also of a --start that is an ONNX file")
    p.add_argument("--minutes", type=float, default=40)
    p.add_argument("--until", help="HH:MM instead of minutes")
    p.add_argument("--rate", type=float, default=1.2e-4)
    p.add_argument("--families", help="rows of the written families")
    p.add_argument("--pairs", default="44,28,2,0,24", help="a step and process: contest, same name, docs, hidden names, families")
    p.add_argument("--temperature", type=float, default=0.05)
    p.add_argument("--teacher", help="checkpoint or model.onnx that texts are held near, instead of MiniLM")
    p.add_argument("--keep", type=float, default=1.0, help="weight of staying near MiniLM or the teacher")
    p.add_argument("--held", type=int, default=12, help="texts a step that are held there: ordinary ones for MiniLM, any for a teacher")
    p.add_argument("--floor", type=float, default=0.02, help="share of the rate at the end")
    p.add_argument("--hard", help="what mine.py wrote")
    p.add_argument("--apart", type=int, default=0, help="functions of one project a step that are pushed apart")
    p.add_argument("--spread", type=float, default=1.0, help="weight of that")
    p.add_argument("--place", action="store_true", help="batches of neighbouring tasks, groups and families")
    p.add_argument("--limit", type=int, default=128, help="pieces a text in training")
    p.add_argument("--processes", type=int, default=2)
    p.add_argument("--seed", type=int, default=1)
    return p.parse_args()


def seconds(o):
    if not o.until:
        return o.minutes * 60
    now = datetime.datetime.now()
    hour, minute = map(int, o.until.split(":"))
    return (now.replace(hour=hour, minute=minute, second=0) - now).total_seconds()


def work(rank, o, corpus, model, first, budget):
    os.environ.setdefault("MASTER_ADDR", "127.0.0.1")
    os.environ.setdefault("MASTER_PORT", "29511")
    dist.init_process_group("gloo", rank=rank, world_size=o.processes)
    torch.set_num_threads(1)
    rng = corpus.rng = seeded(o.seed * 100 + rank)
    small = Pieces(o.tokenizer, o.limit)
    big = small if o.teacher else Pieces(o.minilm + "/tokenizer.json", o.limit + 32)
    sizes = [int(x) for x in o.pairs.split(",")]
    params = list(model.parameters())
    optimizer = torch.optim.AdamW([dict(params=[p for p in params if p.ndim >= 2], weight_decay=0.01),
                                   dict(params=[p for p in params if p.ndim < 2], weight_decay=0.0)], lr=o.rate)
    begin = time.time()
    step, told = 0, []
    while True:
        clock = torch.tensor([(time.time() - begin) / budget])
        dist.all_reduce(clock, op=dist.ReduceOp.MAX)
        done = clock.item()
        if done >= 1:
            break
        for group in optimizer.param_groups:
            group["lr"] = o.rate * schedule(done, floor=o.floor)
        told.append(one_step(o, corpus, model, first, small, big, sizes))
        flat = torch.cat([p.grad.reshape(-1) for p in params])
        dist.all_reduce(flat)
        flat /= o.processes
        flat *= min(1.0, 1.0 / (flat.norm().item() + 1e-6))
        at = 0
        for p in params:
            p.grad.copy_(flat[at:at + p.numel()].view_as(p))
            at += p.numel()
        optimizer.step()
        step += 1
        if rank == 0 and step % 5 == 0:
            c, h, t, a = np.mean(told, 0)
            told = []
            n = step * o.processes * (2 * sum(sizes) + sizes[4] + o.apart)
            print(f"step {step} {100 * done:.0f}% contrast {c:.3f} hold {h:.4f} triples {t:.2f} apart {a:.3f} {n / (time.time() - begin):.1f} texts/s", flush=True)
            save(model, o.out)
    if rank == 0:
        save(model, o.out)
        print("done", step, "steps", flush=True)


def one_step(o, corpus, model, first, small, big, sizes):
    judged = corpus.twin_pairs(sizes[1]) + corpus.hidden_pairs(sizes[3]) + corpus.family_pairs(sizes[4])
    pairs = corpus.contest_pairs(sizes[0]) + corpus.doc_pairs(sizes[2]) + [x[:3] for x in judged]
    n = len(pairs)
    # rows whose lookalike must lose
    beside = [i for i, x in enumerate(judged, n - len(judged)) if x[3] is not None]
    lexemes = [x[0] for x in pairs] + [x[1] for x in pairs] + [x[3] for x in judged if x[3] is not None]
    wrong = len(lexemes)
    if o.apart:
        lexemes += [corpus.view(r, KEPT) for r in corpus.project(o.apart)]
    model.train()
    e = encode(model, [small.ids(x) for x in lexemes], tokens=4096)
    # docs, same-name functions and families; not the contest, nor what is to be told apart
    others = [i for i in range(sizes[0], n) if not pairs[i][2].startswith("own:")]
    held = corpus.rng.sample(others, min(o.held, len(others)))
    near = held and first([big.ids(lexemes[i]) for i in held])
    keys = [x[2] for x in pairs]
    contrast = info_nce(e[:n], e[n:2 * n], keys, o.temperature, e[2 * n:wrong])
    hold = (1 - (e[held] * near).sum(-1)).mean() if held else torch.zeros(())
    apart = torch.zeros(())
    if o.apart:
        mistaken = [(i, 2 * n + k) for k, i in enumerate(beside) if pairs[i][2].startswith("own:")]
        apart = spread(e[wrong:], lexemes[wrong:]) + repel(e, mistaken)
    model.zero_grad()
    (contrast + o.keep * hold + o.spread * apart).backward()
    with torch.no_grad():
        a, b, w = e[:n][beside], e[n:2 * n][beside], e[2 * n:wrong]
        right = ((a * b).sum(-1) > (a * w).sum(-1)).float().mean().item() if beside else 0.0
    return contrast.item(), hold.item(), right, apart.item()


def main():
    o = args()
    torch.manual_seed(o.seed)
    budget = seconds(o)
    first = teacher(o)
    pool_after = [int(x) for x in o.pool_after.split(",") if x]
    if o.start:
        model = repooled(thaw(o.start, pool_after) if o.start.endswith(".onnx") else load(o.start), pool_after)
    else:
        with open(o.map) as f:
            model = cut(load_minilm(o.minilm + "/model.safetensors"), [int(x) for x in o.layers.split(",")], json.load(f), pool_after, 192)
    corpus = Corpus(o.contest, o.ordinary, seeded(o.seed), o.families, o.hard)
    print("tasks", len(corpus.tasks), "contest", len(corpus.contest), "ordinary", len(corpus.ordinary), "same-name groups", len(corpus.twins),
          "documented", len(corpus.documented), "families", len(corpus.families), flush=True)
    if o.place:
        small = Pieces(o.tokenizer, o.limit)
        place = first if o.teacher else lambda ids: encode(model, ids, grad=False)
        corpus.place(lambda texts: np.asarray(place([small.ids(x) for x in texts])))
        print("placed", flush=True)
    os.environ["OMP_NUM_THREADS"] = "1"
    if o.processes == 1:
        work(0, o, corpus, model, first, budget)
        return
    torch.set_num_threads(1)
    context = mp.get_context("fork")
    children = [context.Process(target=work, args=(r, o, corpus, model, first, budget)) for r in range(o.processes)]
    for c in children:
        c.start()
    for c in children:
        c.join()


if __name__ == "__main__":
    main()
