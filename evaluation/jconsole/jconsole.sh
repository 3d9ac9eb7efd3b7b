#!/usr/bin/env bash
# Lets the JDK's own jconsole install, show and remove a filter in the bank demo, under Xvfb; screenshots go to docs/img.
# Needs Xvfb and a JDK with jconsole (not a headless one). Usage: evaluation/jconsole/jconsole.sh [DIRECTORY FOR THE SCREENSHOTS]
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../.." && pwd)
out=${1:-$top/docs/img}
agent=$top/agent/dist/target/loom-agent.jar
demo=$top/evaluation/demo/target
for needed in "$agent" "$demo/loom-demo.jar"; do
  [ -f "$needed" ] || { echo "missing $needed: run mvn -q package -DskipTests in $top first" >&2; exit 2; }
done
command -v Xvfb >/dev/null || { echo "missing Xvfb: apt-get install xvfb (jconsole needs a screen)" >&2; exit 2; }
pids=()
trap 'for p in "${pids[@]}"; do kill "$p" 2>/dev/null || true; done' EXIT
display=:$((90 + RANDOM % 900))
Xvfb "$display" -screen 0 1400x900x24 -nolisten tcp >/dev/null 2>&1 &
pids+=($!)
java -javaagent:"$agent" -cp "$demo/loom-demo.jar:$demo/lib/*" dev.loom.demo.BankDemo >/dev/null 2>&1 &
target=$!
pids+=("$target")
for _ in $(seq 100); do
  if java -jar "$agent" list "$target" >/dev/null 2>&1; then break; fi
  sleep 0.2
done
DISPLAY=$display timeout 180 java --add-modules jdk.jconsole --add-exports jdk.jconsole/sun.tools.jconsole=ALL-UNNAMED \
  "$here/JconsoleDriver.java" "$target" "$top/evaluation/filters/bank.loom" bank "$out"
java -jar "$agent" status "$target" bank | grep -E '^state' | grep -qE 'REMOV' || { echo "FAIL: the filter is still there" >&2; exit 1; }
echo "PASS: screenshots in $out"
