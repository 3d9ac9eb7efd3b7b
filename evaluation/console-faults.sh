#!/usr/bin/env bash
# A console whose disk fills up, is made read-only, and whose clock is set, with a real JVM under it: what was acknowledged is there afterwards, health says
# what is so, and the console goes on by itself once the fault is gone.
#   evaluation/console-faults.sh [disk] [read-only] [clock] [second]     all of them if none is said
# Needs root, for a small file system of its own, and a C compiler for the clock (Debian: gcc libc6-dev). Ends with PASS (0) or FAIL (1).
set -euo pipefail
# shellcheck source=evaluation/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

faults=("$@")
[ ${#faults[@]} -gt 0 ] || faults=(disk read-only clock second)
for fault in "${faults[@]}"; do
  case $fault in disk | read-only | clock | second) ;; *) die "usage: $0 [disk] [read-only] [clock] [second]" ;; esac
done

small=$work/small
finish() {
  local status=$?
  cp "$work/console.log" "${TMPDIR:-/tmp}/console-faults.log" 2>/dev/null || true
  stop_all
  mountpoint -q "$small" && umount "$small"
  rm -rf "$work"
  if [ $status -eq 0 ]; then say "PASS: ${faults[*]}"; else say "FAIL: the console's log is ${TMPDIR:-/tmp}/console-faults.log"; fi
}
trap finish EXIT
trap 'exit 130' INT TERM

need_java
command -v curl >/dev/null || die "curl is missing: install it (Debian: apt-get install curl)"
build_missing "$console_jar" "$agent_jar" "$demo_jar"
[ "$(id -u)" -eq 0 ] || die "this mounts a small file system and needs root"
mkdir "$small"
mount -t tmpfs -o size=96m tmpfs "$small" || die "a tmpfs cannot be mounted here"

port=$(free_port) token=$(new_secret) password=$(new_secret)
data=$small/loom-data
api=http://127.0.0.1:$port/api/v1
clock=$work/clock
printf '%20s\0' 0 >"$clock"

# rest METHOD PATH [CURL OPTIONS...]: prints the status, the body is in $work/answer
rest() {
  local method=$1 path=$2
  shift 2
  curl -sS -m 60 -o "$work/answer" -w '%{http_code}' -X "$method" -H "Authorization: Bearer $token" "$@" "$api$path" || printf '000'
}
health() { curl -s -m 10 -o "$work/health" -w '%{http_code}' "http://127.0.0.1:$port/actuator/health" || true; }

# health_becomes STATUS: within 60 s
health_becomes() {
  local deadline=$((SECONDS + 60))
  until [ "$(health)" = "$1" ]; do
    [ $SECONDS -lt $deadline ] || die "health is $(health) and was to be $1: $(cat "$work/health")"
    sleep 0.5
  done
}

acknowledged=()
# store NAME: a filter with a text of some size; one more of $acknowledged if the console says so. A refusal must be a problem, and not a 200.
store() {
  local status
  { cat "$top/evaluation/filters/bank.loom"; head -c 20000 /dev/zero | tr '\0' x | sed 's/^/# /'; } >"$work/text"
  status=$(rest POST "/filters?name=$1" -H 'Content-Type: text/plain;charset=utf-8' --data-binary "@$work/text")
  case $status in
    201) acknowledged+=("$1") ;;
    5?? | 000) return 1 ;;
    *) die "storing $1 answered $status: $(cat "$work/answer")" ;;
  esac
}

all_there() {
  local name
  for name in "${acknowledged[@]}"; do
    [ "$(rest GET "/filters/$name")" = 200 ] || die "$name was acknowledged and is gone: $(cat "$work/answer")"
  done
  say "  all ${#acknowledged[@]} acknowledged filters are there"
}

start_faulty() {
  local fake=()
  [[ " ${faults[*]} " != *" clock "* ]] || fake=(LD_PRELOAD="$work/clock.so" LOOM_CLOCK="$clock")
  start console env LOOM_ADMIN_PASSWORD="$password" LOOM_BOOTSTRAP_TOKEN="$token" "${fake[@]}" \
    "$java" -jar "$console_jar" --server.address=127.0.0.1 --server.port="$port" --loom.data="$data" --loom.storage.probe=1s
  console_pid=$started
  wait_for 300 "the console" "$console_pid" http GET /actuator/health
}

# set_clock SECONDS: puts the console's clock so far from the right time
set_clock() { printf '%20s' "$1" | dd of="$clock" conv=notrunc 2>/dev/null; }

# clock_library: the console alone sees another time of day. Its monotonic clock stays as it is, as when an operator or NTP sets the clock.
clock_library() {
  command -v gcc >/dev/null || die "gcc is missing: install it (Debian: apt-get install gcc libc6-dev)"
  cat >"$work/clock.c" <<'C'
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <time.h>
static int (*real)(clockid_t, struct timespec *);
static const char *offset;
__attribute__((constructor)) static void start(void) {
  real = dlsym(RTLD_NEXT, "clock_gettime");
  int file = getenv("LOOM_CLOCK") ? open(getenv("LOOM_CLOCK"), O_RDONLY) : -1;
  if (file >= 0) offset = mmap(0, 20, PROT_READ, MAP_SHARED, file, 0);
}
int clock_gettime(clockid_t which, struct timespec *to) {
  if (!real) real = dlsym(RTLD_NEXT, "clock_gettime");
  int status = real(which, to);
  if (which == CLOCK_REALTIME && offset && offset != MAP_FAILED) to->tv_sec += atol(offset);
  return status;
}
int gettimeofday(struct timeval *restrict to, void *restrict zone) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  to->tv_sec = now.tv_sec, to->tv_usec = now.tv_nsec / 1000;
  return 0;
}
time_t time(time_t *to) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  if (to) *to = now.tv_sec;
  return now.tv_sec;
}
C
  gcc -shared -fPIC -O1 -o "$work/clock.so" "$work/clock.c" -ldl
}

