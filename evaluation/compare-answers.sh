#!/usr/bin/env bash
# Generates filters about the classes of jars, right ones and wrong ones, and compares what the checker says about the files with what a
# running JVM with the agent says. A jar that is done is noted in the file of results and skipped when this is started again.
#   evaluation/compare-answers.sh [--filters N] [--seed N] [--results FILE] JAR...     (JAVA_HOME chooses the JVM; without jars: ten that the tests use)
set -euo pipefail
# shellcheck source=evaluation/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
trap 'rm -rf "$work"' EXIT
filters=600 seed=1 results=$top/agent/it/target/compared-answers.txt
while [ $# -gt 0 ]; do
  case $1 in
    --filters) filters=$2; shift 2 ;;
    --seed) seed=$2; shift 2 ;;
    --results) results=$(realpath -m "$2"); shift 2 ;;
    --*) die "unknown option $1" ;;
    *) break ;;
  esac
done
need_java
jars=()
for jar in "$@"; do
  [ -f "$jar" ] || die "$jar is no file"
  jars+=("$(realpath "$jar")")
done
(cd "$top" && mvn -q -B -ntp verify -pl agent/it -am -DskipTests \
  dependency:build-classpath -Dmdep.outputFile="$work/classpath" -Dmdep.includeScope=test)
if [ ${#jars[@]} -eq 0 ]; then
  mapfile -t jars < <(tr : '\n' <"$work/classpath" | grep -E \
    '/(tomcat-embed-core|jetty-server|jetty-http|h2|netty-common|netty-transport|lucene-core|kotlinx-coroutines-core-jvm|groovy|ecj|junit-jupiter-engine)-[^/]*\.jar$')
fi
cd "$top/agent/it"
"$java" -Xmx1g -cp "target/test-classes:$top/filter-engine/target/classes:$(cat "$work/classpath")" \
  dev.loom.it.answers.CompareAnswers "$results" "$filters" "$seed" "${jars[@]}"
