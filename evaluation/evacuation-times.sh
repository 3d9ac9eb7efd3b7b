#!/usr/bin/env bash
# How long an install takes until it is ACTIVE, and the longest pause that a worker sees, as a Markdown table for 17 and the newest JDK.
#   evaluation/evacuation-times.sh          (about two minutes; LOOM_TEST_JDKS chooses the JDKs)
set -euo pipefail
# shellcheck source=evaluation/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
trap 'rm -rf "$work"' EXIT
need_java
(cd "$top" && mvn -q -B -ntp verify -pl agent/it -am -DskipTests \
  dependency:build-classpath -Dmdep.outputFile="$work/classpath" -Dmdep.includeScope=test)
cd "$top/agent/it"
"$java" -XX:TieredStopAtLevel=1 -cp "target/test-classes:$(cat "$work/classpath")" dev.loom.it.EvacuationTimes
