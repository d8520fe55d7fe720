#!/usr/bin/env bash
# Times the modules that prepare tables, and takes the memory of a join and of a script on many rows.
#   bench/preparation.sh [--rows N] [--many N] [--runs N] [prepare] [join] [sql]
# Seconds are of the modules alone, on tables in memory; memory is the process's greatest, tables included. Medians of the runs.
set -euo pipefail
root=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)
cd "$root"

rows=1000000
many=20000000
runs=5
what=
while [ $# -gt 0 ]; do
  case $1 in
    --rows) rows=$2; shift 2 ;;
    --many) many=$2; shift 2 ;;
    --runs) runs=$2; shift 2 ;;
    prepare | join | sql) what="$what $1"; shift ;;
    *) echo "preparation: unknown argument '$1'; the options stand at the top of this file." >&2; exit 2 ;;
  esac
done

benchmarks=artifacts/bin/Auspex.Benchmarks/release/Auspex.Benchmarks
if [ -z "${AUSPEX_BUILT:-}" ]; then
  dotnet build bench/Auspex.Benchmarks -c Release --nologo -v quiet >&2
fi

lines=$(mktemp)
trap 'rm -f "$lines"' EXIT
for run in $(seq "$runs"); do
  for part in ${what:-prepare join sql}; do
    case $part in
      prepare) "$benchmarks" prepare "$rows" 28 ;;
      join)
        "$benchmarks" join "$many" 100000
        "$benchmarks" join "$many" "$many"
        ;;
      sql)
        "$benchmarks" sql "$many" "select shop, count(*) as n, sum(amount) as total from t1 group by shop order by total desc"
        ;;
    esac
  done
done >>"$lines"

"${PYTHON:-/usr/bin/python3}" - "$lines" <<'PYTHON'
import json
import statistics
import sys

runs = {}
with open(sys.argv[1]) as file:
    for line in file:
        run = json.loads(line)
        runs.setdefault((run["what"], *(run.get(key) for key in ("rows", "columns", "leftRows", "rightRows"))), []).append(run)
for (what, *_), found in runs.items():
    sizes = ", ".join(f"{key} {found[0][key]:,}" for key in ("rows", "columns", "leftRows", "rightRows", "joinedRows", "resultRows") if key in found[0])
    steps = ", ".join(
        f"{key} {statistics.median(run[key] for run in found):.2f} s" for key in found[0] if isinstance(found[0][key], float) and key != "seconds")
    memory = statistics.median(run["peakMemoryBytes"] for run in found) / 2**20
    print(f"{what}: {sizes}: {statistics.median(run['seconds'] for run in found):.2f} s, {memory:.0f} MiB{' (' + steps + ')' if steps else ''}")
PYTHON
