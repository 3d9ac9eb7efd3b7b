package dev.loom.agent.jmx;

import static javax.management.openmbean.SimpleType.DOUBLE;
import static javax.management.openmbean.SimpleType.INTEGER;
import static javax.management.openmbean.SimpleType.LONG;
import static javax.management.openmbean.SimpleType.STRING;

import dev.loom.agent.control.AgentStatus;
import dev.loom.agent.control.FilterControl;
import dev.loom.agent.control.FindOptions;
import dev.loom.agent.control.InstallOptions;
import dev.loom.agent.jmx.OpenBean.Parameter;
import java.util.List;

/** Describes {@code dev.loom:type=Agent}. */
final class AgentBean {

    private static final Parameter NAME = new Parameter("name", "Name of the filter");
    private static final Parameter TEXT = new Parameter("text", "Text of the filter, in the execution-filter language");

    private AgentBean() {}

    /**
     * Makes the bean.
     *
     * @param changed called after each operation that may have changed the set of filters
     * @param detach takes the agent out of the JVM, later, on a thread of its own
     */
    static OpenBean<AgentStatus> of(FilterControl control, Runnable changed, Runnable detach) {
        return withWriting(withFinding(OpenBean.of("dev.loom.Agent", "Loom in this JVM: bypasses races with execution filters", control::agent), control), control)
                .attribute("Version", STRING, "Version of the agent", AgentStatus::version)
                .attribute("Mode", STRING, "PREMAIN if started with the JVM, ATTACHED if later", AgentStatus::mode)
                .attribute("Name", STRING, "How the console shows this JVM", AgentStatus::name)
                .attribute("Labels", Schemas.STRING_MAP, "What selectors match", s -> Schemas.toTable(s.labels()))
                .attribute("Uptime", LONG, "Time since the agent started, ms", AgentStatus::uptimeMillis)
                .attribute("InstrumentedClasses", INTEGER, "Classes with update points", AgentStatus::instrumentedClasses)
                .attribute("InstrumentedMethods", INTEGER, "Methods with update points", AgentStatus::instrumentedMethods)
                .attribute("UnpreparedClasses", INTEGER, "Classes with methods that get their update points later",
                        AgentStatus::unpreparedClasses)
                .attribute("SkippedMethods", Schemas.SKIPPED.arrayType(), "Methods without update points, by reason",
                        s -> Schemas.SKIPPED.toArray(List.copyOf(new java.util.TreeMap<>(s.skippedMethods()).entrySet())))
                .attribute("TransformTimeMillis", LONG, "CPU time spent in class transformation, ms", AgentStatus::transformTimeMillis)
                .attribute("OverheadPercent", DOUBLE, "Time in hooks and waits: the sum of all filters",
                        AgentStatus::overheadPercent)
                .attribute("AgentFaults", LONG, "Faults in Loom's own code that were kept from the application",
                        AgentStatus::agentFaults)
                .attribute("Filters", Schemas.FILTER.arrayType(), "The filters of this JVM, in order of install",
                        s -> Schemas.FILTER.toArray(control.filters()))
                .action("install", Schemas.FILTER.type(),
                        "Installs a filter, or replaces the one of that name. Returns when it is accepted or rejected;"
                                + " evacuation goes on by itself",
                        List.of(new Parameter("name", "Name of the filter; empty to take it from the text"), TEXT,
                                new Parameter("options", "mode=enforce|observe, on-straggler=wait|reverse:75s,"
                                        + " on-harmful=keep|remove, on-deadlocked=wait|accept, separated by commas; may be empty")),
                        args -> Schemas.FILTER.toData(
                                after(changed, control.install(args[0].strip(), args[1], InstallOptions.parse(args[2])))))
                .info("interleavings", Schemas.INTERLEAVING.arrayType(), "The last interleavings that a filter prevented or saw, with both stacks; a few a second",
                        List.of(NAME), args -> Schemas.INTERLEAVING.toArray(control.interleavings(args[0])))
                .action("remove", Schemas.FILTER.type(), "Removes a filter", List.of(NAME),
                        args -> Schemas.FILTER.toData(after(changed, control.remove(args[0]))))
                .action("removeAll", Schemas.FILTER.arrayType(), "Removes all filters", List.of(),
                        args -> Schemas.FILTER.toArray(after(changed, control.removeAll())))
                .action("acceptStragglers", Schemas.FILTER.type(), "Accepts the threads that are still in the way of a filter",
                        List.of(NAME, new Parameter("why", "Who accepts them, and why; recorded")),
                        args -> Schemas.FILTER.toData(after(changed, control.acceptStragglers(args[0], args[1]))))
                .action("cancel", Schemas.FILTER.type(), "Takes an install or replacement back that is not finished",
                        List.of(NAME), args -> Schemas.FILTER.toData(after(changed, control.cancel(args[0]))))
                .action("detach", STRING, "Removes all filters and takes Loom out of this JVM. Returns at once; this bean"
                                + " disappears when it is done",
                        List.of(), args -> {
                            detach.run();
                            return "detaching";
                        })
                .build(Events.describe());
    }

