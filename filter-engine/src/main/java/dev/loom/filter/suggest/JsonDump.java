package dev.loom.filter.suggest;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Reads dumps of threads that are JSON as a whole, into the form of {@code jstack}: those of {@code Thread.dump_to_file -format=json}, and what is made of
 * {@code ThreadInfo} and {@code StackTraceElement}, as Spring Boot's actuator answers and Log4j logs.
 */
final class JsonDump {

    private final List<String> lines = new ArrayList<>();

    private JsonDump() {}

    /** Empty if a value has no stack. */
    static List<String> lines(Object json) {
        JsonDump dump = new JsonDump();
        List<Object> open = new ArrayList<>(List.of(json));
        while (!open.isEmpty()) {
            Object at = open.remove(open.size() - 1);
            if (at instanceof List<?> list) {
                for (int i = list.size() - 1; i >= 0; i--) {
                    open.add(list.get(i));
                }
            } else if (at instanceof Map<?, ?> map) {
                if (map.get("stack") instanceof List<?> stack) {
                    dump.thread(map, stack);
                } else if (frames(map) instanceof List<?> stack && (stack.isEmpty() || stack.get(0) instanceof Map)) {
                    dump.info(map, stack);
                    open.add(any(map, "cause"));
                } else {
                    List<?> values = List.copyOf(map.values());
                    for (int i = values.size() - 1; i >= 0; i--) {
                        open.add(values.get(i));
                    }
                }
            }
        }
        return dump.lines;
    }

    private void head(Object name, Object id, Object state) {
        lines.add("\"" + (name == null || name.equals("") ? "#" + id : name) + "\"");
        lines.add("java.lang.Thread.State: " + (state == null ? "UNKNOWN" : state));
    }

    // Thread.dump_to_file -----------------------------------------------------------------------------------------------------

    private void thread(Map<?, ?> thread, List<?> stack) {
        head(thread.get("name"), thread.get("tid"), thread.get("state"));
        for (int i = 0; i < stack.size(); i++) {
            lines.add("\tat " + stack.get(i));
            if (i == 0) {
                wait(thread);
            }
            if (thread.get("monitorsOwned") instanceof List<?> owned) {
                for (Object one : owned) {
                    if (one instanceof Map<?, ?> at && String.valueOf(at.get("depth")).equals(String.valueOf(i)) && at.get("locks") instanceof List<?> locks) {
                        locks.forEach(lock -> lines.add("\t- locked <" + lock + ">"));
                    }
                }
            }
        }
        lines.add("");
    }

    private void wait(Map<?, ?> thread) {
        Object parked = thread.get("parkBlocker") instanceof Map<?, ?> map ? map.get("object") : thread.get("parkBlocker");
        if (thread.get("blockedOn") != null) {
            lines.add("\t- waiting to lock <" + thread.get("blockedOn") + ">");
        } else if (parked != null) {
            lines.add("\t- parking to wait for <" + parked + "> (a " + String.valueOf(parked).replaceAll("@.*", "") + ")");
        }
    }

    // ThreadInfo --------------------------------------------------------------------------------------------------------------

    private void info(Map<?, ?> thread, List<?> stack) {
        Object state = thread.get("threadState");
        if (thread.get("threadName") != null) {
            head(thread.get("threadName"), thread.get("threadId"), state);
        } else {
            lines.add(String.valueOf(any(thread, "name", "class", "exception"))); // the stack of an exception
        }
        for (int i = 0; i < stack.size(); i++) {
            lines.add("\tat " + frame(stack.get(i)));
            Object lock = thread.get("lockName");
            if (i == 0 && lock instanceof String name && !name.equals("null")) {
                String type = name.replaceAll("@.*", "");
                lines.add("\t- " + ("BLOCKED".equals(state) ? "waiting to lock" : DumpDeadlocks.isLock(name) ? "parking to wait for" : "waiting on")
                        + " <" + name + "> (a " + type + ")");
            }
            locked(thread.get("lockedMonitors"), i);
        }
        if (thread.get("lockedSynchronizers") instanceof List<?> owned && !owned.isEmpty()) {
            lines.add("Locked ownable synchronizers:");
            owned.forEach(lock -> lines.add("\t- <" + lockName(lock) + ">"));
        }
        lines.add("");
    }

    private void locked(Object monitors, int depth) {
        if (monitors instanceof List<?> list) {
            for (Object monitor : list) {
                if (monitor instanceof Map<?, ?> map && String.valueOf(depth).equals(map.get("lockedStackDepth"))) {
                    lines.add("\t- locked <" + lockName(map) + ">");
                }
            }
        }
    }

    /** As {@code LockInfo} calls it. */
    private static String lockName(Object lock) {
        if (lock instanceof Map<?, ?> map && map.get("identityHashCode") instanceof String hash && hash.matches("-?\\d{1,10}")) {
            return map.get("className") + "@" + Integer.toHexString((int) Long.parseLong(hash));
        }
        return String.valueOf(lock);
    }

    private static String frame(Object element) {
        if (element instanceof Map<?, ?> map) {
            return any(map, "className", "class", "declaringClass") + "." + any(map, "methodName", "method") + "(" + any(map, "fileName", "file") + ":"
                    + any(map, "lineNumber", "line") + ")";
        }
        return String.valueOf(element);
    }

    private static Object frames(Map<?, ?> of) {
        return any(of, "stackTrace", "extendedStackTrace");
    }

    /** What is under the first of some names that there is; else an empty text. */
    private static Object any(Map<?, ?> map, String... names) {
        for (String name : names) {
            Object value = map.get(name);
            if (value != null) {
                return value;
            }
        }
        return "";
    }
}
