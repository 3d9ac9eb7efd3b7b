#!/usr/bin/env bash
# Starts ./demo and runs the blocks of docs/quickstart.md as they are printed: by REST, and by the control tool. What the page says of the browser is
# MainJobInTheBrowserTest.
#   evaluation/quickstart.sh [PORT]      (18080 if not said; the page's 8080 and TOKEN are replaced, nothing else)
set -euo pipefail
# shellcheck source=evaluation/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
trap 'stop_all; rm -rf "$work"' EXIT
port=${1:-18080}

# block HEADING: the first code block behind a heading of the page
block() { awk -v heading="## $1" '$0 == heading {seen = 1} seen && /^```/ {if (open) exit; open = 1; next} open' "$top/docs/quickstart.md"; }

"$top/demo" --port "$port" >"$work/demo.out" 2>&1 &
pids+=("$!")
for _ in $(seq 300); do
  grep -q '^  Token' "$work/demo.out" && break
  kill -0 "${pids[0]}" 2>/dev/null || { cat "$work/demo.out" >&2; die "./demo ended"; }
  sleep 1
done
token=$(awk '$1 == "Token" {print $2}' "$work/demo.out")
[ -n "$token" ] || { cat "$work/demo.out" >&2; die "./demo did not come up"; }
# the JVMs register by themselves
for _ in $(seq 60); do
  curl -sS --max-time 60 -H "Authorization: Bearer $token" "http://127.0.0.1:$port/api/v1/targets?q=bank-demo" | grep -q '"state":"REACHABLE"' && break
  sleep 1
done

cd "$top"
block "By REST" | sed "s/^TOKEN=.*/TOKEN=$token/; s/:8080/:$port/; s/^api /echo; api /" >"$work/rest.sh"
bash -euo pipefail "$work/rest.sh" >"$work/rest.out"
grep -q '"state":"ENABLED"' "$work/rest.out" || { cat "$work/rest.out" >&2; die "by REST: not ENABLED"; }
grep -q '"state":"DISABLED"' "$work/rest.out" || { cat "$work/rest.out" >&2; die "by REST: not DISABLED"; }
say "by REST: ENABLED, then DISABLED"

block "By the control tool" >"$work/ctl.sh"
bash -euo pipefail "$work/ctl.sh" >"$work/ctl.out" 2>&1 || { cat "$work/ctl.out" >&2; die "by the control tool: a command failed"; }
grep -q ACTIVE "$work/ctl.out" || { cat "$work/ctl.out" >&2; die "by the control tool: not ACTIVE"; }
grep -q REMOVED "$work/ctl.out" || { cat "$work/ctl.out" >&2; die "by the control tool: not REMOVED"; }
say "by the control tool: ACTIVE, then REMOVED"
