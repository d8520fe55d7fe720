#!/usr/bin/env bash
# Scores the same files with Auspex and with its peers in turn, and writes what came of it to bench/results/<processor>/.
#   bench/compare.sh [--workload H|A] [--rows N] [--train-rows N] [--runs N] [--peers "NAME ..."] [--time-limit SECONDS] [--keep]
# Without --workload: both. Each round runs every program once, so that a slow moment of the machine meets all of them.
# bench/install-peers.sh must have run. The work folder, artifacts/compare, is removed at the end unless --keep is given:
# then files and models are used again by the next call.
set -euo pipefail
root=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)
cd "$root"

workloads="H A"
rows=1000000
train_rows=1000000
runs=5
peers="auspex sklearn xgboost lightgbm lightgbm-file mlnet-lightgbm mlnet-fasttree onnx-runtime duckdb-typed duckdb-text"
# One program may take so long, training included.
time_limit=900
keep=
while [ $# -gt 0 ]; do
  case $1 in
    --workload) workloads=$2; shift 2 ;;
    --rows) rows=$2; shift 2 ;;
    --train-rows) train_rows=$2; shift 2 ;;
    --runs) runs=$2; shift 2 ;;
    --peers) peers=$2; shift 2 ;;
    --time-limit) time_limit=$2; shift 2 ;;
    --keep) keep=1; shift ;;
    *) echo "compare: unknown argument '$1'; the options stand at the top of this file." >&2; exit 2 ;;
  esac
done

work=artifacts/compare
python=${PYTHON:-/usr/bin/python3}
census=${AUSPEX_SHARED:-../shared}/data/adult-census-income.csv
benchmarks=artifacts/bin/Auspex.Benchmarks/release/Auspex.Benchmarks
peer_program=artifacts/bin/Auspex.Peers/release/Auspex.Peers
export PYTHONDONTWRITEBYTECODE=1 PYTHONWARNINGS=ignore
export LIGHTGBM_LIBRARY=$root/artifacts/bin/Auspex.Peers/release/runtimes/linux-x64/native/lib_lightgbm.so

say() { echo "compare: $*" >&2; }

