package dev.loom.agent.standstill;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.loom.agent.evacuation.Evacuation;
import dev.loom.agent.evacuation.FramePosition;
import dev.loom.agent.evacuation.WatchedMethod;
import dev.loom.filter.analysis.UnsafeLines;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ScopeFramesTest {

    private static final long THREAD = 7;
    private static final int BIT = 2;

    private final ScopeFrames frames = new ScopeFrames(new ScopeFrames.Polled() {
        @Override
        public boolean isInScope(String type, int bits) {
            return type.startsWith("com.acme.") && bits == BIT;
        }

        @Override
        public boolean lacks(String type, String method) {
            return method.equals("huge");
        }
    });

    /** A frame: {@code type#method}, {@code !} in front for a native one. */
    private static StackTraceElement frame(String text) {
        String name = text.startsWith("!") ? text.substring(1) : text;
        String type = name.substring(0, name.indexOf('#'));
        boolean jdk = type.startsWith("java.") || type.startsWith("sun.") || type.startsWith("jdk.");
        return new StackTraceElement(null, jdk ? "java.base" : null, null, type, name.substring(name.indexOf('#') + 1), null,
                text.startsWith("!") ? -2 : 10);
    }

    private static StackTraceElement[] stack(String text) {
        return text.isEmpty()
                ? new StackTraceElement[0]
                : Stream.of(text.split(" ")).map(ScopeFramesTest::frame).toArray(StackTraceElement[]::new);
    }

    static Stream<Arguments> stacks() {
        return Stream.of(
                Arguments.of("in the scope", true, "RUNNABLE", "com.acme.A#run java.lang.Thread#run"),
                Arguments.of("for a monitor in the scope", false, "BLOCKED", "com.acme.A#run java.lang.Thread#run"),
                Arguments.of("in a call that waits", false, "WAITING", "java.util.concurrent.Queue#take com.acme.A#run"),
                Arguments.of("in a call that waits for a time", false, "TIMED_WAITING", "!java.lang.Thread#sleep com.acme.A#run"),
                Arguments.of("at work in the JDK for the scope", true, "RUNNABLE", "java.util.HashMap#put com.acme.A#run"),
                Arguments.of("at work in a native method of the JDK's", true, "RUNNABLE",
                        "!java.lang.System#arraycopy java.util.ArrayList#add com.acme.A#run"),
                Arguments.of("reads", false, "RUNNABLE", "!sun.nio.ch.SocketDispatcher#read0 com.acme.A#run"),
                Arguments.of("writes a file", true, "RUNNABLE", "!java.io.FileOutputStream#writeBytes com.acme.A#run"),
                Arguments.of("writes to a socket", false, "RUNNABLE",
                        "!sun.nio.ch.FileDispatcherImpl#write0 sun.nio.ch.SocketDispatcher#write com.acme.A#run"),
                Arguments.of("a virtual thread that has yielded", false, "RUNNABLE", "java.lang.VirtualThread#yield com.acme.A#run"),
                Arguments.of("in other application code", false, "RUNNABLE", "org.lib.L#work com.acme.A#run"),
                Arguments.of("in the JDK for other application code", false, "RUNNABLE",
                        "java.util.HashMap#put org.lib.L#work com.acme.A#run"),
                Arguments.of("never in the scope", false, "RUNNABLE", "java.util.HashMap#put java.lang.Thread#run"),
                Arguments.of("in a native method of the scope", false, "RUNNABLE", "!com.acme.A#compute com.acme.A#run"),
                Arguments.of("in a call from a method without polls", true, "WAITING", "java.util.Queue#take com.acme.A#huge"),
                Arguments.of("initializes a class out of the scope", true, "WAITING",
                        "!java.lang.Object#wait org.lib.Config#<clinit> com.acme.A#run"),
                Arguments.of("loads a class by a loader of the application's", true, "RUNNABLE",
                        "java.io.RandomAccessFile#readBytes org.lib.Loader#loadClass com.acme.A#run"),
                Arguments.of("links a constant", true, "WAITING",
                        "java.util.Queue#take java.lang.invoke.MethodHandleNatives#linkDynamicConstant com.acme.A#run"),
                Arguments.of("has its class looked at by another agent", true, "RUNNABLE",
                        "org.lib.Agent#transform sun.instrument.InstrumentationImpl#transform com.acme.A#run"),
                Arguments.of("about to stop, or not to", true, "RUNNABLE", "dev.loom.bootstrap.Hooks#poll com.acme.A#run"),
                Arguments.of("without a stack", false, "RUNNABLE", ""));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("stacks")
    void a_thread_runs_until_it_comes_to_a_poll_before_it_runs_more_of_the_scope(
            String name, boolean runs, Thread.State state, String stack) {
        assertEquals(runs, frames.runs(THREAD, stack(stack), state, false, BIT));
        assertFalse(frames.runs(THREAD, stack(stack), state, false, BIT << 1) && !stack.startsWith("dev.loom"));
    }

    @Test
    void a_thread_that_waits_in_a_hook_stops_behind_it_where_there_is_a_poll() {
        String inHook = "java.util.concurrent.locks.LockSupport#parkNanos dev.loom.bootstrap.Wait#await ";
        assertFalse(frames.runs(THREAD, stack(inHook + "com.acme.A#run"), Thread.State.TIMED_WAITING, true, BIT));
        assertTrue(frames.runs(THREAD, stack(inHook + "com.acme.A#huge"), Thread.State.TIMED_WAITING, true, BIT));
        // it has left the hook since
        assertTrue(frames.runs(THREAD, stack("com.acme.A#run"), Thread.State.RUNNABLE, true, BIT));
    }

    @Test
    void a_frame_from_before_the_polls_goes_on_unless_it_comes_to_a_switch_point_or_waits_for_code_with_polls() {
        UnsafeLines lines = new UnsafeLines(
                Set.of(10), Set.of(10), true, Set.of("take"), Set.of(), Map.of(10, Set.of("poll")));
        WatchedMethod old = new WatchedMethod("com.acme.A", "run()V", lines, lines, true, "com.acme.B"::equals);
        frames.old(Map.of(new FramePosition(THREAD, 0), new Evacuation.Unpolled(old, false)));
        assertTrue(frames.hasOld(THREAD));
        assertTrue(frames.runs(THREAD, stack("java.util.Queue#take com.acme.A#run"), Thread.State.WAITING, false, BIT));
        assertFalse(frames.runs(THREAD, stack("java.util.Queue#poll com.acme.A#run"), Thread.State.WAITING, false, BIT));
        assertFalse(frames.runs(THREAD, stack("java.util.Queue#take com.acme.B#run com.acme.A#run"), Thread.State.WAITING, false, BIT));
        // in a hook of its version, behind which nothing stops it
        assertTrue(frames.runs(
                THREAD, stack("java.util.concurrent.locks.LockSupport#parkNanos dev.loom.bootstrap.Hooks#enter com.acme.A#run"),
                Thread.State.TIMED_WAITING, true, BIT));
        assertFalse(frames.runs(THREAD + 1, stack("java.util.Queue#take com.acme.A#run"), Thread.State.WAITING, false, BIT));
    }
}
