package dev.loom.console.page;

import dev.loom.client.HookCounters;
import dev.loom.client.OngoingWait;
import dev.loom.client.Straggler;
import dev.loom.console.live.LiveFilter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the hooks of a class count now, and which threads stand at its lines.
 *
 * @param seen another one where other filters are in force: then the hooks may stand at other lines
 */
public record SourceNow(List<Count> counts, List<Standing> standing, String seen) {

    /** What one hook counts. @param key the filter and the hook @param deployment null where no deployment wants the filter */
    public record Count(String key, String said, boolean observing, @Nullable Long deployment) {}

    /** A thread that is in the way of a filter at a line. */
    public record Standing(String type, int line, String thread, String filter, String why) {}

    static SourceNow of(String outermost, List<LiveFilter> filters) {
        List<Count> counts = new ArrayList<>();
        List<Standing> standing = new ArrayList<>();
        List<String> seen = new ArrayList<>();
        for (LiveFilter filter : filters) {
            seen.add(filter.filter() + ' ' + filter.digest() + ' ' + filter.state() + ' ' + filter.enabledSince());
            Map<String, Integer> waiting = new HashMap<>();
            filter.waits().stream().map(OngoingWait::hook).forEach(hook -> waiting.merge(hook, 1, Integer::sum));
            for (HookCounters hook : filter.hooks()) {
                if (isInside(Place.of(hook.location()).type(), outermost)) {
                    boolean observing = filter.mode().equals("observe");
                    counts.add(new Count(
                            key(filter.filter(), hook.id()), said(hook, observing, waiting.getOrDefault(hook.id(), 0)), observing, filter.deployment()));
                }
            }
            for (Straggler thread : TargetRow.isEnd(filter.state()) ? List.<Straggler>of() : filter.stragglers()) {
                Place place = Place.of(thread.location());
                if (isInside(place.type(), outermost)) {
                    standing.add(new Standing(place.type(), place.line(), thread.thread(), filter.filter(), thread.reason()));
                }
            }
        }
        return new SourceNow(counts, standing, Integer.toHexString(seen.hashCode()));
    }

    static String key(String filter, String hook) {
        return filter + ' ' + hook;
    }

    private static boolean isInside(String type, String outermost) {
        return type.equals(outermost) || type.startsWith(outermost) && (type.charAt(outermost.length()) == '$' || type.charAt(outermost.length()) == '.');
    }

    private static String said(HookCounters hook, boolean observing, int waiting) {
        Format format = Format.INSTANCE;
        StringBuilder said = new StringBuilder(hook.hits() == 1 ? "1 hit" : format.count(hook.hits()) + " hits");
        if (observing || hook.overlaps() > 0) {
            said.append(", ").append(format.count(hook.overlaps())).append(hook.overlaps() == 1 ? " overlap" : " overlaps");
        }
        if (!observing) {
            said.append(", ").append(format.count(hook.contended())).append(" waited");
        }
        if (!observing && hook.waitNanosTotal() > 0) {
            said.append(" for ").append(format.nanos(hook.waitNanosTotal()));
        }
        return waiting > 0 ? said.append(", ").append(waiting).append(waiting == 1 ? " waits now" : " wait now").toString() : said.toString();
    }
}
