# shellcheck shell=bash
# What bypass-ctl.sh and bypass-rest.sh share: the two demo JVMs, and what is expected of them. Source it; it sources lib.sh.
# shellcheck source=evaluation/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# Set by begin_bypass and start_both.
seconds=0 summary='' logback='' bank=''

# begin_bypass SECONDS SUMMARY: what both scripts do first; sets $seconds, and says PASS or FAIL at the end of the script
begin_bypass() {
  # shellcheck disable=SC2034 # for the caller
  seconds=$1
  summary=$2
  [[ $seconds =~ ^[1-9][0-9]*$ ]] || die "usage: $0 [SECONDS]"
  trap end_bypass EXIT
  trap 'exit 130' INT TERM
}

end_bypass() {
  local status=$?
  stop_all
  if [ $status -eq 0 ]; then
    rm -rf "$work"
    say "PASS: $summary"
  else
    say "FAIL: logs in $work"
  fi
}

# start_both [VARIABLE=VALUE...]: the two demo JVMs, for each
start_both() {
  start_demo logback-demo dev.loom.demo.LogbackDemo "$@"
  logback=$started
  start_demo bank-demo dev.loom.demo.BankDemo "$@"
  bank=$started
}

# each COMMAND...: once for each demo JVM, with its name, pid and filter
each() {
  "$@" logback-demo "$logback" logback-interrupt
  "$@" bank-demo "$bank" bank
}

# expect_failures NAME PID: the demo JVM fails now
expect_failures() {
  failures_in "$2" 5
  say "  $1: $failures of $operations operations failed in 5 s"
  [ "$failures" -gt 0 ] || die "$1 was expected to fail"
}

# expect_no_failures SECONDS: both demo JVMs work for that time, and never fail
expect_no_failures() {
  local before_logback before_bank
  before_logback=$(read_counts "$logback")
  before_bank=$(read_counts "$bank")
  sleep "$1"
  expect_none logback-demo "$before_logback" "$(read_counts "$logback")"
  expect_none bank-demo "$before_bank" "$(read_counts "$bank")"
}

# expect_none NAME BEFORE AFTER: between these counts there were operations, and no failure
expect_none() {
  local name=$1
  # shellcheck disable=SC2086 # three words each
  set -- $2 $3
  say "  $name: $(($5 - $2)) of $(($4 - $1)) operations failed"
  [ $(($4 - $1)) -gt 0 ] || die "$name has stopped to work"
  [ $(($5 - $2)) -eq 0 ] || die "$name was expected not to fail"
}

# expect_hits NAME FILTER JSON: the filter's hooks are passed
expect_hits() {
  local hits
  hits=$(grep -o '"hits":[0-9]*' <<<"$3" | cut -d: -f2 | sort -n | tail -n 1) || true
  say "  $1: the busiest hook has $hits hits"
  [ "${hits:-0}" -gt 0 ] || die "no hook of $2 was ever passed"
}
