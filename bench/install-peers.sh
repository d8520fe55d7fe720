#!/usr/bin/env bash
# Installs, by name, what bench/compare.sh compares with: Debian's pandas, scikit-learn, XGBoost and ONNX for Python, and the
# packages of bench/Auspex.Peers (ML.NET, LightGBM, ONNX Runtime, DuckDB). Does nothing that is done already.
set -euo pipefail
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.."

if ! "${PYTHON:-/usr/bin/python3}" -c "import onnx, pandas, sklearn, xgboost" 2>/dev/null; then
  if ! command -v apt-get >/dev/null 2>&1; then
    echo "install-peers: no apt-get here; install pandas, scikit-learn, xgboost and onnx for Python, and name it in PYTHON." >&2
    exit 2
  fi

  sudo=
  if [ "$(id -u)" -ne 0 ]; then sudo=sudo; fi
  $sudo apt-get update -qq
  DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -qq --no-install-recommends \
    python3-onnx python3-pandas python3-sklearn python3-xgboost
fi

dotnet build bench/Auspex.Peers -c Release --nologo -v quiet
