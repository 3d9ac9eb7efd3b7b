package dev.loom.agent.filter;

import dev.loom.agent.control.CodeListing;
import dev.loom.agent.support.AgentLog;
import dev.loom.agent.transform.ClassId;
import dev.loom.filter.classes.ClassSource;
import dev.loom.filter.explain.HookLines;
import dev.loom.filter.forecast.Outlook;
import dev.loom.filter.plan.EventPlan;
import dev.loom.filter.plan.MethodId;
import dev.loom.filter.plan.MethodPlan;
import dev.loom.filter.plan.RegionPlan;
import dev.loom.filter.weave.MethodWeaving.Region;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** At which source lines of one method the hooks of a filter stand. */
final class HookPlaces {

    private HookPlaces() {}

    /**
     * Looks at one method.
     *
     * @param names what the hooks are called, by token
     * @param method name and descriptor
     * @param woven what the filter has there
     * @param file the class, unwoven
     */
    static List<CodeListing.Hook> of(
            String filter, Map<String, String> names, ClassId id, String method, List<Region> woven, byte[] file, ClassSource classes) {
        List<Region> regions = woven.stream().filter(region -> region.event() == null).toList();
        List<Region> events = woven.stream().filter(region -> region.event() != null).toList();
        List<Region> all = new ArrayList<>(regions);
        all.addAll(events);
        List<CodeListing.Hook> places = new ArrayList<>();
        if (all.isEmpty()) {
            return places;
        }
        try {
            int bracket = method.indexOf('(');
            MethodPlan plan = new MethodPlan(
                    new MethodId(id.name(), method.substring(0, bracket), method.substring(bracket)), "", regions.stream().map(Region::plan).toList(),
                    events.stream().map(Region::event).toList());
            Map<Integer, HookLines.Line> lines = HookLines.of(file, plan, classes::find).lines();
            Outlook outlook = outlook(method, all, file, classes);
            for (int i = 0; i < all.size(); i++) {
                Region one = all.get(i);
                EventPlan event = one.event();
                int number = i + 1;
                // the first event of an order waits for nothing
                List<Integer> enters = event != null && event.position() == 0 ? List.of() : lines(lines, line -> line.enters().contains(number));
                places.add(new CodeListing.Hook(
                        filter, names.getOrDefault(one.token(), ""), event != null ? "event" : one.plan().shared() ? "shared region" : "region",
                        id.name().replace('/', '.'), method, enters, lines(lines, line -> line.inside().contains(number)),
                        lines(lines, line -> line.leaves().contains(number)), outlook == null ? List.of() : positive(outlook.switching()),
                        outlook == null ? List.of() : positive(outlook.unsafe().anywhere())));
            }
        } catch (RuntimeException e) {
            AgentLog.debug("the lines of " + filter + " in " + id.name() + "#" + method + " cannot be told: " + e.getMessage());
        }
        return places;
    }

    private static @Nullable Outlook outlook(String method, List<Region> woven, byte[] file, ClassSource classes) {
        List<Outlook.Part> parts = woven.stream().map(Region::plan).map(HookPlaces::part).toList();
        return Outlook.of(file, Map.of(method, parts), classes::find).get(method);
    }

    private static Outlook.Part part(RegionPlan plan) {
        return new Outlook.Part(plan.entryLines(), plan.exitLines());
    }

    private static List<Integer> lines(Map<Integer, HookLines.Line> lines, Function<HookLines.Line, Boolean> wanted) {
        return lines.entrySet().stream().filter(line -> line.getKey() > 0 && wanted.apply(line.getValue())).map(Map.Entry::getKey).toList();
    }

    private static List<Integer> positive(Collection<Integer> lines) {
        return List.copyOf(new TreeSet<>(lines).tailSet(1));
    }
}
