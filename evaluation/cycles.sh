#!/usr/bin/env bash
# Installs and removes a filter of six constraints in one JVM under load, 10,000 times, with the oracles of agent/it, and watches heap,
# metaspace and code cache. Resumable: started again while its JVM lives, it goes on where it was stopped, in that JVM.
#   evaluation/cycles.sh [CYCLES]        (JAVA_HOME chooses the JVM; LOOM_CYCLES_DIR is where it keeps its state)
# Prints a footprint each 100 cycles; ends with 1 if a region overlapped while ACTIVE, a worker threw or stopped, or something grew.
set -euo pipefail
# shellcheck source=evaluation/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
trap 'rm -rf "$work"' EXIT

cycles=${1:-10000}
every=$((cycles < 1000 ? 10 : 100))
need_java
home=$(dirname "$(dirname "$(readlink -f "$(command -v "$java")")")")
feature=$("$java" -XshowSettings:properties -version 2>&1 | sed -n 's/^ *java.specification.version = //p')
state=${LOOM_CYCLES_DIR:-$top/evaluation/target/cycles-$feature}
mkdir -p "$state"

module=$top/agent/it
if [ ! -f "$agent_jar" ] || [ ! -d "$module/target/test-classes" ] || [ ! -f "$state/classpath" ]; then
  say "Building the agent and its tests ..."
  (cd "$top" && mvn -q -B -ntp verify -pl agent/it -am -DskipTests \
    dependency:build-classpath -Dmdep.outputFile="$state/classpath" -Dmdep.includeScope=test)
fi
# what runs is a copy: a build meanwhile does no harm
is_running() { [ -f "$state/pid" ] && alive "$(cat "$state/pid")" && grep -q 'targets.Shapes' "/proc/$(cat "$state/pid")/cmdline"; }
if ! is_running; then
  rm -rf "$state/classes" "$state/footprints.csv"
  cp -r "$module/target/test-classes" "$state/classes"
  cp "$agent_jar" "$state/agent.jar"
  # not a child of this script's session: it outlives it
  setsid nohup "$java" -Xmx512m -XX:-UsePerfData -XX:ErrorFile="$state/hs_err_%p.log" -javaagent:"$state/agent.jar" \
    -cp "$state/classes" dev.loom.it.targets.Shapes 2 take compute caught final self wide >"$state/jvm.log" 2>&1 </dev/null &
  echo $! >"$state/pid"
  # with a session it has a scheduling group, in which its niceness counts for nothing beside other programs
  [ "$(nice)" -le 0 ] || nice >"/proc/$!/autogroup" 2>/dev/null || true
else
  say "Going on in JVM $(cat "$state/pid")."
fi
pid=$(cat "$state/pid")

status=0
# the tests look up the marks in their sources from the module's directory
(cd "$module" && "$java" -XX:TieredStopAtLevel=1 -cp "$state/classes:$(cat "$state/classpath")" dev.loom.it.Endurance \
  "$home" "$pid" "$state/jvm.log" "$cycles" "$every" "$state/footprints.csv") || status=$?
if [ $status -eq 0 ] || [ $status -eq 1 ]; then
  kill "$pid" 2>/dev/null || true
  rm -f "$state/pid"
fi
exit $status
