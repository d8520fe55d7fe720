#!/usr/bin/env bash
# Measures the program as a user has it: times, memory and rows a second, each beside what is asked of it. bench/README.md
# says how to read the table. Linux only (memory is read from /proc); needs the .NET SDK, bash 5, awk and curl.
#
#   bench/figures.sh [--rows N] [--small N] [--only "SECTION ..."] [FOLDER]
#
#   FOLDER      for everything that is written; default: a new temporary one, removed at the end
#   --rows N    rows of the big batch; default 10,000,000, about 2.5 GB of disk. Files are written and read as streams
#   --small N   rows of the small one; default: a tenth
#   --only      some of: demo activity idle score quarantine batch calls kill; default: all
set -euo pipefail
root=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)
rows=${ROWS:-10000000}
small=
only="demo activity idle score quarantine batch calls kill"
while [[ ${1:-} == --* ]]; do
  case $1 in
    --rows) rows=$2 ;;
    --small) small=$2 ;;
    --only) only=$2 ;;
    *) echo "figures: $1: expected --rows, --small or --only." >&2; exit 2 ;;
  esac
  shift 2
done
for section in $only; do
  case $section in
    demo | activity | idle | score | quarantine | batch | calls | kill) ;;
    *) echo "figures: --only $section: expected demo, activity, idle, score, quarantine, batch, calls or kill." >&2; exit 2 ;;
  esac
done
small=${small:-$((rows / 10))}
work=${1:-$(mktemp -d)}
mkdir -p "$work" && work=$(cd "$work" && pwd)
tools="dotnet $root/artifacts/bin/Auspex.Benchmarks/release/Auspex.Benchmarks.dll"
server=
table=$work/table.md

wants() { local section; for section in "$@"; do [[ " $only " == *" $section "* ]] && return 0; done; return 1; }