clean() {
  rm -f "$work"/*.scored.csv "$work"/*.csv.copy
  if [ -z "$keep" ]; then rm -rf "$work"; fi
}

mkdir -p "$work"
trap clean EXIT
if [ ! -x "$peer_program" ] || ! "$python" -c "import pandas, sklearn, xgboost" 2>/dev/null; then
  say "the peers are not installed; run bench/install-peers.sh first."
  exit 2
fi

dotnet build bench/Auspex.Benchmarks -c Release --nologo -v quiet >&2
./auspex --version >/dev/null

# applies PEER WORKLOAD: whether the peer can do it at all.
applies() {
  case $1-$2 in
    lightgbm-file-A | onnx-runtime-A) return 1 ;;
    *) return 0 ;;
  esac
}

# program PEER: sets "command" to the peer's program.
program() {
  case $1 in
    sklearn | xgboost | lightgbm) command=("$python" "bench/peers/$1_trees.py") ;;
    lightgbm-file) command=("$python" bench/peers/lightgbm_file.py) ;;
    mlnet-* | onnx-runtime | duckdb-*) command=("$peer_program" "$1") ;;
    *) say "no peer is called '$1'."; return 2 ;;
  esac
}

model_of() {
  case $1 in
    lightgbm-file) echo "$work/$2-$train_rows-lightgbm.model" ;;
    *) echo "$work/$2-$train_rows-$1.model" ;;
  esac
}

table() { # FILE WORKLOAD ROWS SEED
  if [ -e "$1" ]; then return; fi
  say "writing $1"
  if [ "$2" = A ]; then
    "$benchmarks" workload A "$1.part" "$3" "$4" "$census"
  else
    "$benchmarks" workload "$2" "$1.part" "$3" "$4"
  fi
  mv "$1.part" "$1"
}

train() { # PEER WORKLOAD TABLE
  local model
  model=$(model_of "$1" "$2")
  if [ -e "$model" ]; then return; fi
  say "training $1 on $2"
  case $1 in
    auspex)
      local label=y leaves=31 leaf_rows=20 rate=0.1
      if [ "$2" = A ]; then label=income leaves=20 leaf_rows=10 rate=0.2; fi
      timeout "$time_limit" ./auspex train --input "$3" --label "$label" --learner "Two-Class Boosted Decision Tree" \
        --set "Maximum number of leaves per tree=$leaves" --set "Minimum number of samples per leaf node=$leaf_rows" \
        --set "Learning rate=$rate" --set "Number of trees constructed=100" --model "$model" >/dev/null
      ;;
    onnx-runtime)
      train lightgbm "$2" "$3"
      "$python" bench/peers/onnx_trees.py "$(model_of lightgbm "$2")" "$model"
      ;;
    lightgbm-file) train lightgbm "$2" "$3" ;;
    duckdb-*) ;;
    *) program "$1" && timeout "$time_limit" "${command[@]}" train "$2" "$3" "$model" >/dev/null ;;
  esac
}

score() { # PEER WORKLOAD INPUT OUTPUT: prints one line of JSON
  local model
  model=$(model_of "$1" "$2")
  if [ "$1" = auspex ]; then
    timeout "$time_limit" ./auspex score --model "$model" --input "$3" --output "$4" --json
  else
    program "$1" && timeout "$time_limit" "${command[@]}" score "$2" "$model" "$3" "$4" | tail -1
  fi
}

version() {
  case $1 in
    auspex) echo "Auspex $(./auspex --version)" ;;
    *) program "$1" && "${command[@]}" version ;;
  esac
}

# What bash's "time" prints: seconds of the processors.
TIMEFORMAT='%U %S'
lines=$work/lines.json
: >"$lines"
for workload in $workloads; do
  if [ "$workload" = A ] && [ ! -e "$census" ]; then
    say "workload A is left out: it resamples the adult census, and $census is not there (AUSPEX_SHARED names the folder above data)."
    continue
  fi

  train_table=$work/$workload-train-$train_rows.csv
  input=$work/$workload-$rows.csv
  table "$train_table" "$workload" "$train_rows" 1
  table "$input" "$workload" "$rows" 2
  usable=
  for peer in $peers; do
    if applies "$peer" "$workload"; then
      if train "$peer" "$workload" "$train_table"; then
        usable="$usable $peer"
      else
        say "$peer could not be trained on $workload and is left out."
        rm -f "$(model_of "$peer" "$workload")"
      fi
    fi
  done

  for round in $(seq "$runs"); do
    say "$workload: round $round of $runs"
    limits=$("$benchmarks" limits "$input")
    read -r load _ </proc/loadavg || load=unknown
    echo "{\"kind\": \"limits\", \"workload\": \"$workload\", \"load\": \"$load\", \"bytes\": $(wc -c <"$input"), \"limits\": $limits}" >>"$lines"
    for peer in $usable; do
      output=$work/$workload-$peer.scored.csv
      began=$EPOCHREALTIME
      if { time score "$peer" "$workload" "$input" "$output" >"$work/result.json" 2>"$work/errors.txt"; } 2>"$work/processor.txt" &&
        [ -s "$work/result.json" ]; then
        ended=$EPOCHREALTIME
        read -r user system <"$work/processor.txt"
        echo "{\"kind\": \"run\", \"peer\": \"$peer\", \"workload\": \"$workload\", \"began\": $began, \"ended\": $ended, \"user\": $user, \"system\": $system, \"result\": $(cat "$work/result.json")}" >>"$lines"
        if [ "$round" = "$runs" ]; then
          "$python" bench/peers/check_output.py "$peer" "$workload" "$input" "$output" >>"$lines" ||
            say "$peer on $workload: the output could not be checked."
        fi
      else
        say "$peer failed on $workload: $(tail -1 "$work/errors.txt")"
      fi

      rm -f "$output"
    done
  done
done

if [ ! -s "$lines" ]; then
  say "nothing was measured."
  exit 1
fi

for peer in $peers; do
  echo "{\"kind\": \"version\", \"peer\": \"$peer\", \"version\": \"$(version "$peer")\"}" >>"$lines"
done

"$python" bench/peers/results_table.py "$lines" bench/results "$rows" "$train_rows" "$runs"
