#!/usr/bin/env bash
# Installs what the tests need, builds with sanitizers, and runs everything.
#
#   tests/run.sh            all of it: 40 minutes to over an hour on 2 cores from nothing
#   tests/run.sh --quick    without ThreadSanitizer, fuzzing, benchmarks and packages, and with fewer rounds of chaos
#   tests/run.sh --minutes N    begins none of those (tsan, fuzz, release, bench, install) after N minutes, and counts each left out as skipped
#   tests/run.sh NAME...    only the steps of these names (see --list)
#
# Logs go to build/test-logs. The last line says "N passed, N failed, N skipped".
set -uo pipefail

top=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)
cd "$top" || exit 1
# shellcheck source=installers/packages.sh
. installers/packages.sh

logs=$top/build/test-logs
python=/usr/bin/python3
quick=
minutes=
only=()
steps="packages build unit core-web page terminal e2e acme gateway chaos browser tsan fuzz release bench install"
slow=" tsan fuzz release bench install "
passed=0 failed=0 skipped=0 broken=()

while [ $# -gt 0 ]; do
  argument=$1
  shift
  case $argument in
    --quick) quick=yes ;;
    --minutes) [[ ${1:-} =~ ^[0-9]+$ ]] || { echo "run.sh: error: --minutes needs a number" >&2; exit 2; }
       minutes=$1; shift ;;
    --list) echo "$steps"; exit 0 ;;
    -h | --help) sed -n "2,10s/^# \{0,1\}//p" "$top/tests/run.sh"; exit 0 ;;
    -*) echo "run.sh: error: unknown option $argument; there are --quick, --list and --help" >&2; exit 2 ;;
    *) [[ " $steps " = *" $argument "* ]] || { echo "run.sh: error: no step $argument; there are: $steps" >&2; exit 2; }
       only+=("$argument") ;;
  esac
done

