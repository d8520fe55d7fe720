#!/usr/bin/env bash
# Trains boosted trees, or another learner, on workload H with Auspex and with its peers in turn, from a table in memory to a model, binning
# and scaling included, and prints medians of the seconds and the AUC on rows that none has seen.
#   bench/training.sh [--learner boosted|logistic|forest|perceptron|svm] [--rows N] [--test-rows N] [--runs N] [--peers "NAME ..."] [--keep]
# Each round runs every program once, so that a slow moment of the machine meets all of them. bench/install-peers.sh must have run for
# peers. With --keep tables and lines stay in artifacts/training, and the next call adds its rounds to them.
set -euo pipefail
root=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)
cd "$root"

rows=1000000
test_rows=200000
runs=5
learner=boosted
peers=
keep=
while [ $# -gt 0 ]; do
  case $1 in
    --learner) learner=$2; shift 2 ;;
    --rows) rows=$2; shift 2 ;;
    --test-rows) test_rows=$2; shift 2 ;;
    --runs) runs=$2; shift 2 ;;
    --peers) peers=$2; shift 2 ;;
    --keep) keep=1; shift ;;
    *) echo "training: unknown argument '$1'; the options stand at the top of this file." >&2; exit 2 ;;
  esac
done

case $learner in
  boosted) usual="auspex sklearn lightgbm mlnet-fasttree mlnet-lightgbm" ;;
  logistic) usual="auspex sklearn_logistic mlnet-logistic mlnet-sdca" ;;
  forest | perceptron | svm) usual="auspex mlnet-$learner" ;;
  *) echo "training: unknown learner '$learner'; the learners stand at the top of this file." >&2; exit 2 ;;
esac
peers=${peers:-$usual}

work=artifacts/training
python=${PYTHON:-/usr/bin/python3}
benchmarks=artifacts/bin/Auspex.Benchmarks/release/Auspex.Benchmarks
peer_program=artifacts/bin/Auspex.Peers/release/Auspex.Peers
export PYTHONDONTWRITEBYTECODE=1 PYTHONWARNINGS=ignore
export LIGHTGBM_LIBRARY=$root/artifacts/bin/Auspex.Peers/release/runtimes/linux-x64/native/lib_lightgbm.so

clean() { if [ -z "$keep" ]; then rm -rf "$work"; fi; }
trap clean EXIT
mkdir -p "$work"
if [ -z "${AUSPEX_BUILT:-}" ]; then
  dotnet build bench/Auspex.Benchmarks -c Release --nologo -v quiet >&2
fi

table() { # FILE ROWS SEED
  if [ ! -e "$1" ]; then
    "$benchmarks" workload H "$1.part" "$2" "$3"
    mv "$1.part" "$1"
  fi
}

train=$work/H-$rows.csv
test=$work/H-test-$test_rows.csv
table "$train" "$rows" 1
table "$test" "$test_rows" 2

lines=$work/lines-$learner-$rows.json
for round in $(seq "$runs"); do
  for peer in $peers; do
    echo "training: round $round of $runs, $peer" >&2
    case $peer in
      auspex) "$benchmarks" fit H "$train" "$test" "$learner" ;;
      mlnet-*) "$peer_program" "$peer" fit H "$train" "$test" ;;
      sklearn_*) "$python" "bench/peers/$peer.py" fit H "$train" "$test" ;;
      *) "$python" "bench/peers/${peer}_trees.py" fit H "$train" "$test" ;;
    esac | tail -1 >>"$lines" || echo "training: $peer failed." >&2
  done
done

"$python" - "$lines" <<'PYTHON'
import collections
import json
import statistics
import sys

runs = collections.defaultdict(list)
with open(sys.argv[1]) as file:
    for line in file:
        run = json.loads(line)
        runs[run["peer"]].append(run)
ours = statistics.median(run["seconds"] for run in runs["auspex"]) if "auspex" in runs else None
print("| program | runs | seconds | processor seconds | of ours | AUC |\n|---|---|---|---|---|---|")
for peer, found in runs.items():
    seconds = statistics.median(run["seconds"] for run in found)
    processor = statistics.median(run["processorSeconds"] for run in found)
    ratio = f"{seconds / ours:.2f}" if ours else ""
    print(f"| {peer} | {len(found)} | {seconds:.2f} | {processor:.2f} | {ratio} | {found[-1]['auc']:.4f} |")
PYTHON
