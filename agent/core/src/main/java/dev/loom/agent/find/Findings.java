package dev.loom.agent.find;

import dev.loom.agent.control.Finding;
import dev.loom.agent.control.FindingSide;
import dev.loom.bootstrap.watch.Collision;
import dev.loom.bootstrap.watch.Side;
import dev.loom.filter.weave.watch.WatchPoint;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Makes of collisions what people read: those of two methods at one thing are one finding, told as the pair of lines that was seen most often. */
final class Findings {

    /** In this order they are shown. */
    private enum Kind {
        DATA_RACE,
        UNSAFE_CALLS,
        VOLATILE
    }

    private final Places places;
    private final Proposals proposals;
    /** What was proposed, by the methods and what they use: asked once for each. */
    private final Map<String, Proposals.Proposal> proposed = new HashMap<>();

    private record Group(String key, Collision shown, Places.Known paused, Places.Known met, long count, int pairs) {

        Kind kind() {
            return switch (paused.point().kind()) {
                case FIELD -> Kind.DATA_RACE;
                case VOLATILE -> Kind.VOLATILE;
                case CALL -> Kind.UNSAFE_CALLS;
            };
        }
    }

    Findings(Places places, Proposals proposals) {
        this.places = places;
        this.proposals = proposals;
    }

    /** The findings, the most telling first. For the manager's thread. */
    List<Finding> of(List<Collision> collisions) {
        proposals.renew();
        Map<String, Group> groups = new HashMap<>();
        for (Collision collision : collisions) {
            Places.Known paused = places.at(collision.paused().place().index());
            Places.Known met = places.at(collision.met().place().index());
            if (paused != null && met != null) {
                Group one = new Group(key(paused, met), collision, paused, met, collision.count(), 1);
                groups.merge(one.key(), one, Findings::merge);
            }
        }
        List<Group> sorted = new ArrayList<>(groups.values());
        sorted.sort(Comparator.comparing(Group::kind).thenComparing(Comparator.comparingLong(Group::count).reversed())
                .thenComparing(Group::key));
        List<Finding> findings = new ArrayList<>();
        for (Group group : sorted) {
            findings.add(finding(Integer.toString(findings.size() + 1), group));
        }
        return findings;
    }

    private static Group merge(Group one, Group other) {
        Group shown = one.shown().count() >= other.shown().count() ? one : other;
        return new Group(one.key(), shown.shown(), shown.paused(), shown.met(), one.count() + other.count(), one.pairs() + other.pairs());
    }

    private static String key(Places.Known one, Places.Known other) {
        String[] methods = {method(one.point()), method(other.point())};
        Arrays.sort(methods);
        return one.point().variable() + " " + String.join(" ", methods);
    }

    private static String method(WatchPoint point) {
        return point.type() + "." + point.method();
    }

    private Finding finding(String id, Group group) {
        Collision shown = group.shown();
        Proposals.Proposal proposal =
                proposed.computeIfAbsent(group.key(), k -> proposals.of(group.paused().id().loader(), shown.paused(), shown.met()));
        return new Finding(
                id, group.kind().name(), shown.type(), group.count(), group.pairs(),
                List.of(side(group.paused().point(), shown.paused()), side(group.met().point(), shown.met())),
                proposal.filter(), proposal.why());
    }

    private static FindingSide side(WatchPoint point, Side side) {
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
