# shellcheck shell=bash
# What the scripts share: build what is missing, start programs, wait for them, stop them. Source it; it needs bash and a JDK.

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
agent_jar=${LOOM_AGENT_JAR:-$top/agent/dist/target/loom-agent.jar}
console_jar=${LOOM_CONSOLE_JAR:-$top/console/target/loom-console.jar}
demo_jar=$top/evaluation/demo/target/loom-demo.jar
java=${JAVA_HOME:+$JAVA_HOME/bin/}java

# Logs and whatever else the programs write; the script that starts them says where that is when something fails.
work=$(mktemp -d "${TMPDIR:-/tmp}/loom-run.XXXXXX")
pids=()

# Set by the scripts that start a console.
port='' token='' password='' data=''
# Set by failures_in for the script.
# shellcheck disable=SC2034
operations=0 failures=0

say() { printf '%s\n' "$*"; }
die() {
  printf '%s: %s\n' "$(basename "$0")" "$*" >&2
  exit 1
}

# need_java: a JDK of 17 or later, with a message that says what to do
need_java() {
  local version
  version=$("$java" -XshowSettings:properties -version 2>&1 | sed -n 's/^ *java.specification.version = //p') || true
  case $version in
    '') die "no Java found: install a JDK of 17 or later (Debian: apt-get install openjdk-17-jdk-headless) or set JAVA_HOME" ;;
    1.* | 9 | 1[0-6]) die "this is Java $version and Loom needs 17 or later: set JAVA_HOME to a newer JDK" ;;
  esac
  [ -x "$(dirname "$(readlink -f "$(command -v "$java")")")/javac" ] || die "this Java has no compiler: install a JDK, not only a JRE"
}

# build_missing JAR...: builds if one of them is not there
build_missing() {
  local jar
  for jar in "$@"; do
    if [ ! -f "$jar" ]; then
      command -v mvn >/dev/null || die "Maven is missing: install it (Debian: apt-get install maven)"
      say "Building Loom (the first time takes some minutes) ..."
      (cd "$top" && mvn -q -B -ntp package -DskipTests) || die "the build failed; the lines above say why"
      return
    fi
  done
}

# start NAME COMMAND...: in the background, its output in $work/NAME.log, its pid in $started
start() {
  local name=$1
  shift
  "$@" >"$work/$name.log" 2>&1 </dev/null &
  started=$!
  pids+=("$started")
}

alive() { kill -0 "$1" 2>/dev/null; }