    private static OpenBean.Builder<AgentStatus> withWriting(OpenBean.Builder<AgentStatus> bean, FilterControl control) {
        return bean
                .info("check", Schemas.FILTER.type(), "Checks a filter against the loaded classes and changes nothing",
                        List.of(TEXT), args -> Schemas.FILTER.toData(control.check(args[0])))
                .info("explain", STRING, "Says what a filter would weave, method by method and hook by hook",
                        List.of(TEXT), args -> control.explain(args[0]))
                .info("pin", STRING, "The text with pins for the methods that it would weave, instead of those that it has",
                        List.of(TEXT), args -> control.pinned(args[0]))
                .info("complete", Schemas.STRINGS,
                        "Names of loaded classes, or behind # of a class's methods, that begin as typed, behind : its lines, behind by its keys with"
                                + " their types; 100 at most",
                        List.of(new Parameter("typed", "Beginning of com.acme.Bank, Bank, com.acme.Bank#transfer, com.acme.Bank:42 or com.acme.Bank#transfer by this")),
                        args -> control.complete(args[0]).toArray(String[]::new));
    }

    private static OpenBean.Builder<AgentStatus> withFinding(OpenBean.Builder<AgentStatus> bean, FilterControl control) {
        return bean
                .info("suggest", FindSchemas.SUGGESTION.arrayType(), "Proposes filters for stack traces, with the classes that are loaded here",
                        List.of(new Parameter("text", "Exceptions, thread dumps or deadlock reports, as they were printed")),
                        args -> FindSchemas.SUGGESTION.toArray(control.suggest(args[0])))
                .info("listing", ListingSchemas.LISTING.type(), "Lists a loaded class line by line, with the hooks that are in force there",
                        List.of(new Parameter("type", "Class, com.acme.Bank; those inside it are listed with it"),
                                new Parameter("loader", "One of the class loaders that a listing names; may be empty")),
                        args -> ListingSchemas.LISTING.toData(control.listing(args[0], args[1])))
                .attribute("Findings", FindSchemas.FINDING.arrayType(), "Races that the search under way, or the last one, has seen",
                        s -> FindSchemas.FINDING.toArray(control.finding().findings()))
                .attribute("FindStatus", FindSchemas.STATUS.type(), "The search for races that is under way, or the last one",
                        s -> FindSchemas.STATUS.toData(control.finding()))
                .action("find", FindSchemas.STATUS.type(),
                        "Begins to look for races. Returns when the classes are watched; the search ends by itself",
                        List.of(new Parameter("classes", "Class-name patterns, com.acme.**, separated by ;"),
                                new Parameter("options", "for=60s,budget=3%; may be empty")),
                        args -> FindSchemas.STATUS.toData(control.find(args[0], FindOptions.parse(args[1]))))
                .action("stopFinding", FindSchemas.STATUS.type(), "Ends the search for races, if there is one", List.of(),
                        args -> FindSchemas.STATUS.toData(control.stopFinding()));
    }

    private static <T> T after(Runnable changed, T result) {
        changed.run();
        return result;
    }
}
