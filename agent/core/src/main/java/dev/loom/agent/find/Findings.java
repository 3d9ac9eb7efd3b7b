package dev.loom.agent.find;

import dev.loom.agent.config.ClassPatterns;
import dev.loom.agent.control.Finding;
import dev.loom.agent.control.FindingSide;
import dev.loom.agent.control.Suggestion;
import dev.loom.bootstrap.watch.Collision;
import dev.loom.bootstrap.watch.Side;
import dev.loom.bootstrap.watch.TornStep;
import dev.loom.filter.weave.watch.WatchPoint;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes of what was seen what people read: collisions of two methods at one thing are one finding, told as the pair of lines that was seen
 * most often, and so are torn steps of one method with one other.
 */
final class Findings {

    /** In this order they are shown. */
    private enum Kind {
        DATA_RACE,
        UNSAFE_CALLS,
        /** The steps of one call were torn. */
        TORN,
        /** Another saw only the first of them done. */
        GLIMPSE,
        VOLATILE
    }

    private final Places places;
    private final ClassPatterns patterns;
    private final Proposals proposals;
    /** What was proposed, by the methods and what they use: asked for once for each, and again when the search is over. */
    private final Map<String, Proposals.Proposal> proposed = new HashMap<>();

    /**
     * What becomes one finding.
     *
     * @param sides those of the pair that is shown
     * @param shownCount how often that one was seen
     * @param lines from the first to the last step of any of the pairs, in the method of which they are part
     * @param whole share of the times that two steps were not torn; 0 for all that are no steps
     */
    private record Group(
            String key, Kind kind, String type, List<Side> sides, @Nullable TornStep torn, Lines lines, int shownCount, long count, int pairs,
            double whole) {

        Group and(Group other) {
            Group shown = shownCount >= other.shownCount ? this : other;
            return new Group(
                    key, kind, shown.type, shown.sides, shown.torn, lines.and(other.lines), shown.shownCount, count + other.count, pairs + other.pairs,
                    Math.min(whole, other.whole));
        }
    }

    /** Lines of one method. */
    private record Lines(int from, int to) {

        static final Lines NONE = new Lines(Integer.MAX_VALUE, Integer.MIN_VALUE);

        Lines and(Lines other) {
            return new Lines(Math.min(from, other.from), Math.max(to, other.to));
        }
    }

    Findings(Places places, ClassPatterns patterns, Proposals proposals) {
        this.places = places;
        this.patterns = patterns;
        this.proposals = proposals;
    }

    /**
     * The findings, the most telling first. For the manager's thread.
     *
     * @param whole whether each is to have all filters that can be proposed; else the first: each is checked, and people wait to see what was found
     */
    List<Finding> of(List<Collision> collisions, List<TornStep> torn, boolean whole) {
        proposals.renew();
        int most = whole ? Proposals.MOST : 1;
        Map<String, Group> groups = new HashMap<>();
        Set<String> raced = new HashSet<>();
        for (Collision collision : collisions) {
            Group one = group(collision);
            groups.merge(one.key(), one, Group::and);
            if (one.kind() != Kind.VOLATILE) {
                raced.add(variable(one.sides().get(0)) + " " + one.type());
            }
        }
        for (TornStep step : torn) {
            // a step that is torn because nothing is locked at all is told as the race that it is
            if (isWatched(step) && !raced.contains(variable(step.first()) + " " + step.type())) {
                Group one = group(step);
                groups.merge(one.key(), one, Group::and);
            }
        }
        List<Group> sorted = new ArrayList<>(groups.values());
        sorted.sort(Comparator.comparing(Group::kind).thenComparingDouble(Group::whole)
                .thenComparing(Comparator.comparingLong(Group::count).reversed()).thenComparing(Group::key));
        List<Finding> findings = new ArrayList<>();
        for (Group group : sorted) {
            findings.add(finding(Integer.toString(findings.size() + 1), group, most));
        }
        return findings;
    }

