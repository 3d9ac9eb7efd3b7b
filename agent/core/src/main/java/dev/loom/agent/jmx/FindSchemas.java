package dev.loom.agent.jmx;

import static javax.management.openmbean.SimpleType.BOOLEAN;
import static javax.management.openmbean.SimpleType.DOUBLE;
import static javax.management.openmbean.SimpleType.INTEGER;
import static javax.management.openmbean.SimpleType.LONG;
import static javax.management.openmbean.SimpleType.STRING;

import dev.loom.agent.control.FindStatus;
import dev.loom.agent.control.Finding;
import dev.loom.agent.control.FindingSide;
import dev.loom.agent.control.Suggestion;

/** The shapes of what a search for races gives; item names are part of the public contract. */
final class FindSchemas {

    private static final Schema<FindingSide> SIDE = Schema.<FindingSide>of("dev.loom.FindingSide", "One thread of a finding")
            .item("place", STRING, "Method, file and line", FindingSide::place)
            .item("access", STRING, "read, write, reading call or changing call", FindingSide::access)
            .item("target", STRING, "The field, or the method that is called", FindingSide::target)
            .item("thread", STRING, "Name of the thread", FindingSide::thread)
            .item("monitor", BOOLEAN, "Whether it held the monitor of the object", FindingSide::monitor)
            .item("stack", Schemas.STRINGS, "Stack of the thread, top first, at most 40 frames", s -> s.stack().toArray(String[]::new))
            .build();

    static final Schema<Suggestion> SUGGESTION = Schema.<Suggestion>of("dev.loom.Suggestion", "A filter that is proposed")
            .item("filter", STRING, "Its text, accepted by the checker", Suggestion::filter)
            .item("why", STRING, "What it rests on", Suggestion::why)
            .item("warned", BOOLEAN, "Whether the checker warns that it may do harm, or nothing", Suggestion::warned)
            .build();

    static final Schema<Finding> FINDING = Schema.<Finding>of(
                    "dev.loom.Finding", "Two threads were about to use one object at the same moment, and one of them to change it")
            .item("id", STRING, "Its rank, from 1", Finding::id)
            .item("kind", STRING, "DATA_RACE, UNSAFE_CALLS, TORN (a step of which another thread came in between), or VOLATILE, which is no data race but may be a torn step", Finding::kind)
            .item("type", STRING, "Class of the object; of a static field, the class", Finding::type)
            .item("count", LONG, "How often it was seen", Finding::count)
            .item("pairs", INTEGER, "Different pairs of lines of the two methods that were seen", Finding::pairs)
            .item("sides", SIDE.arrayType(), "The two threads; of a torn step, its first step, the other thread, its second step", f -> SIDE.toArray(f.sides()))
            .item("filter", STRING, "A filter that keeps the two apart, accepted by the checker; empty if there is none", Finding::filter)
            .item("why", STRING, "What the filter rests on, or why there is none", Finding::why)
            .item("alternatives", SUGGESTION.arrayType(), "More filters, for where that one turns out not to be it; the checker accepts them", f -> SUGGESTION.toArray(f.alternatives()))
            .build();

    static final Schema<FindStatus> STATUS = Schema.<FindStatus>of("dev.loom.FindStatus", "A search for races")
            .item("state", STRING, "NONE, FINDING or ENDED", FindStatus::state)
            .item("classes", STRING, "The patterns of the classes that are watched", FindStatus::classes)
            .item("elapsedMillis", LONG, "How long it has looked, ms", FindStatus::elapsedMillis)
            .item("forMillis", LONG, "How long it was to look, ms", FindStatus::forMillis)
            .item("budgetPercent", DOUBLE, "What it may take of the time", FindStatus::budgetPercent)
            .item("pausePercent", DOUBLE, "What pauses took of the time, those of all threads together", FindStatus::pausePercent)
            .item("watchPercent", DOUBLE, "Estimate of what watch points took of the time of one processor", FindStatus::watchPercent)
            .item("watchedClasses", INTEGER, "Classes with watch points", FindStatus::watchedClasses)
            .item("places", INTEGER, "Places that are watched", FindStatus::places)
            .item("reached", INTEGER, "Of these, places to which a thread came", FindStatus::reached)
            .item("paused", INTEGER, "Of these, places at which threads paused", FindStatus::paused)
            .item("uncovered", Schemas.STRINGS, "What was not looked at, and why", s -> s.uncovered().toArray(String[]::new))
            .item("findings", FINDING.arrayType(), "What was seen, the most telling first", s -> FINDING.toArray(s.findings()))
            .build();

    private FindSchemas() {}
}
