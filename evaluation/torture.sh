#!/usr/bin/env bash
# Generated programs, woven in seven ways, frames moved at every update point, compared with their plain runs; every class verified.
#   evaluation/torture.sh [JAVA_PROGRAMS [RAW_PROGRAMS [SEED]]]     (JAVA_HOME chooses the JVM; 900, 900 and 1)
# Ends with 1 if a result differed, a class was not accepted, a lock was left, or a frame stayed under way. Repeat one of them with
# LOOM_TORTURE="one SEED RELEASE" or LOOM_TORTURE="raw SEED".
set -euo pipefail
# shellcheck source=evaluation/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
trap 'rm -rf "$work"' EXIT
need_java

java_programs=${1:-900} raw_programs=${2:-900} seed=${3:-1}
(cd "$top" && mvn -q -B -ntp test-compile -pl agent/core -am \
  dependency:build-classpath -Dmdep.outputFile="$work/classpath" -Dmdep.includeScope=test)
# copies: a build meanwhile does no harm
cp -r "$top/agent/bootstrap/target/classes" "$work/bootstrap"
cp -r "$top/agent/core/target/classes" "$work/core"
cp -r "$top/agent/core/target/test-classes" "$work/tests"
cp -r "$top/filter-engine/target/classes" "$work/engine"
# of what Maven lists, the libraries; the modules are the copies
libraries=$(tr : '\n' <"$work/classpath" | grep '\.jar$' | grep -v -e /loom- -e /target/ | paste -sd : -)
printf 'Premain-Class: dev.loom.agent.weave.torture.TortureMain\nCan-Redefine-Classes: true\n' >"$work/manifest"
"${JAVA_HOME:+$JAVA_HOME/bin/}jar" cfm "$work/redefine.jar" "$work/manifest" -C "$work" manifest

# shellcheck disable=SC2086 # words on purpose
"$java" -Xmx1g -Xss2m -XX:TieredStopAtLevel=1 -Xverify:all -Xbootclasspath/a:"$work/bootstrap" -javaagent:"$work/redefine.jar" \
  -cp "$work/tests:$work/core:$work/engine:$work/bootstrap:$libraries" dev.loom.agent.weave.torture.TortureMain \
  ${LOOM_TORTURE:-$seed $java_programs $raw_programs}
