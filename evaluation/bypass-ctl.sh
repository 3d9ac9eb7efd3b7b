#!/usr/bin/env bash
# The whole cycle through the control tool alone: two JVMs that fail all the time, their filters enabled, no failure for a while,
# their filters disabled, failures again. Starts and stops what it needs itself.
#   evaluation/bypass-ctl.sh [SECONDS]     how long no failure may come; 60 if not said
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
    say "PASS: bypassed by the control tool alone"
  else
    say "FAIL: logs in $work"
  fi
}
trap finish EXIT
trap 'exit 130' INT TERM

ctl() { "$java" -jar "$agent_jar" "$@"; }

need_java
build_missing "$agent_jar" "$demo_jar"

start_demo logback-demo dev.loom.demo.LogbackDemo
logback=$started
start_demo bank-demo dev.loom.demo.BankDemo
bank=$started
sleep 3 # fill the counts

# each PHASE COMMAND...: once for each demo JVM, with its name, pid and filter
each() {
  "$@" logback-demo "$logback" logback-interrupt
  "$@" bank-demo "$bank" bank
}

expect_failures() {
  failures_in "$2" 5
  say "  $1: $failures of $operations operations failed in 5 s"
  [ "$failures" -gt 0 ] || die "$1 was expected to fail"
}

add() {
  ctl add "$2" "$top/evaluation/filters/$3.loom" --wait 60 || die "'add' ended with exit status $? for $1"
}

remove() {
  ctl delete "$2" "$3" --wait 60 || die "'delete' ended with exit status $? for $1"
}

hooks() {
  local json hits
  json=$(ctl status "$2" "$3" --json)
  hits=$(grep -o '"hits":[0-9]*' <<<"$json" | cut -d: -f2 | sort -n | tail -n 1)
  say "  $1: the busiest hook has $hits hits"
  [ "${hits:-0}" -gt 0 ] || die "no hook of $3 was ever passed"
}

say "1. Without filters:"
each expect_failures

say "2. Enable:"
each add
sleep 1 # an operation that the race spoiled before may still have to be counted

say "3. With filters, for $seconds s:"
before_logback=$(read_counts "$logback")
before_bank=$(read_counts "$bank")
sleep "$seconds"
expect_none() {
  local name=$1
  # shellcheck disable=SC2086 # three words each
  set -- $2 $3
  say "  $name: $(($5 - $2)) of $(($4 - $1)) operations failed"
  [ $(($4 - $1)) -gt 0 ] || die "$name has stopped to work"
  [ $(($5 - $2)) -eq 0 ] || die "$name was expected not to fail"
}
expect_none logback-demo "$before_logback" "$(read_counts "$logback")"
expect_none bank-demo "$before_bank" "$(read_counts "$bank")"
each hooks

say "4. Disable:"
each remove

say "5. Without filters again:"
each expect_failures
