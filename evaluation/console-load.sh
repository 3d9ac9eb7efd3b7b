#!/bin/sh
# Measures a console under many agents: real RMI connectors and registrations, the MBeans played.
#   evaluation/console-load.sh [100 [300 [1000]]]       after mvn -pl console -am package
# Prints when all are REACHABLE, how long a deployment to all takes, p95 of pages and lists meanwhile, CPU and memory at rest, and growth
# of the database. The console runs with a heap of 384 MiB.
set -eu
cd "$(dirname "$0")/.."
[ -f console/target/loom-console.jar ] || { echo "build first: mvn -pl console -am -DskipTests package" >&2; exit 2; }
jspecify=$(find "${HOME}/.m2/repository/org/jspecify" -name 'jspecify-*.jar' | head -1)
[ $# -gt 0 ] || set -- 100 300 1000
for agents; do
    java -cp "console/target/test-classes:$jspecify" dev.loom.console.load.LoadRun "$agents" "${IDLE_SECONDS:-60}"
done
