"""Says how good a peer's scores are, as one line of JSON: check_output.py PEER WORKLOAD INPUT OUTPUT.

A peer that is fast because its trees are fewer, or its rows, would show here.
"""
import json
import sys

import pandas

import workload as shared

peer, name, source, output = sys.argv[1:]
workload = shared.WORKLOADS[name]
labels = pandas.read_csv(source, usecols=[workload.label])
scores = None
if not peer.startswith("duckdb"):
    if peer == "lightgbm-file":
        scores = pandas.read_csv(output, header=None)[0]
    else:
        # Every peer writes the probability last, ONNX Runtime's without a name.
        last = len(pandas.read_csv(output, nrows=0).columns) - 1
        scores = pandas.read_csv(output, usecols=[last]).iloc[:, 0]
    if len(scores) != len(labels):
        sys.exit(f"{peer} wrote {len(scores)} scores for {len(labels)} rows.")

auc = None
if scores is not None:
    positive = workload.targets(labels) > 0
    ranks = scores.rank().to_numpy()
    hits = int(positive.sum())
    auc = (ranks[positive].sum() - hits * (hits + 1) / 2) / (hits * (len(ranks) - hits))
print(json.dumps({"kind": "quality", "peer": peer, "workload": name, "auc": auc}))
