package dev.loom.agent.find;

import dev.loom.agent.code.WovenCode;
import dev.loom.agent.config.ClassPatterns;
import dev.loom.agent.control.FindOptions;
import dev.loom.agent.control.FindStatus;
import dev.loom.agent.control.Finding;
import dev.loom.agent.stack.ThreadStack;
import dev.loom.agent.support.AgentLog;
import dev.loom.agent.transform.ClassId;
import dev.loom.agent.transform.Weaving;
import dev.loom.bootstrap.watch.Collision;
import dev.loom.bootstrap.watch.ObjectTypes;
import dev.loom.bootstrap.watch.RaceSearch;
import dev.loom.bootstrap.watch.TornStep;
import dev.loom.bootstrap.watch.WatchedPlace;
import dev.loom.filter.weave.watch.ObjectCalls;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * One search, from the weaving of its watch points to their end. Begun and ended on the manager's thread; looked at on any. What it needs of
 * the JVM (classes, loaders, places) it lets go of at its end; what it found stays.
 */
final class FoundSearch {

    /** Classes for one retransformation: each is a pause of the JVM. */
    private static final int BATCH = 200;
    /** Lines of what was not covered. */
    private static final int MOST_LINES = 50;

    private final WovenCode code;
    private final ClassPatterns patterns;
    private final FindOptions options;
    private final ObjectTypes types;
    private final RaceSearch race;
    private final Places places;
    private final Findings findings;
    private final Sampler sampler;
    private final WatchCost cost;
    private final Consumer<Runnable> manager;
    private final long began = System.nanoTime();
    private final Set<String> older = new TreeSet<>();
    /** Made anew while it is under way, by whoever asks; guarded by this. */
    private List<Finding> found = List.of();
    private int foundOf;
    private volatile boolean underWay;

    FoundSearch(WovenCode code, ClassPatterns patterns, FindOptions options, Consumer<Runnable> manager) {
        this.code = code;
        this.patterns = patterns;
        this.options = options;
        this.manager = manager;
        types = new ObjectTypes(classes(ObjectCalls.unsafe()), classes(ObjectCalls.safe()));
        race = new RaceSearch(types, options.budgetPercent() / 100);
        places = new Places(race);
        findings = new Findings(places, patterns, new Proposals(code.weaving()));
        cost = new WatchCost(options.budgetPercent() / 100);
        sampler = new Sampler(race, this::look, cost::mayLook);
    }

    private static Set<Class<?>> classes(Set<String> names) {
        Set<Class<?>> classes = new HashSet<>();
        for (String name : names) {
            try {
                classes.add(Class.forName(name, false, null));
            } catch (ClassNotFoundException e) {
                AgentLog.debug("this JVM has no " + name);
            }
        }
        return classes;
    }

    String patterns() {
        return patterns.toString();
    }

    Duration left() {
        return RaceFinder.notNegative(options.time().minusNanos(System.nanoTime() - began));
    }

    // ---- begin and end, on the manager's thread -------------------------------------------------------------------------------

    void begin() {
        Weaving weaving = code.weaving();
        race.begin();
        underWay = true;
        weaving.watches().want(id -> patterns.matches(id.name()) ? places.of(id) : null);
        List<Class<?>> types = new ArrayList<>();
        for (Class<?> type : weaving.loaded()) {
            ClassId id = ClassId.of(type);
            if (!type.isArray() && !type.isHidden() && patterns.matches(id.name()) && weaving.isApplication(id) && !weaving.isForbidden(type)) {
                types.add(type);
            }
        }
        retransform(types);
        noteOlderFrames();
        sampler.start();
        AgentLog.info("looking for races in " + patterns + ": " + race.places().size() + " places in " + types.size() + " classes");
    }

    /** Ends it, however far it has come. */
    FindStatus end() {
        underWay = false;
        race.end();
        sampler.close();
        code.weaving().watches().want(null);
        retransform(watched());
        update(true);
        FindStatus status = make("ENDED");
        AgentLog.info("races were looked for in " + patterns + ": " + status.findings().size() + " found");
        return status;
    }