finish() {
  if [ -n "$server" ]; then kill -9 "$server" 2>/dev/null || true; fi
  if [ $# -eq 0 ]; then return; fi
  rm -rf "$1"
}
if [ $# -ge 1 ]; then trap finish EXIT; else trap 'finish "$work"' EXIT; fi

say() { echo "figures: $*" >&2; }
row() { printf '| %s | %s | %s |\n' "$1" "$2" "$3" | tee -a "$table" >&2; }
now() { echo $((${EPOCHREALTIME/./} / 1000)); }
median() { sort -n | awk '{ all[NR] = $0 } END { print all[int((NR + 1) / 2)] }'; }
field() { printf '%b' "$(grep -o "\"$1\":\"[^\"]*\"" "$2" | head -1 | cut -d'"' -f4)"; }
memory() { awk -v name="$1:" '$1 == name { printf "%.0f", $2 / 1024 }' "/proc/$server/status"; }
forget_peak() { echo 5 > "/proc/$server/clear_refs"; }
rate() { awk -v rows="$1" -v seconds="$2" 'BEGIN { printf "%d", rows / seconds }'; }
in_order() { awk -F, -v rows="$2" 'NR > 1 && $1 != NR - 1 { exit 1 } END { exit NR - 1 != rows }' "$1" && echo "all rows in order" || echo "ROWS MISSING OR OUT OF ORDER"; }

start() { # FACTORY_FOLDER [NAME=VALUE...]: starts a server on a free port; sets server (process) and url
  local folder=$1; shift
  rm -f "$work/up.json"
  env "$@" $auspex up --factory "$folder" --data "$folder/.auspex" --urls http://127.0.0.1:0 --json > "$work/up.json" 2> "$work/up.log" &
  server=$!
  for _ in $(seq 600); do
    if grep -q '"url"' "$work/up.json"; then url=$(field url "$work/up.json"); url=${url%/}; return; fi
    sleep 0.1
  done
  say "the server did not start"; cat "$work/up.log" >&2; exit 1
}
stop() { kill "$server"; wait "$server" || true; server=; }

first_activity() { # PIPELINE FACTORY DATA: milliseconds from the process's start to the first activity's line
  local started; started=$(now)
  $auspex run "$1" --factory "$2" --data "$3" 2>/dev/null | { IFS= read -r _; echo $(($(now) - started)); cat > /dev/null; }
}

say "building"
(cd "$root" && ./auspex --version > /dev/null && dotnet build bench/Auspex.Benchmarks -c Release --nologo -v quiet) >&2
# The program that ./auspex has built, without the script before it: a signal has to reach the server.
auspex="dotnet $(cat "$root/artifacts/auspex.current")/auspex.dll"
say "load before: $(cut -d' ' -f1-3 /proc/loadavg), $(nproc) processors"
printf '| figure | asked | measured |\n|---|---|---|\n' > "$table"

if wants demo activity idle; then
  say "the demo, three times"
  TIMEFORMAT='%R %U'
  for _ in 1 2 3; do
    rm -rf "$work/demo"
    { time $auspex demo --dir "$work/demo" > "$work/demo.log"; } 2>> "$work/demo.times"
  done
  row "demo, 100,000 rows: wall (median of 3); processor time" "< 45 s" \
    "$(cut -d' ' -f1 "$work/demo.times" | median) s; $(cut -d' ' -f2 "$work/demo.times" | median) s"
fi

if wants activity; then
  say "first activity"
  for _ in 1 2 3 4 5 6 7; do first_activity score-batch "$work/demo" "$work/demo/.auspex"; done > "$work/warm.times"
  mkdir -p "$work/wait/pipeline"
  echo '{ "name": "wait", "properties": { "activities": [ { "name": "Wait1", "type": "Wait", "typeProperties": { "waitTimeInSeconds": 1 } } ] } }' \
    > "$work/wait/pipeline/wait.json"
  for run in 1 2 3 4 5 6 7; do first_activity wait "$work/wait" "$work/wait/data-$run"; done > "$work/cold.times"
  for run in 1 2 3 4 5 6 7; do
    { time $auspex run wait --factory "$work/wait" --data "$work/wait/data-$run" > /dev/null; } 2>> "$work/run.times"
  done
  row "run: first activity, demo's factory (median of 7; least)" "< 1.5 s" "$(median < "$work/warm.times") ms; $(sort -n "$work/warm.times" | head -1) ms"
  row "run: first activity, new data folder (median of 7; least)" "< 1.5 s" "$(median < "$work/cold.times") ms; $(sort -n "$work/cold.times" | head -1) ms"

  row "run: processor time of a whole run with one activity (median of 7)" "" "$(cut -d' ' -f2 "$work/run.times" | median) s"
fi

if wants idle; then
  say "idle server"
  joined=$(grep -o '{"Inputs.*}' "$work/demo.log" | head -1)
  start "$work/demo"
  path=$(grep -o "/workspaces/[^?']*/execute" "$work/demo.log" | head -1)
  key=$(grep -o 'Bearer [^ '\'']*' "$work/demo.log" | head -1)
  for _ in 1 2 3 4 5; do
    curl -sf "$url$path?api-version=2.0&details=true" -H "Authorization: $key" -H 'Content-Type: application/json' -d "$joined" > /dev/null
  done
  sleep 5
  row "server on the demo's factory, 5 s after 5 calls: memory" "< 250 MB" "$(memory VmRSS) MB"
  stop
fi

if wants score batch calls kill; then
  say "a row-wise service, trained on 50,000 people"
  factory=$work/factory
  mkdir -p "$factory/experiment" "$factory/data/in"
  cp "$root/bench/experiments/"*.json "$factory/experiment/"
  echo '{ "fileRoots": [ "./data" ] }' > "$factory/auspex.json"
  $tools people "$work/train.csv" 50000 1 income
  $tools people "$factory/data/in/small.csv" "$small" 3
  $tools people "$factory/data/in/big.csv" "$rows" 3
  $auspex experiment run "$factory/experiment/People training.json" --input "input1=$work/train.csv" --output "output1=$factory/data/in/model.ilearner" > /dev/null
  $auspex experiment convert "$factory/experiment/People training.json" --input "input1=$work/train.csv" --name "People scoring" > /dev/null
  $auspex experiment publish "$factory/experiment/People scoring.json" --endpoint updatable --json 2> /dev/null | tail -1 > "$work/published.json"
  key=$(field primaryKey "$work/published.json")
  path=$(field apiLocation "$work/published.json" | sed 's,http://[^/]*,,')
fi

if wants score; then
  say "auspex score"
  for size in small big; do
    $auspex score --model "$factory/data/in/model.ilearner" --input "$factory/data/in/$size.csv" --output "$work/scored.csv" --json 2> /dev/null > "$work/score-$size.json"
  done
  peak() { awk -F'"peakMemoryBytes":' '{ printf "%.0f", $2 / 1048576 }' "$work/score-$1.json"; }
  speed() { grep -o '"rowsPerSecond":[0-9]*' "$work/score-$1.json" | cut -d: -f2; }
  row "score: peak memory, $small rows; $rows rows" "< 512 MB" "$(peak small) MB; $(peak big) MB ($(in_order "$work/scored.csv" "$rows"))"
  row "score: rows/s, $small rows; $rows rows" "" "$(speed small); $(speed big)"
  rm "$work/scored.csv"
fi

if wants quarantine; then
  say "quarantine, workload H, eleven rounds"
  $tools workload H "$work/h-train.csv" 200000 1
  $tools workload H "$work/h.csv" 1000000 2
  $auspex train --input "$work/h-train.csv" --label y --learner "Two-Class Boosted Decision Tree" --set "Maximum number of leaves per tree=31" \
    --set "Minimum number of samples per leaf node=20" --set "Learning rate=0.1" --set "Number of trees constructed=100" --model "$work/h.ilearner" > /dev/null
  # Every thousandth row is bad, by turns for a text among numbers and for a missing cell. All files are written alike: how a file
  # lies in the page cache is worth a few hundredths. The second clean one says what is noise.
  spoil() { awk -F, -v OFS=, -v bad="$1" 'bad && NR % 1000 == 500 { if (NR % 2000 == 500) $9 = "abc"; else NF-- } { print }' "$work/h.csv" > "$2"; }
  spoil 0 "$work/h-clean.csv"; spoil 0 "$work/h-again.csv"; spoil 1 "$work/h-bad.csv"
  rm "$work/h.csv" "$work/h-train.csv"
  TIMEFORMAT='%R %U %S'
  for round in 1 2 3 4 5 6 7 8 9 10 11; do
    # Which comes first changes: the one after another finds the machine as that has left it.
    case $((round % 3)) in 0) order="clean again bad" ;; 1) order="again bad clean" ;; *) order="bad clean again" ;; esac
    for kind in $order; do
      { time "$root/auspex" score --model "$work/h.ilearner" --input "$work/h-$kind.csv" --output "$work/h-scored.csv" > /dev/null 2>&1; } 2>> "$work/h-$kind.times"
      rm -f "$work"/h-scored.csv*
    done
  done
  wall() { cut -d' ' -f1 "$work/h-$1.times"; }
  processor() { awk '{ print $2 + $3 }' "$work/h-$1.times"; }
  slower() { paste <($1 clean) <($1 "$2") | awk '{ print $2 / $1 }' | median | awk '{ printf "%+.1f %%", ($1 - 1) * 100 }'; }
  row "score, 1,000,000 rows of H, 1,000 of them quarantined, beside none: wall; processor time (medians of 11 pairs)" "< 2 %" \
    "$(slower wall bad); $(slower processor bad) (the same file twice: $(slower wall again); $(slower processor again))"
