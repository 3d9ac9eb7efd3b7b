#!/usr/bin/env bash
# The whole cycle through the control tool alone: two JVMs that fail all the time, their filters enabled, no failure for a while,
# their filters disabled, failures again. Starts and stops what it needs itself.
#   evaluation/bypass-ctl.sh [SECONDS]     how long no failure may come; 60 if not said
# Ends with PASS (0) or FAIL (1).
set -euo pipefail
# shellcheck source=evaluation/bypass-lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/bypass-lib.sh"

begin_bypass "${1:-60}" "bypassed by the control tool alone"

ctl() { "$java" -jar "$agent_jar" "$@"; }

need_java
build_missing "$agent_jar" "$demo_jar"

# shellcheck disable=SC2119 # no variables here
start_both
sleep 3 # fill the counts

add() {
  ctl add "$2" "$top/evaluation/filters/$3.loom" --wait 60 || die "'add' ended with exit status $? for $1"
}

remove() {
  ctl delete "$2" "$3" --wait 60 || die "'delete' ended with exit status $? for $1"
}

hooks() { expect_hits "$1" "$3" "$(ctl status "$2" "$3" --json)"; }

say "1. Without filters:"
each expect_failures

say "2. Enable:"
each add
sleep 1 # an operation that the race spoiled before may still have to be counted

say "3. With filters, for $seconds s:"
expect_no_failures "$seconds"
each hooks

say "4. Disable:"
each remove

say "5. Without filters again:"
each expect_failures
