package dev.loom.agent.jmx;

import static javax.management.openmbean.SimpleType.BOOLEAN;
import static javax.management.openmbean.SimpleType.DOUBLE;
import static javax.management.openmbean.SimpleType.INTEGER;
import static javax.management.openmbean.SimpleType.LONG;
import static javax.management.openmbean.SimpleType.STRING;

import dev.loom.agent.control.FilterStatus;
import dev.loom.agent.control.HookCounters;
import dev.loom.agent.control.OngoingWait;
import dev.loom.agent.control.Remark;
import dev.loom.agent.control.SeenInterleaving;
import dev.loom.agent.control.Straggler;
import java.util.Map;
import javax.management.openmbean.ArrayType;
import javax.management.openmbean.CompositeDataSupport;
import javax.management.openmbean.CompositeType;
import javax.management.openmbean.OpenDataException;
import javax.management.openmbean.OpenType;
import javax.management.openmbean.TabularData;
import javax.management.openmbean.TabularDataSupport;
import javax.management.openmbean.TabularType;

/** The shapes of all composite data that Loom's MBeans give; item names are part of the public contract. */
final class Schemas {

    static final ArrayType<String[]> STRINGS = Schema.array(STRING);

    static final String DEADLOCKS = "Threads that were deadlocked before the filter was installed: who waits for whom";

    static final Schema<Remark> DIAGNOSTIC = Schema.<Remark>of("dev.loom.Diagnostic", "A remark of the checker about a filter")
            .item("code", STRING, "Stable name of the remark, LOOM-nnn", Remark::code)
            .item("severity", STRING, "ERROR, WARNING or INFO; an ERROR rejects the filter", Remark::severity)
            .item("file", STRING, "Name of the filter file", Remark::file)
            .item("line", INTEGER, "Line in the filter, from 1", Remark::line)
            .item("column", INTEGER, "Column in the line, from 1", Remark::column)
            .item("length", INTEGER, "Characters of the filter that it is about, from the column on; 0 if not known", Remark::length)
            .item("message", STRING, "What is wrong", Remark::message)
            .item("hint", STRING, "What to write or do instead; may be empty", Remark::hint)
            .build();

    static final Schema<Straggler> STRAGGLER = Schema.<Straggler>of(
                    "dev.loom.Straggler", "A thread with a frame that could still break the filter")
            .item("thread", STRING, "Name of the thread", Straggler::thread)
            .item("threadId", LONG, "Id of the thread", Straggler::threadId)
            .item("threadState", STRING, "State of the thread, for example TIMED_WAITING", Straggler::threadState)
            .item("location", STRING, "The frame: method, file and line", Straggler::location)
            .item("stack", STRINGS, "Stack of the thread, top first, at most 64 frames", s -> s.stack().toArray(String[]::new))
            .item("sinceMillis", LONG, "For how long it has been seen, ms", Straggler::sinceMillis)
            .item("reason", STRING, "Why the frame has not switched to the new code", Straggler::reason)
            .build();

    static final Schema<HookCounters> HOOK = Schema.<HookCounters>of("dev.loom.Hook", "The numbers of one hook")
            .item("id", STRING, "Name of the hook, unique within the filter", HookCounters::id)
            .item("kind", STRING, "region, shared region or event", HookCounters::kind)
            .item("location", STRING, "Place in the code", HookCounters::location)
            .item("hits", LONG, "Entries", HookCounters::hits)
            .item("contended", LONG, "Entries that had to wait: interleavings prevented", HookCounters::contended)
            .item("waitNanosTotal", LONG, "Time in waits, ns", HookCounters::waitNanosTotal)
            .item("waitNanosMax", LONG, "Longest wait, ns", HookCounters::waitNanosMax)
            .item("timeouts", LONG, "Bounded waits that ran out", HookCounters::timeouts)
            .item("bypasses", LONG, "Waits broken by the deadlock guard", HookCounters::bypasses)
            .item("overlaps", LONG, "Observe mode: entries that found an excluded region occupied, events that came too early",
                    HookCounters::overlaps)
            .item("cpuPercent", DOUBLE, "Time in the hook, percent of CPU time", HookCounters::cpuPercent)
            .item("waitPercent", DOUBLE, "Time in its waits, of all threads, percent of the time that passed; may be above 100",
                    HookCounters::waitPercent)
            .build();

    static final Schema<OngoingWait> WAIT = Schema.<OngoingWait>of("dev.loom.Wait", "A thread that waits in a hook now")
            .item("thread", STRING, "Name of the thread", OngoingWait::thread)
            .item("threadId", LONG, "Id of the thread", OngoingWait::threadId)
            .item("hook", STRING, "Name of the hook, unique within the filter", OngoingWait::hook)
            .item("location", STRING, "Place in the code", OngoingWait::location)
            .item("sinceMillis", LONG, "For how long it has waited, ms", OngoingWait::sinceMillis)
            .item("waitsFor", STRINGS, "The threads that keep it waiting, by name and id; none where it waits for an event",
                    w -> w.waitsFor().toArray(String[]::new))
            .build();

