#!/usr/bin/env bash
# Weaves every class of the given jars, the static part and neutral code, and has the JVM verify them. Build agent/core first.
#   evaluation/weave-jars.sh JAR...        (JAVA_HOME chooses the JVM)
set -euo pipefail
top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
[ $# -gt 0 ] || { echo "usage: evaluation/weave-jars.sh JAR..." >&2; exit 2; }
list=$(mktemp)
trap 'rm -f "$list"' EXIT
(cd "$top" && mvn -q -B -pl agent/core test-compile dependency:build-classpath -Dmdep.outputFile="$list" -Dmdep.includeScope=test)
"${JAVA_HOME:+$JAVA_HOME/bin/}java" -Xverify:all -Xmx1500m \
  -cp "$top/agent/core/target/test-classes:$top/agent/core/target/classes:$(cat "$list")" dev.loom.agent.weave.mass.MassWeaving "$@"
