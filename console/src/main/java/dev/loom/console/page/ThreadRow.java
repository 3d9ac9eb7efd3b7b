package dev.loom.console.page;

import dev.loom.client.DumpedFrame;
import dev.loom.client.DumpedThread;
import dev.loom.console.thread.StackGroup;
import dev.loom.console.thread.StackLines;
import java.util.List;

/**
 * Threads of the same stack, on the page of a JVM's threads.
 *
 * @param id of one of them
 * @param name of it
 * @param others names of the others, as far as they are shown
 * @param count of all
 * @param state word and colour
 * @param what {@code com.acme.Pool.take(Pool.java:42)}: the application's innermost frame
 * @param marks what is to be said of it besides: {@code Loom}, {@code deadlocked}
 * @param omitted frames that are not shown here
 */
public record ThreadRow(
        long id, String name, List<String> others, int count, String state, String what, List<Tag> marks, List<Line> lines, int omitted) {

    /** A word about it. @param bad whether it is no good sign */
    public record Tag(String text, boolean bad) {}

    /** A line of its stack. @param frame whether it is a frame, and no lock */
    public record Line(String text, boolean frame, boolean place) {}

    private static final int MOST_NAMES = 40;
    /** Lines of a stack on a page of many. */
    static final int FEW_LINES = 40;

    /** @param most lines that are shown */
    static ThreadRow of(StackGroup group, int most) {
        DumpedThread first = group.first();
        DumpedFrame place = group.place();
        List<StackLines.Line> lines = StackLines.of(group.threads());
        return new ThreadRow(
                first.id(), first.name(), group.threads().stream().skip(1).limit(MOST_NAMES - 1).map(DumpedThread::name).toList(), group.threads().size(),
                first.state(), first.stack().isEmpty() ? "" : place.text(), marks(group), lines.stream().limit(most).map(line -> line(line, place)).toList(),
                (int) lines.stream().skip(most).filter(line -> line.frame() != null).count());
    }

    private static Line line(StackLines.Line line, DumpedFrame place) {
        DumpedFrame frame = line.frame();
        return frame == null ? new Line("- " + line.about(), false, false) : new Line(frame.text(), true, frame == place);
    }

    private static List<Tag> marks(StackGroup group) {
        java.util.ArrayList<Tag> marks = new java.util.ArrayList<>();
        if (group.deadlocked()) {
            marks.add(new Tag("deadlocked", true));
        }
        if (group.holds()) {
            marks.add(new Tag("others wait for it", true));
        }
        if (group.isLooms()) {
            marks.add(new Tag("Loom’s own", false));
        } else if (group.isInHook()) {
            marks.add(new Tag("in a hook of a filter", false));
        }
        return marks;
    }

    /** Of how many threads the name is not shown. */
    public int nameless() {
        return count - 1 - others.size();
    }
}