    /** Whether the call of which the steps are part is one of a class that is watched: what others do with it is theirs. */
    private boolean isWatched(TornStep step) {
        StackTraceElement[] stack = step.first().stack();
        return step.depth() < stack.length && step.secondDepth() < step.second().stack().length
                && patterns.matches(stack[step.depth()].getClassName().replace('.', '/'));
    }

    private Group group(Collision collision) {
        String[] methods = {method(collision.paused()), method(collision.met())};
        Arrays.sort(methods);
        WatchPoint paused = point(collision.paused());
        Kind kind = switch (paused.kind()) {
            case FIELD -> Kind.DATA_RACE;
            case VOLATILE, HANDLE -> Kind.VOLATILE;
            case CALL -> Kind.UNSAFE_CALLS;
        };
        return new Group(
                paused.variable() + " " + String.join(" ", methods), kind, collision.type(), List.of(collision.paused(), collision.met()), null,
                Lines.NONE, collision.count(), collision.count(), 1, 0);
    }

    private Group group(TornStep step) {
        StackTraceElement call = step.first().stack()[step.depth()];
        return new Group(
                "torn " + call.getClassName() + "." + call.getMethodName() + " " + step.type() + " " + method(step.between()),
                step.isGlimpse() ? Kind.GLIMPSE : Kind.TORN, step.type(), List.of(step.first(), step.between(), step.second()), step,
                new Lines(call.getLineNumber(), step.second().stack()[step.secondDepth()].getLineNumber()), step.count(), step.count(), 1, (double) step.whole() / (step.whole() + step.count()));
    }

    private WatchPoint point(Side side) {
        return places.point(side.place().index());
    }

    private String variable(Side side) {
        return point(side).variable();
    }

    private String method(Side side) {
        return point(side).type() + "." + point(side).method();
    }

    private Finding finding(String id, Group group, int most) {
        List<Side> sides = group.sides();
        @Nullable ClassLoader loader = places.loader(sides.get(0).place().index());
        TornStep torn = group.torn();
        Proposals.Proposal proposal = proposed.compute(group.key() + " " + group.lines(), (key, known) -> known != null && (known.isWhole() || most == 1) ? known
                : torn == null ? proposals.of(loader, sides.get(0), sides.get(1), most)
                : proposals.of(loader, torn, group.lines().from(), group.lines().to(), most));
        List<Suggestion> filters = proposal.filters();
        boolean hasNone = filters.isEmpty();
        return new Finding(
                id, (group.kind() == Kind.GLIMPSE ? Kind.TORN : group.kind()).name(), group.type(), group.count(), group.pairs(),
                sides.stream().map(this::side).toList(), hasNone ? "" : filters.get(0).filter(), hasNone ? proposal.why() : filters.get(0).why(),
                hasNone ? List.of() : filters.subList(1, filters.size()));
    }

    private FindingSide side(Side side) {
        WatchPoint point = point(side);
        List<String> stack = Arrays.stream(side.stack()).map(Findings::text).toList();
        String method = point.type().replace('/', '.') + "." + point.method().substring(0, point.method().indexOf('('));
        String access = point.kind() == WatchPoint.Kind.CALL ? point.writes() ? "changing call" : "reading call" : point.writes() ? "write" : "read";
        return new FindingSide(
                stack.isEmpty() ? method + ":" + point.line() : stack.get(0), access, point.target(),
                side.thread().isEmpty() ? "(a thread without a name)" : side.thread(), side.holdsMonitor(), stack);
    }

    /** Without class loader and module, which filters do not name. */
    static String text(StackTraceElement frame) {
        String source = frame.getFileName() == null ? "Unknown Source"
                : frame.getLineNumber() < 0 ? frame.getFileName() : frame.getFileName() + ":" + frame.getLineNumber();
        return frame.getClassName() + "." + frame.getMethodName() + "(" + source + ")";
    }
}
