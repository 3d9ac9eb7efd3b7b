#!/usr/bin/env bash
# The whole cycle through REST alone (curl): a console, two JVMs that register themselves and fail all the time; the filters are
# uploaded and enabled, no failure for a while, the filters are disabled, failures again. Starts and stops what it needs itself.
#   evaluation/bypass-rest.sh [SECONDS]     how long no failure may come; 60 if not said
# Ends with PASS (0) or FAIL (1).
set -euo pipefail
# shellcheck source=evaluation/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

seconds=${1:-60}
[[ $seconds =~ ^[1-9][0-9]*$ ]] || die "usage: $0 [SECONDS]"

finish() {
  local status=$?
  stop_all
  if [ $status -eq 0 ]; then
    rm -rf "$work"
    say "PASS: bypassed through REST alone"
  else
    say "FAIL: logs in $work"
  fi
}
trap finish EXIT
trap 'exit 130' INT TERM

need_java
command -v curl >/dev/null || die "curl is missing: install it (Debian: apt-get install curl)"
build_missing "$console_jar" "$agent_jar" "$demo_jar"

port=$(free_port)
token=$(new_secret)
password=$(new_secret)
data=$work/loom-data
api=http://127.0.0.1:$port/api/v1

# rest METHOD PATH [CURL OPTIONS...]: prints the answer's body; a refusal ends the script with the problem's text
rest() {
  local method=$1 path=$2 status
  shift 2
  status=$(curl -sS -o "$work/answer" -w '%{http_code}' -X "$method" -H "Authorization: Bearer $token" "$@" "$api$path")
  [[ $status == 2* ]] || die "$method $path answered $status: $(cat "$work/answer")"
  cat "$work/answer"
}

# field NAME: the first value of that name in the JSON on stdin
field() { grep -o "\"$1\":\(\"[^\"]*\"\|[^,}]*\)" | head -n 1 | sed 's/^[^:]*://; s/^"//; s/"$//'; }

start_console
say "The console is up."
register=(LOOM_CONSOLE="http://127.0.0.1:$port" LOOM_TOKEN="$token" LOOM_JMX_PORT=0)
start_demo logback-demo dev.loom.demo.LogbackDemo "${register[@]}"
logback=$started
start_demo bank-demo dev.loom.demo.BankDemo "${register[@]}"
bank=$started

each() {
  "$@" logback-demo "$logback" logback-interrupt
  "$@" bank-demo "$bank" bank
}

# target_id NAME: the id of a registered JVM that answers
target_id() {
  rest GET /targets | grep -o "\"id\":[0-9]*,\"name\":\"$1\"" | cut -d: -f2 | cut -d, -f1 | grep .
}

registered() {
  wait_for 60 "the registration of $1" "$2" target_id "$1"
  say "  $1 is target $(target_id "$1")"
}

expect_failures() {
  failures_in "$2" 5
  say "  $1: $failures of $operations operations failed in 5 s"
  [ "$failures" -gt 0 ] || die "$1 was expected to fail"
}

upload() {
  rest POST "/filters?name=$3" -H 'Content-Type: text/plain;charset=utf-8' --data-binary "@$top/evaluation/filters/$3.loom" \
    >"$work/uploaded"
  say "  $3 is version $(field version <"$work/uploaded")"
}

declare -A deployment
enable() {
  rest POST /deployments -H 'Content-Type: application/json' \
    --data "{\"filter\":\"$3\",\"targets\":[$(target_id "$1")]}" >"$work/deployment"
  deployment[$3]=$(field id <"$work/deployment")
  await_state "$3" ENABLED
}

disable() {
  rest DELETE "/deployments/${deployment[$3]}" >/dev/null
  await_state "$3" DISABLED
}

# await_state FILTER STATE: of its deployment
await_state() {
  local deadline=$((SECONDS + 60)) state=''
  while :; do
    state=$(rest GET "/deployments/${deployment[$1]}" | field state)
    [ "$state" != "$2" ] || break
    [ $SECONDS -lt $deadline ] || die "$1 is $state and was to be $2: $(rest GET "/deployments/${deployment[$1]}")"
    sleep 0.2
  done
  say "  $1 is $2"
}

hooks() {
  local hits
  hits=$(rest GET "/targets/$(target_id "$1")/filters/$3" | grep -o '"hits":[0-9]*' | cut -d: -f2 | sort -n | tail -n 1)
  say "  $1: the busiest hook has $hits hits"
  [ "${hits:-0}" -gt 0 ] || die "no hook of $3 was ever passed"
}

expect_none() {
  local name=$1
  # shellcheck disable=SC2086 # three words each
  set -- $2 $3
  say "  $name: $(($5 - $2)) of $(($4 - $1)) operations failed"
  [ $(($4 - $1)) -gt 0 ] || die "$name has stopped to work"
  [ $(($5 - $2)) -eq 0 ] || die "$name was expected not to fail"
}

say "1. Registered, and failing without filters:"
each registered
each expect_failures

say "2. Upload and enable:"
each upload
each enable
sleep 1 # an operation that the race spoiled before may still have to be counted

say "3. With filters, for $seconds s:"
before_logback=$(read_counts "$logback")
before_bank=$(read_counts "$bank")
sleep "$seconds"
expect_none logback-demo "$before_logback" "$(read_counts "$logback")"
expect_none bank-demo "$before_bank" "$(read_counts "$bank")"
each hooks

say "4. Disable:"
each disable

say "5. Without filters again:"
each expect_failures