wanted() {
  if [ ${#only[@]} -gt 0 ]; then [[ " ${only[*]} " = *" $1 "* ]]; return; fi
  [ -z "$quick" ] || [[ $slow != *" $1 "* ]]
}

is_too_late() { [ -n "$minutes" ] && [[ $slow = *" $1 "* ]] && [ $SECONDS -ge $((minutes * 60)) ]; }

# step NAME KIND COMMAND...: runs it with its output in the log, and counts what it proved (tests/tally.py).
step() {
  local name=$1 kind=$2 log=$logs/$1.log status=0 from=$SECONDS p f s
  shift 2
  wanted "$name" || return 0
  if is_too_late "$name"; then
    skipped=$((skipped + 1))
    printf '%-10s left out: %s minutes are over\n' "$name" "$minutes"
    return 0
  fi
  printf '%-10s ' "$name"
  ("$@") >"$log" 2>&1 || status=$?
  read -r p f s < <($python tests/tally.py "$kind" "$status" "$log")
  passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
  printf '%5d passed %3d failed %3d skipped  %4d s\n' "$p" "$f" "$s" $((SECONDS - from))
  [ "$f" = 0 ] && return 0
  broken+=("$name")
  grep -E '^(FAIL|ERROR|not ok|crashed)|FAILED|✖|\*\*\*Failed|Error:|error:|AssertionError' "$log" | head -n 20 | sed 's/^/    /'
  echo "    the whole log: $log"
  return 1
}

packages() {
  install_packages installers/packages-build.txt installers/packages-test.txt
}

configure() { [ -f "build/$1/build.ninja" ] || cmake --preset "$1"; }

build() {
  use_node && configure dev && nice ninja -C build/dev && core/web/build.sh
}

# A PostgreSQL of our own around a command.
with_postgres() {
  local told status=0
  told=$(tests/postgres.sh start) || return 1
  eval "$told"
  "$@" || status=$?
  tests/postgres.sh stop
  return $status
}

unit() { with_postgres ctest --test-dir build/dev --output-on-failure --verbose -j 2; }

core_web() { cd core/web && npm run check && npm test; }
edge_page() {
  cd "$1/web" && { [ -d node_modules ] || npm ci --no-audit --no-fund; } &&
    npm run types && npm run lint && npm run unit && npm run browser
}

# python_tests FOLDER [N]: N files at a time (2), since much of what they do is wait; the output of each in one piece.
python_tests() { ls -S tests/"$1"/test_*.py | xargs -P "${2:-2}" -I{} bash -c 'python_file {}'; }
python_file() {
  local status=0 out
  out=$(mktemp) || return 1
  env PYTHONPATH=tests SALLYPORT_BIN="$top/build/dev/bin" $python -W ignore::ResourceWarning -m unittest discover -v \
    -s "$(dirname "$1")" -p "$(basename "$1")" >"$out" 2>&1 || status=$?
  flock tests cat "$out"
  rm -f "$out"
  return $status
}
export -f python_file
export top python
e2e() { python_tests e2e; }
acme() { python_tests acme; }
gateway() { python_tests gateway 1; } # how long a host or a page is silent is part of what they look at
chaos() { CHAOS_MESSAGES=${CHAOS_MESSAGES:-$([ -n "$quick" ] && echo 200 || echo 1000)} python_tests chaos; }

browser() {
  cd tests/browser && { [ -d node_modules ] || npm ci --no-audit --no-fund; } &&
    SALLYPORT_BIN="$top/build/dev/bin" node --test --test-concurrency=1 ./*.test.mjs
}

# The libraries with threads of their own, or that many threads use, under ThreadSanitizer.
threaded='^(base_(sqlite|http|log|tls)|pushpull_(inbox|intake|link|outbox)|edge_selfdestruct_[a-z_]+|core_(store|audit|edges|people)[a-z_]*)_test'
tsan() {
  configure tsan || return 1
  local tests
  mapfile -t tests < <(ninja -C build/tsan -t targets all | sed -n 's/^\([a-z_]*_test\): .*/\1/p' | grep -E "$threaded\$" | sort -u)
  echo "under ThreadSanitizer: ${tests[*]}"
  nice ninja -C build/tsan "${tests[@]}" &&
    with_postgres ctest --test-dir build/tsan --output-on-failure --verbose -R "^unit\.($(IFS='|'; echo "${tests[*]%_test}"))\$"
}

fuzz() {
  configure fuzz || return 1
  local targets
  targets=$(ninja -C build/fuzz -t targets all | sed -n 's/^\([a-zA-Z0-9_/.-]*_fuzz\): .*EXECUTABLE.*/\1/p' | sort -u)
  # shellcheck disable=SC2086  # a list
  nice ninja -C build/fuzz $targets || return 1
  # shellcheck disable=SC2086
  printf '%s\n' $targets | xargs -P 2 -I{} bash -c 'fuzz_one {}'
}
fuzz_one() {
  local name status=0 out
  [ -x "build/fuzz/$1" ] || return 0
  name=$(basename "$1")
  out=$(mktemp) || return 1
  mkdir -p "build/fuzz/corpus/$name"
  (cd build/fuzz && "./$1" -max_total_time="${FUZZ_SECONDS:-20}" -rss_limit_mb=2048 -timeout=10 "corpus/$name") >"$out" 2>&1 || status=$?
  if [ $status = 0 ]; then echo "fuzzed $1"; else echo "crashed $1"; fi >>"$out"
  flock tests cat "$out"
  rm -f "$out"
  return $status
}
export -f fuzz_one

release() {
  use_node && configure release && nice ninja -C build/release
}

# Measures, and fails when a row cannot be measured. Whether each is met is for run.py --check, on a quiet machine.
bench() { $python tests/bench/run.py --bin build/release/bin --only "$benched" --json "$logs/bench.json"; }
benched=pages,reveals,races,memory,slowloris,latencies,push

# The packages of the programs that `release` built, on fresh machines of the release that this machine has. Both releases, built in clean roots:
# installers/build-packages.sh and tests/install/run.sh.
install() {
  (cd core/web && ./build.sh) && installers/build-packages.sh --here --programs build/release --out build/deb/tests &&
    tests/install/run.sh --packages build/deb/tests
}

mkdir -p "$logs"
export PATH=$top/var/tools/node/bin:$PATH
echo "steps: $(for one in $steps; do wanted "$one" && printf '%s ' "$one"; done)"
step packages step packages
if step build step build; then
  step unit ctest unit
  step core-web vitest core_web
  step page node edge_page edge-selfdestruct
  step terminal node edge_page edge-gateway
  step e2e unittest e2e
  step acme unittest acme
  step gateway unittest gateway
  step chaos unittest chaos
  step browser node browser
  step tsan ctest tsan
  step fuzz fuzz fuzz
  step release step release
  step bench step bench
  step install unittest install
fi
[ ${#broken[@]} = 0 ] || echo "failed: ${broken[*]}"
echo "took $((SECONDS / 60)) min $((SECONDS % 60)) s"
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" = 0 ]
