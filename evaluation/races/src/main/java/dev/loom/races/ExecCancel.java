package dev.loom.races;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import org.apache.commons.exec.CommandLine;
import org.apache.commons.exec.DefaultExecutor;
import org.apache.commons.exec.ExecuteException;
import org.apache.commons.exec.ExecuteResultHandler;
import org.apache.commons.exec.ExecuteWatchdog;
import org.apache.commons.exec.PumpStreamHandler;

/**
 * commons-exec 1.1: destroyProcess() before the executor's thread has handed the process over is forgotten, and the process runs on.
 * An order violation: no lock makes the hand-over come first.
 */
final class ExecCancel implements Race {

    private final Exclusion exclusion;
    private boolean failed;

    ExecCancel(Exclusion exclusion) {
        this.exclusion = exclusion;
    }

    @Override
    public void prepare() {}

    @Override
    public void first() throws Exception {
        Export export = new Export();
        export.start();
        if (exclusion.isOn()) {
            export.awaitStart();
        }
        export.cancel();
        failed = export.runsOn();
    }

    /** The other side is the executor's own thread. */
    @Override
    public void second() {}

    @Override
    public int failures() {
        return failed ? 1 : 0;
    }

    /** A job of an application that runs a program and can be cancelled. */
    static final class Export {

        private final CountDownLatch started = new CountDownLatch(1);
        private final CountDownLatch ended = new CountDownLatch(1);
        private final Watchdog watchdog = new Watchdog(started);

        void start() throws IOException {
            DefaultExecutor executor = new DefaultExecutor();
            executor.setStreamHandler(new PumpStreamHandler(null, null, null));
            executor.setWatchdog(watchdog);
            executor.execute(CommandLine.parse("sleep 60"), new ExecuteResultHandler() {
                @Override
                public void onProcessComplete(int exitValue) {
                    ended.countDown();
                }

                @Override
                public void onProcessFailed(ExecuteException e) {
                    ended.countDown();
                }
            });
        }

        void cancel() {
            watchdog.destroyProcess(); // filter: not before the executor has handed the process over
        }

        void awaitStart() throws InterruptedException {
            started.await();
        }

        /** Whether the cancelled program was left running; ends it then. */
        boolean runsOn() throws InterruptedException {
            started.await();
            boolean forgotten = !watchdog.killedProcess();
            watchdog.process.destroyForcibly();
            ended.await();
            return forgotten;
        }
    }

    /** Shows the harness the process, and when the library has handed it over. */
    private static final class Watchdog extends ExecuteWatchdog {

        private final CountDownLatch started;
        private volatile Process process;

        Watchdog(CountDownLatch started) {
            super(INFINITE_TIMEOUT);
            this.started = started;
        }

        @Override
        public void start(Process launched) {
            process = launched;
            super.start(launched);
            started.countDown();
        }
    }
}
