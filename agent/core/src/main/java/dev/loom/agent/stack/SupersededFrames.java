package dev.loom.agent.stack;

import dev.loom.agent.support.AgentLog;
import dev.loom.agent.support.LoomThreads;
import java.lang.instrument.Instrumentation;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Tries out whether this JVM leaves the file name out of the stack trace element of a frame whose code was superseded by a
 * redefinition of its class. HotSpot does; nothing says that it must.
 */
final class SupersededFrames {

    private static final long PATIENCE_SECONDS = 5;

    private SupersededFrames() {}

    static boolean areTold(Instrumentation instrumentation) {
        Sleeper old = new Sleeper("probe-old");
        Sleeper young = new Sleeper("probe-new");
        try {
            StackTraceElement before = old.start();
            instrumentation.retransformClasses(Sleeper.class);
            StackTraceElement after = old.frame();
            StackTraceElement fresh = young.start();
            boolean told = before != null && before.getFileName() != null
                    && after != null && after.getFileName() == null
                    && fresh != null && fresh.getFileName() != null;
            if (!told) {
                AgentLog.warn("this JVM does not tell frames of superseded code from others: filters may take longer to be ACTIVE");
            }
            return told;
        } catch (Exception | LinkageError | InternalError e) {
            AgentLog.warn("frames of superseded code cannot be told from others: filters may take longer to be ACTIVE", e);
            return false;
        } finally {
            old.leave.countDown();
            young.leave.countDown();
        }
    }

    /** A thread that stands in a method. */
    private static final class Sleeper implements Runnable {
        private final String name;
        private final CountDownLatch entered = new CountDownLatch(1);
        private final CountDownLatch leave = new CountDownLatch(1);
        private @Nullable Thread thread;

        Sleeper(String name) {
            this.name = name;
        }

        @Nullable StackTraceElement start() throws InterruptedException {
            thread = LoomThreads.daemon(name, this);
            thread.start();
            if (!entered.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                return null;
            }
            return frame();
        }

        @Override
        public void run() {
            entered.countDown();
            try {
                leave.await(10 * PATIENCE_SECONDS, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        @Nullable StackTraceElement frame() {
            for (ThreadLook look : Threads.look(List.of(thread), Integer.MAX_VALUE)) {
                for (StackTraceElement frame : look.frames()) {
                    if (frame.getClassName().equals(Sleeper.class.getName()) && frame.getMethodName().equals("run")) {
                        return frame;
                    }
                }
            }
            return null;
        }
    }
}
