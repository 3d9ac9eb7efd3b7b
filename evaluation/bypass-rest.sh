#!/usr/bin/env bash
# The whole cycle through REST alone (curl): a console, two JVMs that register themselves and fail all the time; the filters are
# uploaded and enabled, no failure for a while, the filters are disabled, failures again. Starts and stops what it needs itself.
#   evaluation/bypass-rest.sh [SECONDS]     how long no failure may come; 60 if not said
# Ends with PASS (0) or FAIL (1).
set -euo pipefail
# shellcheck source=evaluation/bypass-lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/bypass-lib.sh"

begin_bypass "${1:-60}" "bypassed through REST alone"

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
  status=$(curl -sS --max-time 120 -o "$work/answer" -w '%{http_code}' -X "$method" -H "Authorization: Bearer $token" "$@" "$api$path")
  [[ $status == 2* ]] || die "$method $path answered $status: $(cat "$work/answer")"
  cat "$work/answer"
}

# field NAME: the first value of that name in the JSON on stdin
field() { grep -o "\"$1\":\(\"[^\"]*\"\|[^,}]*\)" | head -n 1 | sed 's/^[^:]*://; s/^"//; s/"$//'; }

start_console
say "The console is up."
register=(LOOM_CONSOLE="http://127.0.0.1:$port" LOOM_TOKEN="$token" LOOM_JMX_PORT=0)
start_both "${register[@]}"

# target_id NAME: the id of a registered JVM that answers
target_id() {
  rest GET /targets | grep -o "\"id\":[0-9]*,\"name\":\"$1\"" | cut -d: -f2 | cut -d, -f1 | grep .
}

registered() {
  wait_for 60 "the registration of $1" "$2" target_id "$1"
  say "  $1 is target $(target_id "$1")"
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

hooks() { expect_hits "$1" "$3" "$(rest GET "/targets/$(target_id "$1")/filters/$3")"; }

say "1. Registered, and failing without filters:"
each registered
each expect_failures

say "2. Upload and enable:"
each upload
each enable
sleep 1 # an operation that the race spoiled before may still have to be counted

say "3. With filters, for $seconds s:"
expect_no_failures "$seconds"
each hooks

say "4. Disable:"
each disable

say "5. Without filters again:"
each expect_failures
