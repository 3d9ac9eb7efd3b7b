package dev.loom.console.page;

import dev.loom.client.CodeListing;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A class of a JVM on its page.
 *
 * @param type the outermost class
 * @param source where its source is kept; empty if the class does not say
 * @param omitted what is not there because there is too much of it; empty if nothing is
 * @param methods all, in the order of their lines
 * @param left methods whose lines are not on the page: too many for one
 * @param hooked whether a hook stands in it
 */
public record SourcePage(
        String type, String source, String loader, List<String> loaders, String omitted, List<Method> methods, int left, boolean hooked) {

    /** Most lines on a page. */
    static final int MOST_LINES = 2_000;

    /**
     * A method.
     *
     * @param inner the class that it is in, below the outermost; empty for that itself
     * @param keys what can stand behind {@code by}, separated by blanks
     * @param rows its lines; empty where the page has no room for them, or it has none
     * @param first its first line; 0 if it has none
     * @param shownHere whether its lines are on this page
     */
    public record Method(String type, String inner, String member, String shown, String keys, int first, int last, List<Row> rows, boolean shownHere) {

        /** Whether lines of it can be chosen; else it can be chosen as a whole only. */
        public boolean hasLines() {
            return first > 0;
        }

        /** Whether there is code in it. */
        public boolean hasCode() {
            return !shownHere || !rows.isEmpty();
        }
    }

    /**
     * A line.
     *
     * @param id of the first row of this line; empty for others
     * @param marks the hooks that begin or end there
     * @param inside the filters inside whose regions it is, in words; empty if none
     * @param frames what running frames do there, in words; empty if nothing is known
     */
    public record Row(int line, String id, String does, List<Mark> marks, String inside, String frames, List<SourceNow.Standing> standing) {}

    /**
     * Where a hook begins or ends.
     *
     * @param key the filter and the hook
     * @param does {@code enter}, {@code wait}, {@code leave}, {@code done}
     * @param count what it counts; null behind it, and where that is not known
     */
    public record Mark(String key, String filter, String does, SourceNow.@Nullable Count count) {}

    /** Whether a method is one of this class, or of one inside it. */
    public boolean has(String member) {
        return methods.stream().anyMatch(method -> method.member().equals(member));
    }

    /** @param around a line that is to be on the page; 0 for its beginning */
    static SourcePage of(CodeListing listing, SourceNow now, int around) {
        List<CodeListing.Method> sorted = new ArrayList<>(listing.methods());
        sorted.sort(Comparator.comparingInt(method -> first(method) == 0 ? Integer.MAX_VALUE : first(method)));
        int start = 0;
        for (int i = 0; around > 0 && i < sorted.size(); i++) {
            start = first(sorted.get(i)) > 0 && first(sorted.get(i)) <= around ? i : start;
        }
        int all = sorted.stream().mapToInt(method -> method.lines().size()).sum();
        start = all <= MOST_LINES ? 0 : Math.max(0, start - 5);
        Rows rows = new Rows(listing, now);
        List<Method> methods = new ArrayList<>();
        int room = MOST_LINES;
        int left = 0;
        for (int i = 0; i < sorted.size(); i++) {
            CodeListing.Method method = sorted.get(i);
            // one that is longer than a page has its beginning there, or what is around the line
            boolean here = i >= start && room > 0;
            List<Row> some = here ? rows.of(method, Math.min(room, MOST_LINES), around) : List.of();
            room -= some.size();
            left += here || method.lines().isEmpty() ? 0 : 1;
            methods.add(method(listing.type(), method, some, here));
        }
        return new SourcePage(
                listing.type(), listing.source(), listing.loader(), listing.loaders(), listing.omitted(), methods, left, !listing.hooks().isEmpty());
    }

    private static Method method(String outermost, CodeListing.Method method, List<Row> rows, boolean here) {
        String inner = method.type().startsWith(outermost) ? method.type().substring(outermost.length()).replaceFirst("^\\$", "") : method.type();
        int last = method.lines().isEmpty() ? 0 : method.lines().get(method.lines().size() - 1).line();
        return new Method(method.type(), inner, method.member(), method.shown(), String.join(" ", method.keys()), first(method), last, rows, here);
    }

    /** The lines are in order; a 0 comes before all. */
    private static int first(CodeListing.Method method) {
        return method.lines().stream().mapToInt(CodeListing.Line::line).filter(line -> line > 0).findFirst().orElse(0);
    }

    /** Makes the rows of methods, with what stands at each line. */
    private static final class Rows {

        private final CodeListing listing;
        private final Map<String, SourceNow.Count> counts = new HashMap<>();
        private final List<SourceNow.Standing> standing;
        private final java.util.Set<Integer> named = new java.util.HashSet<>();

        Rows(CodeListing listing, SourceNow now) {
            this.listing = listing;
            now.counts().forEach(count -> counts.put(count.key(), count));
            standing = now.standing();
        }

        List<Row> of(CodeListing.Method method, int most, int around) {
            String id = method.name() + method.descriptor();
            List<CodeListing.Hook> hooks = listing.hooks().stream().filter(hook -> hook.type().equals(method.type()) && hook.method().equals(id)).toList();
            List<CodeListing.Line> lines = method.lines();
            int from = 0;
            for (int i = 0; lines.size() > most && i < lines.size(); i++) {
                from = lines.get(i).line() <= around ? Math.max(0, Math.min(i - most / 2, lines.size() - most)) : from;
            }
            return lines.subList(from, Math.min(lines.size(), from + most)).stream().map(line -> row(method.type(), line, hooks)).toList();
        }

        private Row row(String type, CodeListing.Line line, List<CodeListing.Hook> hooks) {
            List<Mark> marks = new ArrayList<>();
            List<String> inside = new ArrayList<>();
            String frames = "";
            for (CodeListing.Hook hook : hooks) {
                boolean isEvent = hook.kind().equals("event");
                if (hook.enters().contains(line.line())) {
                    marks.add(mark(hook, isEvent ? "wait" : "enter"));
                }
                if (hook.leaves().contains(line.line())) {
                    marks.add(mark(hook, isEvent ? "done" : "leave"));
                }
                if (hook.inside().contains(line.line())) {
                    inside.add(SourceNow.key(hook.filter(), hook.id()));
                }
                frames = hook.inTheWay().contains(line.line()) ? "in the way while in old code"
                        : frames.isEmpty() && hook.moves().contains(line.line()) ? "frames move to new code" : frames;
            }
            boolean first = line.line() > 0 && named.add(line.line());
            return new Row(
                    line.line(), first ? "L" + line.line() : "", line.does(), marks, String.join(", ", inside), frames,
                    standing.stream().filter(thread -> thread.line() == line.line() && thread.type().equals(type)).toList());
        }

        private Mark mark(CodeListing.Hook hook, String does) {
            String key = SourceNow.key(hook.filter(), hook.id());
            return new Mark(key, hook.filter(), does, does.equals("enter") || does.equals("wait") || hook.enters().isEmpty() ? counts.get(key) : null);
        }
    }
}
