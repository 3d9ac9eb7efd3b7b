#!/bin/sh
# Rolls filters out over a fleet of which six JVMs are real ones, in five steps: by REST, page and control tool; with the console killed at each
# step; and with each guard made to fire. What is in the JVMs is asked past the console.
#   evaluation/console-rollout.sh [JVMS [ways|kills|guards ...]]      (50 JVMs and all parts) after mvn -pl console -am package
# Exit status 1 if something did not end as it should.
set -eu
cd "$(dirname "$0")/.."
[ -f console/target/loom-console.jar ] || { echo "build first: mvn -pl console -am -DskipTests package" >&2; exit 2; }
jspecify=$(find "${HOME}/.m2/repository/org/jspecify" -name 'jspecify-*.jar' | head -1)
[ $# -gt 0 ] || set -- 50
# the agent's jar is looked for from the module's directory
cd console
exec java -Dloom.console.jar=target/loom-console.jar -cp "target/test-classes:$jspecify" dev.loom.console.load.RolloutDrill "$@"
