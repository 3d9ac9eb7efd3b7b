#!/usr/bin/env bash
# Fingerprints of what the weaver makes of every class of some jars, in each way of weaving. A change that is to change no woven byte is
# shown to be one by the same lines before and after it.
#   evaluation/woven-bytes.sh [--classes] [JAR...]      (without a jar: those of MassWeavingTest and, for old class files, commons-pool 1.2)
#   evaluation/woven-bytes.sh >before.txt; ...; evaluation/woven-bytes.sh | diff before.txt -
# --classes prints a line for each class, to find the one that differs.
set -euo pipefail
top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
options=()
if [ "${1:-}" = --classes ]; then
  options=(--classes)
  shift
fi
list=$(mktemp)
trap 'rm -f "$list"' EXIT
(cd "$top" && mvn -q -B -ntp -pl agent/core -am -DskipTests package dependency:build-classpath -Dmdep.outputFile="$list" \
  -Dmdep.includeScope=test) >&2
if [ $# -eq 0 ]; then
  repository=$(mvn -q -B -ntp help:evaluate -Dexpression=settings.localRepository -DforceStdout)
  pool=$repository/commons-pool/commons-pool/1.2/commons-pool-1.2.jar
  mapfile -t jars < <(tr : '\n' <"$list" | grep -E '/(asm-tree|junit-jupiter-api|archunit)-[0-9][^/]*\.jar$')
  [ ! -f "$pool" ] || jars+=("$pool")
  set -- "${jars[@]}"
fi
"${JAVA_HOME:+$JAVA_HOME/bin/}java" -Xmx1500m \
  -cp "$top/agent/core/target/test-classes:$top/agent/core/target/classes:$(cat "$list")" dev.loom.agent.weave.mass.WovenBytes \
  ${options[@]+"${options[@]}"} "$@"
