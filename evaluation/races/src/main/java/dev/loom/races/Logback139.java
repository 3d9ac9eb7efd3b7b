package dev.loom.races;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.core.joran.spi.JoranException;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;

/**
 * LBCLASSIC-139: an appender calls toString() of a logged object under its own lock. If that takes a lock under which another thread
 * logs, the two wait for each other for ever. Here toString() gives up after a while, so that the load goes on.
 */
final class Logback139 implements Race {

    private static final String CONFIGURATION = "<configuration><appender name='file' class='ch.qos.logback.core.FileAppender'>"
            + "<file>/dev/null</file><layout class='ch.qos.logback.classic.PatternLayout'><pattern>%level %msg%n</pattern></layout>"
            + "</appender><root><level value='info'/><appender-ref ref='file'/></root></configuration>";

    private static final long PATIENCE_MILLIS = 100;

    private final Exclusion exclusion;
    private final Logger log;
    private final Account account = new Account();

    Logback139(Exclusion exclusion) {
        this.exclusion = exclusion;
        LoggerContext context = new LoggerContext();
        JoranConfigurator configurator = new JoranConfigurator();
        configurator.setContext(context);
        try {
            configurator.doConfigure(new ByteArrayInputStream(CONFIGURATION.getBytes(StandardCharsets.UTF_8)));
        } catch (JoranException e) {
            throw new IllegalStateException("this is not the logback that the race is in", e);
        }
        log = context.getLogger("bank");
    }

    @Override
    public void prepare() {
        account.deadlocked = false;
    }

    @Override
    public void first() {
        exclusion.alone(() -> account.deposit(log));
    }

    @Override
    public void second() {
        exclusion.alone(() -> log.info("statement of {}", account));
    }

    @Override
    public int failures() {
        return account.deadlocked ? 1 : 0;
    }

    /** An application's object, guarded by a lock of its own. */
    static final class Account {

        private final ReentrantLock lock = new ReentrantLock();
        private int balance;
        private volatile boolean deadlocked;

        void deposit(Logger log) {
            lock.lock(); // filter: from before this
            try {
                balance++;
                Pause.micros(50);
                log.info("deposited");
            } finally {
                lock.unlock();
            }
        }

        @Override
        public String toString() {
            Pause.micros(50);
            try {
                boolean taken = lock.tryLock(PATIENCE_MILLIS / 2, TimeUnit.MILLISECONDS);
                if (!taken) {
                    Traces.noteThreads();
                    taken = lock.tryLock(PATIENCE_MILLIS - PATIENCE_MILLIS / 2, TimeUnit.MILLISECONDS);
                }
                if (!taken) {
                    deadlocked = true;
                    return "an account that is busy";
                }
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            try {
                return "an account with " + balance;
            } finally {
                lock.unlock();
            }
        }
    }
}