    static final Schema<SeenInterleaving> INTERLEAVING = Schema.<SeenInterleaving>of(
                    "dev.loom.Interleaving", "Two threads that a filter kept apart, or saw together")
            .item("end", STRING, "PREVENTED: the one waited until the other was out; BYPASSED: it went on without; OVERLAPPED: nobody waits",
                    SeenInterleaving::end)
            .item("hook", STRING, "Name of the hook to which the one came, unique within the filter", SeenInterleaving::hook)
            .item("location", STRING, "That hook's place in the code", SeenInterleaving::location)
            .item("thread", STRING, "Name of the thread that came second", SeenInterleaving::thread)
            .item("threadId", LONG, "Its id", SeenInterleaving::threadId)
            .item("stack", STRINGS, "Its stack when it came, top first, at most 40 frames", i -> i.stack().toArray(String[]::new))
            .item("other", STRING, "Name of the thread that was inside", SeenInterleaving::other)
            .item("otherId", LONG, "Its id", SeenInterleaving::otherId)
            .item("otherStack", STRINGS, "Its stack when it left, top first, at most 40 frames; empty if it was not seen to leave",
                    i -> i.otherStack().toArray(String[]::new))
            .item("atMillis", LONG, "When the one came, ms since 1970", SeenInterleaving::atMillis)
            .item("waitedNanos", LONG, "How long it waited, ns", SeenInterleaving::waitedNanos)
            .build();

    static final Schema<FilterStatus> FILTER = Schema.<FilterStatus>of(
                    "dev.loom.FilterStatus", "Everything about one filter in this JVM at one moment")
            .item("filter", STRING, "Name of the filter", FilterStatus::filter)
            .item("state", STRING, "State of the filter; null after a check that found no error",
                    s -> s.state() == null ? null : s.state().name())
            .item("progress", DOUBLE, "Share of the first suspect frames that are gone, 0 to 1", FilterStatus::progress)
            .item("mode", STRING, "enforce or observe", FilterStatus::mode)
            .item("enabledSince", LONG, "When it was installed, ms since 1970; 0 if it never was", FilterStatus::enabledSince)
            .item("digest", STRING, "SHA-256 of the text", FilterStatus::digest)
            .item("text", STRING, "The filter as it was written", FilterStatus::text)
            .item("harmful", BOOLEAN, "Whether the deadlock guard had to break a wait", FilterStatus::harmful)
            .item("waitingFor", STRINGS, "Classes that the filter names and that are not loaded yet",
                    s -> s.waitingFor().toArray(String[]::new))
            .item("cause", STRING, "Why it failed; empty otherwise", FilterStatus::cause)
            .item("accepted", STRING, "Who accepted stragglers, and why; empty if nobody did", FilterStatus::accepted)
            .item("overheadPercent", DOUBLE, "Time in hooks, percent of CPU time, and time in waits, percent of the time that passed; at most 100",
                    FilterStatus::overheadPercent)
            .item("cpuPercent", DOUBLE, "Time in hooks, percent of CPU time", FilterStatus::cpuPercent)
            .item("waitPercent", DOUBLE, "Time in waits, of all threads, percent of the time that passed; may be above 100",
                    FilterStatus::waitPercent)
            .item("shells", INTEGER, "Frames left behind that only forward, or stay in neutral code", FilterStatus::shells)
            .item("diagnostics", DIAGNOSTIC.arrayType(), "Remarks of the checker", s -> DIAGNOSTIC.toArray(s.diagnostics()))
            .item("stragglers", STRAGGLER.arrayType(), "Threads that are still in the way", s -> STRAGGLER.toArray(s.stragglers()))
            .item("hooks", HOOK.arrayType(), "Numbers of each hook", s -> HOOK.toArray(s.hooks()))
            .item("waits", WAIT.arrayType(), "Threads that wait in its hooks now", s -> WAIT.toArray(s.waits()))
            .item("deadlocks", STRINGS, DEADLOCKS, s -> s.deadlocks().toArray(String[]::new))
            .build();

    static final Schema<Map.Entry<String, Integer>> SKIPPED = Schema.<Map.Entry<String, Integer>>of(
                    "dev.loom.SkippedMethods", "Methods without (all of their) update points, for one reason")
            .item("reason", STRING, "Why they were skipped", Map.Entry::getKey)
            .item("count", INTEGER, "How many they are", Map.Entry::getValue)
            .build();

    /** As the MXBean rules map a {@code Map<String, String>}. */
    static final TabularType STRING_MAP = stringMap();

    private Schemas() {}

    static TabularData toTable(Map<String, String> map) {
        TabularData table = new TabularDataSupport(STRING_MAP);
        map.forEach((key, value) -> {
            try {
                table.put(new CompositeDataSupport(STRING_MAP.getRowType(), new String[] {"key", "value"}, new Object[] {key, value}));
            } catch (OpenDataException e) {
                throw new IllegalStateException("cannot build a label: " + e.getMessage());
            }
        });
        return table;
    }

    private static TabularType stringMap() {
        String name = "java.util.Map<java.lang.String, java.lang.String>";
        String[] items = {"key", "value"};
        try {
            CompositeType row = new CompositeType(name, name, items, items, new OpenType<?>[] {STRING, STRING});
            return new TabularType(name, name, row, new String[] {"key"});
        } catch (OpenDataException e) {
            throw new IllegalStateException(e.getMessage());
        }
    }
}
