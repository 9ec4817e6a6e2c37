# Sourced by the scripts of deploy/ and tests/: steps with their times, the build, and a server that
# goes away with the script. Sets ROOT and BUILD_DIR.
# shellcheck shell=bash disable=SC2034,SC2119,SC2120

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
# One folder for everything, so that tests/run builds upon what deploy/quickstart built.
BUILD_DIR=$(realpath -m -- "${WONBON_BUILD_DIR:-$ROOT/build/release}")
SERVER_PID=
GRPC_ADDRESS=
ADMIN_ADDRESS=
LISTEN=

# Go and ccache keep their caches below HOME.
export HOME=${HOME:-$ROOT/build/home}
# Compiled files are shared between clones of the project.
export CCACHE_BASEDIR=$ROOT CCACHE_NOHASHDIR=1
export CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime

fail() {
  echo "${0##*/}: $*" >&2
  exit 1
}

# begin TEXT ... finish [RESULT]: one step and how long it took.
begin() {
  step_started=$SECONDS
  printf '==> %s\n' "$1"
}
finish() {
  printf '    %s%d s\n' "${1:+$1, }" $((SECONDS - step_started))
}

# install GROUP...: what is missing of deploy/packages.
install() {
  begin "Packages ($*)"
  "$ROOT/deploy/install-packages" "$@" | sed 's/^/    /'
  finish
}

# Compilers need about 1 GiB each.
build_jobs() {
  local cpus gib
  cpus=$(nproc)
  gib=$(awk '/^MemAvailable:/ { print int($2 / 1048576) }' /proc/meminfo)
  [ "$gib" -ge 1 ] || gib=1
  echo "${WONBON_JOBS:-$((cpus < gib ? cpus : gib))}"
}

# logged LOG COMMAND...: runs it with its output in LOG and a line of it now and then, so that a long
# step is seen to move; on failure shows the end of LOG.
logged() {
  local log=$1 line last=$SECONDS status=0
  shift
  mkdir -p "$(dirname "$log")"
  "$@" </dev/null 2>&1 | tee "$log" | while IFS= read -r line; do
    if [ $((SECONDS - last)) -ge 20 ]; then
      printf '    %.110s\n' "$line"
      last=$SECONDS
    fi
  done || status=$?
  [ "$status" = 0 ] && return
  { grep -nE -A12 'FAILED:|error:|CMake Error' "$log" || tail -n 40 "$log"; } | head -n 60 | cut -c1-300 >&2
  fail "'$1' failed; everything it said is in $log"
}

# configure ON|OFF: whether the tests are part of the build. OFF leaves a folder that has them alone:
# the programs are built by the same commands either way.
configure() {
  local tests=$1
  if [ -f "$BUILD_DIR/build.ninja" ]; then
    [ "$tests" = ON ] || return 0
    grep -q '^WONBON_BUILD_TESTS:BOOL=ON$' "$BUILD_DIR/CMakeCache.txt" && return 0
  fi
  logged "$BUILD_DIR/configure.log" \
    cmake -S "$ROOT" -B "$BUILD_DIR" -G Ninja -DCMAKE_BUILD_TYPE="${WONBON_BUILD_TYPE:-Release}" \
    -DWONBON_BUILD_TESTS="$tests"
}

# build ON|OFF [TARGET...]: configures and builds.
build() {
  local tests=$1 target targets=()
  shift
  for target in "$@"; do targets+=(--target "$target"); done
  begin "Building ${*:-everything} in ${BUILD_DIR#"$ROOT"/}"
  configure "$tests"
  logged "$BUILD_DIR/build.log" \
    cmake --build "$BUILD_DIR" --parallel "$(build_jobs)" "${targets[@]}"
  give_back
  finish
}

# Under sudo, what was built belongs to the owner of the sources, who will build on it.
give_back() {
  [ "$(id -u)" = 0 ] || return 0
  [ "$(stat -c %u "$ROOT")" = 0 ] || chown -R --reference="$ROOT" "$ROOT/build" 2>/dev/null || true
}

# start_server LOG FLAGS...: a server on free loopback ports, or at LISTEN if that is set. Sets
# SERVER_PID, GRPC_ADDRESS and ADMIN_ADDRESS from its start-up line.
start_server() {
  local log=$1 ready='' name
  shift
  # Settings of the user's own servers are not for this one.
  for name in "${!WONBON_@}"; do
    case $name in
      WONBON_BUILD_* | WONBON_JOBS | WONBON_DATA) ;;
      *) unset "$name" ;;
    esac
  done
  : >"$log"  # an earlier server's line is not this one's
  "$BUILD_DIR/server/wonbond" --insecure --listen="${LISTEN:-127.0.0.1:0}" --admin-listen=127.0.0.1:0 "$@" \
    </dev/null >"$log" 2>&1 &
  SERVER_PID=$!
  for _ in $(seq 600); do
    ready=$(grep -m1 -o 'wonbond ready: grpc [^ ]* admin [^ "]*' "$log" || true)
    [ -n "$ready" ] && break
    kill -0 "$SERVER_PID" 2>/dev/null || break
    sleep 0.1
  done
  if [ -z "$ready" ]; then
    tail -n 20 "$log" >&2
    fail "the server did not become ready"
  fi
  read -r _ _ _ GRPC_ADDRESS _ ADMIN_ADDRESS <<<"$ready"
}

# Drains the server; a server that does not end within 30 s is killed, and that is an error.
stop_server() {
  local pid=$SERVER_PID
  [ -n "$pid" ] || return 0
  SERVER_PID=
  kill -TERM "$pid" 2>/dev/null || true
  for _ in $(seq 300); do
    kill -0 "$pid" 2>/dev/null || { wait "$pid"; return; }
    sleep 0.1
  done
  kill -KILL "$pid" 2>/dev/null || true
  wait "$pid" 2>/dev/null || true
  echo "the server did not stop within 30 s and was killed" >&2
  return 1
}

wonbon() {
  "$BUILD_DIR/client/wonbon" --endpoint="$GRPC_ADDRESS" "$@"
}
