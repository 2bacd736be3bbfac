"""Training rows from `simcode lexemes`: folders of repositories, or a dataset whose rows carry more than it passes through."""
import argparse
import hashlib
import json
import os
import re
import subprocess
import sys

SKIP = re.compile(r"(^|/)(tests?|__tests__|__mocks__|specs?|testing|testdata|fixtures?|node_modules|vendor(ed)?|third_?party|external|dist|build|generated|gen|"
                  r"migrations|locales?|examples?|benchmarks?|lodash|underscore)(/|$)|[_.-]tests?\.|\.spec\.|_spec\.rb|Tests?\.\w+$|\.min\.|\.d\.ts$|_pb2|\.pb\.go", re.I)
LICENSES = (("GNU ", None), ("Mozilla Public", None), ("Business Source", None), ("Elastic License", None), ("Apache License", "Apache-2.0"),
            ("Permission is hereby granted", "MIT"), ("Redistribution and use", "BSD"), ("Permission to use, copy, modify", "ISC"))


def license_of(folder):
    for name in sorted(os.listdir(folder)):
        if re.match(r"(MIT-)?(LICEN[CS]E|COPYING|UNLICENSE)", name, re.I) and os.path.isfile(os.path.join(folder, name)):
            with open(os.path.join(folder, name), errors="replace") as f:
                text = f.read(6000)
            return next((found for mark, found in LICENSES if mark in text), None)
    return None


def lexemes(simcode, arguments, out):
    subprocess.run(["node", simcode, "lexemes", *arguments, "-o", out], check=False)
    with open(out) as f:
        yield from (json.loads(line) for line in f)
    os.remove(out)


def repositories(o, sink):
    for name in sorted(os.listdir(o.folders)):
        folder = os.path.join(o.folders, name)
        terms = license_of(folder)
        if terms is None:
            print("left out for its licence:", name, file=sys.stderr)
            continue
        seen, count = set(), 0
        for r in lexemes(o.simcode, [folder], o.out + ".part"):
            path = os.path.relpath(r["path"], folder) if os.path.isabs(r["path"]) else r["path"]
            key = hashlib.sha1(" ".join(r["lexemes"]).encode()).hexdigest()[:12]
            if key in seen or SKIP.search(path) or not 60 <= len(r["text"]) <= 4000 or count >= o.most:
                continue
            seen.add(key)
            count += 1
            sink.write(json.dumps(dict(id=f"{name}:{key}", source=name, lang=r["lang"], path=path, name=r["name"], code=r["text"], doc=r.get("doc", ""),
                                       license=terms, lexemes=r["lexemes"], names=r["names"])) + "\n")
        print(name, terms, count, file=sys.stderr)


def dataset(o, sink):
    with open(o.dataset) as f:
        rows = {r["id"]: r for r in map(json.loads, f)}
    for field, suffix in (("code", ""), ("code_masked", "_masked")):
        if not any(field in r for r in rows.values()):
            continue
        with open(o.out + ".in", "w") as f:
            f.writelines(json.dumps(dict(id=r["id"], lang=r["lang"], code=r[field])) + "\n" for r in rows.values() if field in r)
        for r in lexemes(o.simcode, ["--dataset", o.out + ".in"], o.out + ".part"):
            rows[r["id"]].update({"lexemes" + suffix: r["lexemes"], "names" + suffix: r["names"]})
        os.remove(o.out + ".in")
    sink.writelines(json.dumps(r) + "\n" for r in rows.values() if "lexemes" in r)


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--simcode", required=True, help="bin/simcode.js, built")
    p.add_argument("--folders", help="a folder of unpacked repositories")
    p.add_argument("--dataset", help="JSON lines {id, lang, code, …}")
    p.add_argument("--most", type=int, default=2200, help="functions a repository")
    p.add_argument("--out", required=True)
    o = p.parse_args()
    with open(o.out, "w") as sink:
        (repositories if o.folders else dataset)(o, sink)


if __name__ == "__main__":
    main()
