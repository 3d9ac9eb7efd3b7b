package dev.loom.agent.filter;

import dev.loom.agent.control.Straggler;
import dev.loom.agent.evacuation.Suspect;
import dev.loom.agent.stack.ThreadStack;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;

/** Shows suspects to people. */
final class Stragglers {

    private static final int MAX_FRAMES = 64;
    /** More than these help nobody. */
    private static final int MAX_SHOWN = 200;

    private Stragglers() {}

    static List<Straggler> of(Collection<Suspect> suspects) {
        long now = System.nanoTime();
        return suspects.stream()
                .sorted((a, b) -> Long.compare(a.sinceNanos(), b.sinceNanos()))
                .limit(MAX_SHOWN)
                .map(suspect -> of(suspect, now))
                .toList();
    }

    private static Straggler of(Suspect suspect, long now) {
        ThreadStack stack = suspect.last();
        return new Straggler(
                stack.name(), stack.id(), stack.state(), location(suspect),
                Arrays.stream(stack.frames()).limit(MAX_FRAMES).map(Stragglers::location).toList(),
                (now - suspect.sinceNanos()) / 1_000_000, suspect.why().text());
    }

    static String location(Suspect suspect) {
        StackTraceElement frame = suspect.frame();
        return frame == null ? suspect.method().type() + "#" + suspect.method().key() : location(frame);
    }

    /** A frame as people know it: the JVM no longer names the file of superseded code. */
    private static String location(StackTraceElement frame) {
        String file = frame.getFileName();
        if (file == null) {
            String simple = frame.getClassName().substring(frame.getClassName().lastIndexOf('.') + 1);
            int nested = simple.indexOf('$');
            file = (nested > 0 ? simple.substring(0, nested) : simple) + ".java";
        }
        return frame.getClassName() + "." + frame.getMethodName() + "("
                + (frame.isNativeMethod() ? "Native Method" : file + ":" + frame.getLineNumber()) + ")";
    }
}
