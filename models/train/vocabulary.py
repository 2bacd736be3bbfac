"""Cuts MiniLM's WordPiece vocabulary to the pieces that code uses and writes tokenizer.json with the model's limit."""
import argparse
import collections
import json

from corpus import rows_of
from pieces import Pieces


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--minilm", required=True)
    p.add_argument("--rows", nargs="+", required=True)
    p.add_argument("--least", type=int, default=3, help="files' functions that must use a piece")
    p.add_argument("--limit", type=int, default=192)
    p.add_argument("--out", required=True)
    p.add_argument("--map", required=True, help="JSON list: MiniLM's id of each kept piece")
    o = p.parse_args()
    pieces = Pieces(o.minilm + "/tokenizer.json", 1 << 20)
    count = collections.Counter()
    for path in o.rows:
        for r in rows_of(path):
            count.update(set(pieces.ids(r["lexemes"])))
    with open(o.minilm + "/tokenizer.json") as f:
        spec = json.load(f)
    vocab = sorted(spec["model"]["vocab"].items(), key=lambda e: e[1])
    special = {"[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"}
    keep = [(w, i) for w, i in vocab if w in special or count[i] >= o.least or (w.isascii() and len(w.removeprefix("##")) == 1)]
    ids = {w: i for i, (w, _) in enumerate(keep)}
    spec["model"]["vocab"] = ids
    for t in spec["added_tokens"]:
        t["id"] = ids[t["content"]]
    for name, token in spec["post_processor"].get("special_tokens", {}).items():
        token["ids"] = [ids[name]]
    for key in ("sep", "cls"):
        if isinstance(spec["post_processor"].get(key), list):
            spec["post_processor"][key][1] = ids[spec["post_processor"][key][0]]
    # marks that say little and cost a fifth of the time never reach the model
    drop = dict(type="Replace", pattern=dict(Regex=r'(?<![^ ])[.:\[\]"](?![^ ])'), content="")
    spec["normalizer"] = dict(type="Sequence", normalizers=[drop, spec["normalizer"]])
    spec["padding"] = None
    spec["truncation"] = dict(direction="Right", max_length=o.limit, strategy="LongestFirst", stride=0)
    with open(o.out, "w") as f:
        json.dump(spec, f, ensure_ascii=False)
    with open(o.map, "w") as f:
        json.dump([i for _, i in keep], f)
    print(len(keep), "pieces")


if __name__ == "__main__":
    main()
