"""Checkpoint -> model folder: model.onnx (int8), tokenizer.json, config.json, golden.json."""
import argparse
import json
import os
import shutil

import numpy as np
import onnxruntime
from tokenizers import Tokenizer

from encoder import load, vectors
from graph import build
from thaw import thaw

# written for this file; lexemes and names as simcode makes them
GOLDEN = [
    ("retry delay", "typescript", "export function retryDelay(attempt: number, base = 250): number {\n  const capped = Math.min(attempt, 6);\n  return base * 2 ** capped + Math.random() * base;\n}\n",
     "export function retry delay attempt : number base = 250 : number const capped = math . min attempt 6 return base * 2 ** capped + math . random * base"),
    ("moving average", "python", "def moving_average(values, window):\n    total = sum(values[:window])\n    means = [total / window]\n    for old, new in zip(values, values[window:]):\n        total += new - old\n        means.append(total / window)\n    return means\n",
     "def moving average values window : total = sum values [ : window ] means = [ total / window ] for old new in zip values values [ window : ] : total += new - old means . append total / window return means"),
    ("is balanced", "java", "static boolean isBalanced(String s) {\n  int depth = 0;\n  for (char c : s.toCharArray()) {\n    if (c == '(') depth++;\n    if (c == ')' && --depth < 0) return false;\n  }\n  return depth == 0;\n}\n",
     "static boolean is balanced string s int depth = 0 for char c : s . to char array if c == \" depth ++ if c == \" && -- depth < 0 return false return depth == 0"),
    ("first non empty", "go", "func firstNonEmpty(values ...string) string {\n\tfor _, v := range values {\n\t\tif v != \"\" {\n\t\t\treturn v\n\t\t}\n\t}\n\treturn \"\"\n}\n",
     "func first non empty values . . . string string for _ v : = range values if v != \" return v return \""),
    ("", "javascript", "const x = () => null", "const x = => null"),
]


def session(path, threads=1):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])


def shipped(path):
    """The vectors [texts, width] that a model.onnx gives for id lists, and those of the functions' names where it reads them;
    on a CPU twice as fast as its weights in torch."""
    opened = session(path)
    named = any(x.name == "name_ids" for x in opened.get_inputs())

    def feeds(ids, name):
        return {"input_ids": np.array([ids], np.int64), **({"name_ids": np.array([name or [0]], np.int64)} if named else {})}

    return lambda ids, names=None: np.concatenate([opened.run(None, feeds(x, names and names[i]))[0] for i, x in enumerate(ids)])


def golden(path, tokenizer):
    embed, out = shipped(path), []
    for name, lang, code, lexemes in GOLDEN:
        ids = tokenizer.encode(lexemes).ids
        v = embed([ids], [tokenizer.encode(name).ids])[0]
        out.append(dict(lang=lang, code=code, name=name, lexemes=lexemes.split(), ids=ids, vector=[round(float(x), 6) for x in v]))
    return out


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--checkpoint", required=True)
    p.add_argument("--tokenizer", required=True)
    p.add_argument("--out", required=True)
    p.add_argument("--revision", required=True)
    p.add_argument("--weights", choices=["dynamic", "blocks", "float"], default="dynamic")
    p.add_argument("--block", type=int, default=128)
    p.add_argument("--blend", help="model.onnx whose weights are averaged with the checkpoint's (Wortsman et al., CVPR 2022)")
    p.add_argument("--share", type=float, default=0.5, help="of --blend")
    p.add_argument("--limit", type=int, default=192)
    p.add_argument("--names", help="what names.py wrote")
    p.add_argument("--name", type=float, default=0.3, help="share of the name's vector that is added to that of the lexemes")
    o = p.parse_args()
    model = load(o.checkpoint)
    if o.blend:
        old, new = thaw(o.blend).state_dict(), model.state_dict()
        model.load_state_dict({k: o.share * old[k] + (1 - o.share) * new[k] for k in new})
    os.makedirs(o.out, exist_ok=True)
    path = os.path.join(o.out, "model.onnx")
    build(model.state_dict(), model.config, path, dict(dynamic="dynamic", blocks=8, float=32)[o.weights], o.block, o.names and (np.load(o.names), o.name))
    copy = os.path.join(o.out, "tokenizer.json")
    if os.path.abspath(o.tokenizer) != os.path.abspath(copy):
        shutil.copyfile(o.tokenizer, copy)
    tokenizer = Tokenizer.from_file(o.tokenizer)
    tokenizer.enable_truncation(o.limit)
    file = os.path.join(o.out, "config.json")
    config = {}
    if os.path.exists(file):
        with open(file) as f:
            config = json.load(f)
    config.update(id="mini", revision=o.revision, dims=model.config["width"], maxTokens=o.limit, input="named-lexemes" if o.names else "lexemes")
    with open(file, "w") as f:
        json.dump(config, f, indent=2)
        f.write("\n")
    found = golden(path, tokenizer)
    with open(os.path.join(o.out, "golden.json"), "w") as f:
        json.dump(found, f, indent=0)
        f.write("\n")
    bare = shipped(path)([g["ids"] for g in found])
    cosine = (vectors(model, [g["ids"] for g in found]) * bare).sum(1)
    print(os.path.getsize(path) / 1e6, "MB; cosine of the export to the checkpoint, without names:", np.round(cosine, 4))


if __name__ == "__main__":
    main()