# stop_all: ends what start has started, and only that; politely, then after 15 s for good
stop_all() {
  local pid deadline=$((SECONDS + 15))
  [ ${#pids[@]} -gt 0 ] || return 0
  kill "${pids[@]}" 2>/dev/null || true
  for pid in "${pids[@]}"; do
    while alive "$pid" && [ $SECONDS -lt $deadline ]; do sleep 0.2; done
    alive "$pid" && kill -9 "$pid" 2>/dev/null
    wait "$pid" 2>/dev/null || true
  done
  pids=()
}

# port_free PORT
port_free() { ! (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# free_port: prints one that nobody listens on, below those that the system hands out by itself: a client that asks such a port before
# anybody listens there may be connected to itself, and then waits for ever for its own answer
free_port() {
  local port
  while :; do
    port=$((20000 + RANDOM % 12000))
    port_free $port && break
  done
  printf '%s\n' $port
}

# new_secret: 32 random characters, letters and digits
new_secret() { head -c 512 /dev/urandom | tr -dc 'A-Za-z0-9' | head -c 32; }

# http METHOD PATH [FILE]: a request to the console at $port with the token $token; prints the body, fails unless 2xx.
# Plain bash, so that the demo needs no curl. Who sends nothing for a minute has failed.
http() {
  local method=$1 path=$2 file=${3:-/dev/null} response
  response=$(
    exec 3<>"/dev/tcp/127.0.0.1/$port" || exit 1
    printf '%s %s HTTP/1.0\r\nHost: 127.0.0.1:%s\r\nAuthorization: Bearer %s\r\nContent-Type: text/plain;charset=utf-8\r\n' \
      "$method" "$path" "$port" "$token" >&3
    printf 'Content-Length: %s\r\nConnection: close\r\n\r\n' "$(wc -c <"$file")" >&3
    cat "$file" >&3
    IFS= read -r -d '' -t 60 answer <&3 || [ $? -eq 1 ] || exit 1 # 1 at its end, more when the time is over
    printf '%s' "$answer"
  ) 2>/dev/null || return 1
  printf '%s\n' "${response#*$'\r\n\r\n'}"
  [[ $response == HTTP/1.[01]\ 2* ]]
}

# wait_for SECONDS WHAT PID COMMAND...: until the command succeeds; fails when the time is over or the process is gone
wait_for() {
  local deadline=$((SECONDS + $1)) what=$2 pid=$3
  shift 3
  until "$@" >/dev/null 2>&1; do
    alive "$pid" || die "$what ended; its log is in $work:
$(tail -n 20 "$work"/*.log)"
    [ $SECONDS -lt $deadline ] || die "$what did not come in time; its log is in $work"
    sleep 0.5
  done
}

# start_console: on $port with the API token $token and the administrator's password $password; data in $data
start_console() {
  start console env LOOM_ADMIN_PASSWORD="$password" LOOM_BOOTSTRAP_TOKEN="$token" \
    "$java" -jar "$console_jar" --server.address=127.0.0.1 --server.port="$port" --loom.data="$data"
  console_pid=$started
  wait_for 300 "the console" "$console_pid" http GET /actuator/health
}

# start_demo NAME MAIN [VARIABLE=VALUE...]: a demo JVM under load, with the agent from its start
start_demo() {
  local name=$1 main=$2
  shift 2
  # a demo that is started again is to fail again, whatever was enabled when it was stopped
  start "$name" env LOOM_NAME="$name" LOOM_STATE=off "$@" "$java" -javaagent:"$agent_jar" -cp "$demo_jar" "$main"
  wait_for 120 "the demo JVM $name" "$started" read_counts "$started"
}

# read_counts PID: operations, failures, failures per second of a demo JVM
read_counts() { "$java" -XX:TieredStopAtLevel=1 -cp "$demo_jar" dev.loom.demo.ReadCounts "$1"; }

# failures_in PID SECONDS: sets $failures and $operations to what came in that time
failures_in() {
  local before after
  before=$(read_counts "$1")
  sleep "$2"
  after=$(read_counts "$1")
  # shellcheck disable=SC2086 # three words each
  set -- $before $after
  # shellcheck disable=SC2034 # for the caller
  operations=$(($4 - $1))
  # shellcheck disable=SC2034
  failures=$(($5 - $2))
}

# descendants PID: the process itself and all that it has started and they have, one a line
descendants() {
  local status parent
  printf '%s\n' "$1"
  for status in /proc/[0-9]*/status; do
    parent=$(sed -n 's/^PPid:[[:space:]]*//p' "$status" 2>/dev/null) || continue
    [ "$parent" != "$1" ] || descendants "$(basename "$(dirname "$status")")"
  done
}

# show_stuck PID: what it and its descendants are, their logs, and where the threads of each JVM among them stand
show_stuck() {
  local pid line home
  home=$(dirname "$(readlink -f "$(command -v "$java")")")
  for pid in $(descendants "$1"); do
    line=$(tr '\0' ' ' <"/proc/$pid/cmdline" 2>/dev/null) || continue
    say "--- $pid: $line"
    case $line in
      *java*) timeout -k 5 30 "$home/jcmd" "$pid" Thread.print -l 2>&1 | head -n 600 || true ;;
    esac
  done
  for line in "${TMPDIR:-/tmp}"/loom-run.*/*.log; do
    [ -f "$line" ] || continue
    say "--- the end of $line"
    tail -n 40 "$line"
  done
}
