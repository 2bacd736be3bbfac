"""Takes the terms across languages from a fresh fit into the shipped calibration, whose other terms stay."""
import argparse
import json
import math


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--shipped", required=True, help="calibration.json, rewritten in place")
    p.add_argument("--fit", required=True, help="what simcode calibrate wrote")
    p.add_argument("--at", type=float, required=True, help="probability of the fit that becomes the default threshold")
    p.add_argument("--floor", type=float, required=True)
    o = p.parse_args()
    with open(o.shipped) as f:
        shipped = json.load(f)
    with open(o.fit) as f:
        fit = json.load(f)
    threshold = shipped["threshold"]
    shift = math.log(threshold / (1 - threshold)) - math.log(o.at / (1 - o.at))
    own = [t for t in fit["terms"] if t["feature"] == "otherFamily"][0]["weight"] + fit["bias"]
    kept = [t for t in shipped["terms"] if "otherFamily" not in (t["feature"], t.get("and"))]
    terms = kept + [dict(feature="otherFamily", weight=round(own + shift - shipped["bias"], 4))] + [t for t in fit["terms"] if t.get("and") == "otherFamily"]
    with open(o.shipped, "w") as f:
        json.dump({**shipped, "floor": o.floor, "terms": terms}, f, indent=2)
        f.write("\n")


if __name__ == "__main__":
    main()