fi

if wants batch; then
  say "batch jobs"
  start "$factory"
  declare -A seconds peaks
  for size in small big; do
    forget_peak
    job=$($tools batch submit "$url$path" "$key" "$factory/data" "in/$size.csv" "out/$size.csv")
    seconds[$size]=$($tools batch wait "$url$path" "$key" "$job")
    peaks[$size]=$(memory VmHWM)
  done
  same=$(head -n $((small + 1)) "$factory/data/out/big.csv" | cmp -s - "$factory/data/out/small.csv" && echo "equal where the input is" || echo "NOT EQUAL where the input is")
  row "batch job: peak memory, $small rows; $rows rows" "< 512 MB" \
    "${peaks[small]} MB; ${peaks[big]} MB ($(in_order "$factory/data/out/big.csv" "$rows"), $same)"
  row "batch job: rows/s, $small rows (server just started); $rows rows" "" \
    "$(rate "$small" "${seconds[small]}"); $(rate "$rows" "${seconds[big]}")"
  rm "$factory/data/out/big.csv"
  if ! wants calls; then stop; fi
fi

if wants calls; then
  say "request-response"
  if [ -z "$server" ]; then start "$factory"; fi
  person='{"Inputs":{"input1":{"ColumnNames":["person","age","education","occupation","hours_per_week","capital_gain","married","region"],"Values":[["1","44","Master","Manager","50","0","True","N"]]}},"GlobalParameters":{}}'
  echo "$person" > "$work/person.json"
  row "request-response, one person, one caller for 5 s" "" "$($tools calls "$url$path/execute?api-version=2.0" "$key" 1 5 "$work/person.json")"
  row "request-response, one person, 500 calls a second for 10 s, each counted from when it was due" "p50 < 0.3 ms, p99 < 1 ms" \
    "$($tools calls "$url$path/execute?api-version=2.0" "$key" 2 10 "$work/person.json" 500)"
  row "the same calls to an address where nothing is (404): what the web server and this machine take alone" "" \
    "$($tools calls "$url/nothing" "$key" 2 10 "$work/person.json" 500 || true)"
  second=$work/second.json
  grep -o '"endpoint":.*' "$work/published.json" > "$second"
  path2=$(field ApiLocation "$second" | sed 's,http://[^/]*,,')
  key2=$(field PrimaryKey "$second")
  token=$(cat "$factory/.auspex/keys/session.token")
  management=$(field managementLocation "$work/published.json" | sed 's,http://[^/]*,,')
  curl -sf -X PATCH "$url$management/updatable" -H "Authorization: Bearer $token" -H 'Content-Type: application/json' -d '{"MaxConcurrentCalls":200}' > /dev/null
  if command -v wrk > /dev/null; then
    printf 'wrk.method = "POST"\nwrk.headers["Authorization"] = "Bearer %s"\nwrk.headers["Content-Type"] = "application/json"\nwrk.body = [=[%s]=]\n' \
      "$key2" "$(cat "$work/person.json")" > "$work/person.lua"
    for _ in 1 2 3 4 5 6; do
      wrk -t 1 -c 32 -d 3 --latency -s "$work/person.lua" "$url$path2/execute?api-version=2.0" > "$work/wrk.txt"
      if grep -q "Non-2xx" "$work/wrk.txt"; then say "CALLS FAILED"; cat "$work/wrk.txt" >&2; fi
      awk '$1 == "Requests/sec:" { printf "%.0f\n", $2 }' "$work/wrk.txt"
    done | tail -5 > "$work/wrk.times" # the first warms up
    row "request-response, one person, 32 connections of wrk, 5 times 3 s: calls/s, median (least to most)" "20,000 /s" \
      "$(median < "$work/wrk.times") ($(sort -n "$work/wrk.times" | head -1) to $(sort -n "$work/wrk.times" | tail -1))"
  fi
  $tools calls "$url$path2/execute?api-version=2.0" "$key2" 100 8 "$work/person.json" > "$work/calls.txt" &
  calls=$!
  updates=0
  while kill -0 "$calls" 2> /dev/null; do
    curl -sf -X PATCH "$url$management/updatable" -H "Authorization: Bearer $token" -H 'Content-Type: application/json' \
      -d "{\"Resources\":[{\"Name\":\"People training [trained model]\",\"Location\":{\"ConnectionString\":\"FileRoot=$factory/data\",\"RelativeLocation\":\"in/model.ilearner\"}}]}" > /dev/null && updates=$((updates + 1))
    sleep 0.5
  done
  wait "$calls" || say "CALLS FAILED"
  row "request-response, 100 callers for 8 s, model replaced $updates times meanwhile" "none fails" "$(cat "$work/calls.txt")"
  stop
