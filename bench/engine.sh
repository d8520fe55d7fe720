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
tools="dotnet artifacts/bin/Auspex.Benchmarks/release/Auspex.Benchmarks.dll"
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
