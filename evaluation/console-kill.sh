#!/bin/sh
# Kills a console at random moments of writes and deployments and looks for what was answered.
#   evaluation/console-kill.sh [KILLS [DIRECTORY]]      after mvn -pl console -am package; a DIRECTORY of before goes on where it stopped
# Exit status 1 if a version or deployment that was answered is lost, a number was given twice, or console and JVMs do not agree.
set -eu
cd "$(dirname "$0")/.."
[ -f console/target/loom-console.jar ] || { echo "build first: mvn -pl console -am -DskipTests package" >&2; exit 2; }
jspecify=$(find "${HOME}/.m2/repository/org/jspecify" -name 'jspecify-*.jar' | head -1)
exec java -cp "console/target/test-classes:$jspecify" dev.loom.console.load.KillDrill "${1:-200}" "${2:-$(mktemp -d)}"
