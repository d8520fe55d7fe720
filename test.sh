#!/usr/bin/env bash
# Installs what the tests need, by name, then builds and runs every test. Prints 'N passed, N failed' last.
set -uo pipefail
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")"

bash eng/install-test-services.sh || exit 1

dotnet restore --nologo -v quiet || exit 1
dotnet build -c Release --no-restore --nologo -v quiet || exit 1

# The count of that name on the result file's first assembly.
attribute() {
  grep -o '<assembly [^>]*>' "$2" 2>/dev/null | head -n 1 | grep -o " $1=\"[0-9]*\"" | grep -o '[0-9]*'
}

passed=0
failed=0
results=$(mktemp -d)
for suite in Auspex.Tests Auspex.Scenarios; do
  echo "== $suite"
  "artifacts/bin/$suite/release/$suite" -noLogo -noColor "$@" -result-xml "$results/$suite.xml"
  code=$?
  suite_passed=$(attribute passed "$results/$suite.xml")
  suite_failed=$(attribute failed "$results/$suite.xml")
  passed=$((passed + ${suite_passed:-0}))
  failed=$((failed + ${suite_failed:-0}))
  if [ "$code" -ne 0 ] && [ "${suite_failed:-0}" -eq 0 ]; then
    # The runner itself broke: that must not look like success.
    failed=$((failed + 1))
  fi
done
rm -rf "$results"

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
