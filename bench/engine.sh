#!/usr/bin/env bash
# Measures the engine: durable runs on a SQLite journal, in a temporary folder. bench/README.md says how to read the table.
#
#   bench/engine.sh                            every figure
#   bench/engine.sh sequential five            some: sequential http five hundred foreach trigger recover history
#   bench/engine.sh --flush Normal hundred     another flush policy (default: Full)
#   bench/engine.sh --folder DIR ...           keeps what was written in DIR
#   bench/engine.sh --quartz                   the same jobs by Quartz.NET beside ours, in turns (bench/Auspex.Peers)
set -euo pipefail
root=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)
cd "$root"
dotnet build bench/Auspex.Benchmarks -c Release --nologo -v quiet >&2

# Compiled ahead of time, as ./auspex does with the program, in a folder of its own.
program=artifacts/engine.program
rm -rf "$program"
cp -R artifacts/bin/Auspex.Benchmarks/release "$program"
if ! log=$(dotnet msbuild eng/ReadyToRun.proj -restore -t:CompileAhead -p:Program="$PWD/$program" -nologo -v:quiet 2>&1); then
  echo "not compiled ahead of time, so starts are slower than the program's: $(grep -m 1 -o 'error .*' <<< "$log" || true)" >&2
  cp -R artifacts/bin/Auspex.Benchmarks/release/. "$program/"
fi
tools="dotnet $program/Auspex.Benchmarks.dll"
echo "$(awk -F': ' '/^model name/ { print $2; exit }' /proc/cpuinfo), load $(cut -d' ' -f1-3 /proc/loadavg); .NET SDK $(dotnet --version); commit $(git rev-parse --short HEAD)"
if [ "${1:-}" != "--quartz" ]; then
  exec $tools engine "$@"
fi

dotnet build bench/Auspex.Peers -c Release --nologo -v quiet >&2
peers="dotnet artifacts/bin/Auspex.Peers/release/Auspex.Peers.dll"
for _ in 1 2 3; do
  $tools engine sequential five | tail -2
  $peers quartz 40 2000
done
