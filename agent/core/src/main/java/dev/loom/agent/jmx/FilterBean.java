package dev.loom.agent.jmx;

import static javax.management.openmbean.SimpleType.BOOLEAN;
import static javax.management.openmbean.SimpleType.DOUBLE;
import static javax.management.openmbean.SimpleType.INTEGER;
import static javax.management.openmbean.SimpleType.LONG;
import static javax.management.openmbean.SimpleType.STRING;
import static javax.management.openmbean.SimpleType.VOID;

import dev.loom.agent.control.FilterControl;
import dev.loom.agent.control.FilterStatus;
import dev.loom.agent.jmx.OpenBean.Parameter;
import java.util.List;

/** Describes {@code dev.loom:type=Filter,name="…"}. */
final class FilterBean {

    private FilterBean() {}

    /**
     * Makes the bean of one filter.
     *
     * @param changed called after each operation that may have changed the set of filters
     */
    static OpenBean<FilterStatus> of(FilterControl control, String name, Runnable changed) {
        OpenBean.Snapshot<FilterStatus> snapshot = () -> control.filter(name)
                .orElseThrow(() -> new IllegalStateException("filter '" + name + "' is no longer known in this JVM"));
        return OpenBean.of("dev.loom.Filter", "An execution filter in this JVM", snapshot)
                .attribute("State", STRING, "CHECKING, WAITING_FOR_CLASS, EVACUATING, ACTIVE, OBSERVING, ACCEPTED, REMOVING, REMOVED,"
                        + " REJECTED or FAILED", s -> s.state() == null ? null : s.state().name())
                .attribute("EnabledSince", LONG, "When it was installed, ms since 1970; 0 if it never was", FilterStatus::enabledSince)
                .attribute("Digest", STRING, "SHA-256 of the text", FilterStatus::digest)
                .attribute("Text", STRING, "The filter as it was written", FilterStatus::text)
                .attribute("EvacuationProgress", DOUBLE, "Share of the first suspect frames that are gone, 0 to 1",
                        FilterStatus::progress)
                .attribute("Mode", STRING, "enforce or observe", FilterStatus::mode)
                .attribute("Harmful", BOOLEAN, "Whether the deadlock guard had to break a wait", FilterStatus::harmful)
                .attribute("WaitingFor", Schemas.STRINGS, "Classes that the filter names and that are not loaded yet",
                        s -> s.waitingFor().toArray(String[]::new))
                .attribute("Cause", STRING, "Why it failed; empty otherwise", FilterStatus::cause)
                .attribute("Accepted", STRING, "Who accepted stragglers, and why; empty if nobody did", FilterStatus::accepted)
                .attribute("Shells", INTEGER, "Frames left behind that only forward, or stay in neutral code", FilterStatus::shells)
                .attribute("Stragglers", Schemas.STRAGGLER.arrayType(), "Threads that are still in the way, with their stacks",
                        s -> Schemas.STRAGGLER.toArray(s.stragglers()))
                .attribute("Hooks", Schemas.HOOK.arrayType(), "Numbers of each hook", s -> Schemas.HOOK.toArray(s.hooks()))
                .attribute("Waits", Schemas.WAIT.arrayType(), "Threads that wait in its hooks now, for whom, and for how long",
                        s -> Schemas.WAIT.toArray(s.waits()))
                .attribute("Interleavings", Schemas.INTERLEAVING.arrayType(), "The last interleavings that it prevented or saw, with both stacks; a few a second",
                        s -> Schemas.INTERLEAVING.toArray(control.interleavings(name)))
                .attribute("Deadlocks", Schemas.STRINGS, Schemas.DEADLOCKS, s -> s.deadlocks().toArray(String[]::new))
                .attribute("OverheadPercent", DOUBLE, "Time in hooks, percent of CPU time, and time in waits, percent of the time that passed; at most 100",
                        FilterStatus::overheadPercent)
                .attribute("CpuPercent", DOUBLE, "Time in hooks, percent of CPU time", FilterStatus::cpuPercent)
                .attribute("WaitPercent", DOUBLE, "Time in waits, of all threads, percent of the time that passed; may be above 100",
                        FilterStatus::waitPercent)
                .attribute("Diagnostics", Schemas.DIAGNOSTIC.arrayType(), "Remarks of the checker",
                        s -> Schemas.DIAGNOSTIC.toArray(s.diagnostics()))
                .action("remove", Schemas.FILTER.type(), "Removes the filter", List.of(),
                        args -> after(changed, control.remove(name)))
                .action("cancel", Schemas.FILTER.type(), "Takes an install or replacement back that is not finished", List.of(),
                        args -> after(changed, control.cancel(name)))
                .action("acceptStragglers", Schemas.FILTER.type(), "Accepts the threads that are still in the way",
                        List.of(new Parameter("why", "Who accepts them, and why; recorded")),
                        args -> after(changed, control.acceptStragglers(name, args[0])))
                .action("resetCounters", VOID, "Sets the hook counters to 0", List.of(), args -> {
                    control.resetCounters(name);
                    return null;
                })
                .build(Events.describe());
    }

    private static Object after(Runnable changed, FilterStatus result) {
        changed.run();
        return Schemas.FILTER.toData(result);
    }
}