# enabled_and_back WHEN [OFFSET]: the filter of the demo, in its JVM and out of it, with the clock set between
enabled_and_back() {
  local id state deadline target
  target=$(rest GET /targets >/dev/null; grep -o '"id":[0-9]*,"name":"bank-demo"' "$work/answer" | cut -d: -f2 | cut -d, -f1)
  [ "$(rest POST '/deployments?wait=30' -H 'Content-Type: application/json' --data "{\"filter\":\"bank\",\"targets\":[$target]}")" = 201 ] ||
    die "enabling was refused $1: $(cat "$work/answer")"
  grep -q '"state":"ENABLED"' "$work/answer" || die "not ENABLED $1: $(cat "$work/answer")"
  id=$(grep -o '"id":[0-9]*' "$work/answer" | head -n 1 | cut -d: -f2)
  [ -z "${2:-}" ] || set_clock "$2"
  rest DELETE "/deployments/$id" >/dev/null
  deadline=$((SECONDS + 30))
  while :; do
    rest GET "/deployments/$id" >/dev/null
    state=$(grep -o '"state":"[A-Z]*"' "$work/answer" | head -n 1)
    [ "$state" != '"state":"DISABLED"' ] || break
    [ $SECONDS -lt $deadline ] || die "$state instead of DISABLED $1"
    sleep 0.3
  done
  say "  enabled and disabled $1"
}

[[ " ${faults[*]} " != *" clock "* ]] || clock_library
start_faulty
start_demo bank-demo dev.loom.demo.BankDemo LOOM_CONSOLE="http://127.0.0.1:$port" LOOM_TOKEN="$token" LOOM_JMX_PORT=0
reachable() { rest GET /targets >/dev/null && grep -q '"state":"REACHABLE"' "$work/answer"; }
wait_for 60 "the registration" "$started" reachable
[ "$(rest POST '/filters?name=bank' -H 'Content-Type: text/plain;charset=utf-8' --data-binary "@$top/evaluation/filters/bank.loom")" = 201 ] || die "$(cat "$work/answer")"
acknowledged+=(bank)

disk() {
  local n refused=0
  say "A full disk:"
  for n in $(seq 10); do store "before-$n" || die "a write failed on a healthy disk: $(cat "$work/answer")"; done
  dd if=/dev/zero of="$small/filler" bs=64k 2>/dev/null || true
  for n in $(seq 60); do store "full-$n" || refused=$((refused + 1)); done
  say "  of 60 writes $refused were refused"
  [ $refused -gt 0 ] || die "the disk was full and nothing was refused"
  health_becomes 503
  say "  health says DOWN"
  rm "$small/filler"
  health_becomes 200
  store after-full || die "no write after space is free again: $(cat "$work/answer")"
  all_there
  enabled_and_back "after the disk was full"
}

read-only() {
  say "A disk that is read-only:"
  # files that are open keep a file system writable: what can be shown is that the console says so where the system allows it
  if ! mount -o remount,ro "$small" 2>/dev/null; then
    say "  this system does not make a file system with open files read-only; the directory is made so"
    chmod 500 "$data"
  fi
  if store "read-only"; then say "  a write went through, to the file that is open"; else say "  a write is refused"; fi
  mount -o remount,rw "$small" 2>/dev/null || true
  chmod 700 "$data"
  health_becomes 200
  store after-read-only || die "no write after the disk is writable again: $(cat "$work/answer")"
  all_there
}

clock() {
  local by
  say "A clock that is set:"
  for by in -3600 3600 -31536000 31536000; do
    enabled_and_back "with the clock set by $by s between" "$by"
    reachable || die "the JVM is not REACHABLE with the clock set by $by s: $(cat "$work/answer")"
    [ "$(health)" = 200 ] || die "health is $(health) with the clock set by $by s: $(cat "$work/health")"
    enabled_and_back "with the clock set back from $by s" 0
  done
  store after-clock || die "no write after the clock was set: $(cat "$work/answer")"
  all_there
}

second() {
  local status=0
  say "A second console on the same data:"
  timeout 120 "$java" -jar "$console_jar" --server.address=127.0.0.1 --server.port="$(free_port)" --loom.data="$data" >"$work/second.log" 2>&1 || status=$?
  case $status in 0 | 124) die "it started, or hung: $(tail -n 20 "$work/second.log")" ;; esac
  say "  refused: $(grep -A 2 -m 1 '^Description' "$work/second.log" | tail -n 1 | grep . || die "without a reason: $(tail -n 20 "$work/second.log")")"
  store after-second || die "the first does not go on: $(cat "$work/answer")"
}

for fault in "${faults[@]}"; do "$fault"; done

say "Started again on the same data:"
kill "$console_pid"
wait "$console_pid" 2>/dev/null || true
set_clock 0
start_faulty
all_there

if [[ " ${faults[*]} " == *" read-only "* ]]; then
  say "Started on a disk that is read-only:"
  kill "$console_pid"
  wait "$console_pid" 2>/dev/null || true
  mount -o remount,ro "$small" || die "the file system cannot be made read-only"
  status=0
  timeout 120 "$java" -jar "$console_jar" --server.address=127.0.0.1 --server.port="$port" --loom.data="$data" >"$work/console.log" 2>&1 || status=$?
  mount -o remount,rw "$small"
  case $status in 0 | 124) die "it started, or hung: $(tail -n 20 "$work/console.log")" ;; esac
  say "  refused: $(grep -A 2 -m 1 '^Description' "$work/console.log" | tail -n 1)"
fi