    private List<Class<?>> watched() {
        List<Class<?>> types = new ArrayList<>();
        for (Class<?> type : code.weaving().loaded()) {
            if (!type.isArray() && code.weaving().watches().has(ClassId.of(type))) {
                types.add(type);
            }
        }
        return types;
    }

    private void retransform(List<Class<?>> types) {
        Set<String> names = new HashSet<>();
        types.forEach(type -> names.add(type.getName()));
        code.aboutToChange(names);
        for (int from = 0; from < types.size(); from += BATCH) {
            code.weaving().watches().retransform(types.subList(from, Math.min(types.size(), from + BATCH)));
        }
    }

    /** Calls that began before are not watched until they return. */
    private void noteOlderFrames() {
        if (!code.stacks().tellsOldCode()) {
            return;
        }
        for (ThreadStack stack : code.stacks().all()) {
            for (StackTraceElement frame : stack.frames()) {
                if (patterns.matches(frame.getClassName().replace('.', '/')) && !code.stacks().isNew(frame)) {
                    older.add(frame.getClassName() + "." + frame.getMethodName());
                }
            }
        }
    }

    // ---- while it is under way -------------------------------------------------------------------------------------------------

    /** On the sampler's thread: the pauses get what watching leaves them, and places that cost too much go. */
    private void look() {
        OwnCollections.judge(types);
        List<WatchedPlace> all = race.places();
        Set<ClassId> changed = new HashSet<>();
        for (WatchedPlace place : cost.tooHot(all, places::isDropped)) {
            changed.add(places.drop(place));
        }
        race.share(cost.left());
        if (!changed.isEmpty()) {
            manager.accept(() -> {
                if (underWay) {
                    retransform(watched().stream().filter(type -> changed.contains(ClassId.of(type))).toList());
                }
            });
        }
    }

    /** Makes the findings of what collided; on the manager's thread, as the proposals ask for class files. */
    private void update(boolean whole) {
        List<Collision> collisions = race.collisions();
        List<TornStep> torn = race.torn();
        List<Finding> now = findings.of(collisions, torn, whole);
        synchronized (this) {
            found = now;
            foundOf = count(collisions, torn);
        }
    }

    private static int count(List<Collision> collisions, List<TornStep> torn) {
        return collisions.stream().mapToInt(Collision::count).sum() + torn.stream().mapToInt(TornStep::count).sum();
    }

    FindStatus status() {
        int seen = count(race.collisions(), race.torn());
        boolean isStale;
        synchronized (this) {
            isStale = seen != foundOf;
        }
        if (isStale) {
            manager.accept(() -> {
                if (underWay) {
                    update(false);
                }
            });
        }
        return make("FINDING");
    }

    private FindStatus make(String state) {
        List<WatchedPlace> all = race.places();
        List<Finding> now;
        synchronized (this) {
            now = found;
        }
        int classes = (int) all.stream().map(place -> places.at(place.index())).filter(known -> known != null)
                .map(Places.Known::id).distinct().count();
        return new FindStatus(
                state, patterns.toString(), (System.nanoTime() - began) / 1_000_000, options.time().toMillis(), options.budgetPercent(),
                race.used() * 100, cost.share() * 100, classes, all.size(),
                (int) all.stream().filter(place -> place.arrivals() > 0).count(),
                (int) all.stream().filter(place -> place.pauses() > 0).count(), uncovered(all.isEmpty()), now);
    }

    private List<String> uncovered(boolean hasNone) {
        List<String> lines = new ArrayList<>();
        if (hasNone) {
            lines.add("no class of the application that is loaded fits " + patterns + " and has anything to watch; classes that load later are watched");
        }
        if (places.refused() > 0) {
            lines.add(places.refused() + " places: more than " + (RaceSearch.CAPACITY - 1) + " cannot be watched at once; name fewer classes");
        }
        if (places.droppedCount() > 0) {
            lines.add(places.droppedCount() + " places that are passed so often that watching them would cost more than the budget");
        }
        older.forEach(method -> lines.add(method + ": calls that began before are watched when they are made anew"));
        code.weaving().watches().lacking().forEach((what, why) -> lines.add(what + ": " + why));
        return lines.size() <= MOST_LINES ? lines : lines.subList(0, MOST_LINES);
    }
}
