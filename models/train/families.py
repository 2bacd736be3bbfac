"""The families in families/*.txt (one job written by several hands, and a lookalike) as dataset rows for rows.py."""
import argparse
import glob
import json
import os
import re

# not trained on: the calibration is fitted on them
HELD = {"back-03", "lib-03", "port-a-03", "port-b-03", "sys-03", "util-03",
        *(area + "-05" for area in ("app", "dataproc", "devtools", "helpers", "jvm", "numeric", "pylib", "pysrv", "systems", "web",
                                        "science", "tslib", "mixed", "ops"))}
HEAD = re.compile(r"^### (\S+)$|^--- (near )?([a-z]+)$")


def parse(path):
    task, row = None, None
    with open(path) as f:
        for line in f:
            head = HEAD.match(line.rstrip())
            if not head:
                if row is not None:
                    row["code"] += line
                continue
            if row is not None:
                yield row
                row = None
            if head[1]:
                task = head[1]
            else:
                row = dict(task=task, near=bool(head[2]), lang=head[3], code="")
    if row is not None:
        yield row


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--folder", default=os.path.join(os.path.dirname(__file__), "families"))
    p.add_argument("--out", required=True)
    p.add_argument("--held", required=True, help="file for the families that are not trained on")
    o = p.parse_args()
    count = 0
    with open(o.out, "w") as trained, open(o.held, "w") as held:
        for path in sorted(glob.glob(o.folder + "/*.txt")):
            name = os.path.basename(path)[:-4]
            sink = held if name in HELD else trained
            for r in parse(path):
                r.update(id=f"{name}:{count}", source=name, task=f"family/{name}/{r['task']}", code=r["code"].strip() + "\n")
                sink.write(json.dumps(r) + "\n")
                count += 1
    print(count, "functions")


if __name__ == "__main__":
    main()