fi

if wants kill; then
  say "kill -9 during a batch job"
  staged() { { stat -c %s "$factory"/data/out/.auspex-*.partial 2> /dev/null || true; } | sort -n | tail -1; }
  if [ ! -e "$factory/data/out/small.csv" ]; then
    start "$factory"
    job=$($tools batch submit "$url$path" "$key" "$factory/data" in/small.csv out/small.csv)
    $tools batch wait "$url$path" "$key" "$job" > /dev/null
    stop
  fi
  third=$(($(stat -c %s "$factory/data/out/small.csv") / 3))
  start "$factory"
  job=$($tools batch submit "$url$path" "$key" "$factory/data" in/small.csv out/killed.csv)
  for _ in $(seq 3000); do
    if [ "0$(staged)" -ge "$third" ]; then break; fi
    sleep 0.01
  done
  kill -9 "$server"; wait "$server" 2> /dev/null || true
  left=$(staged)
  start "$factory"
  $tools batch wait "$url$path" "$key" "$job" > /dev/null
  equal=$(cmp -s "$factory/data/out/small.csv" "$factory/data/out/killed.csv" && echo "equal bytes" || echo "OTHER BYTES")
  row "kill -9 during a batch job of $small rows, ${left:-0} of $(stat -c %s "$factory/data/out/small.csv") bytes staged: result" "equal bytes" "$equal"
  stop
fi

say "load after: $(cut -d' ' -f1-3 /proc/loadavg)"
echo
echo "$(awk -F': ' '/^model name/ { print $2; exit }' /proc/cpuinfo), $(nproc) processors; $(uname -sr); .NET SDK $(dotnet --version); commit $(git -C "$root" rev-parse --short HEAD)"
echo
cat "$table"
