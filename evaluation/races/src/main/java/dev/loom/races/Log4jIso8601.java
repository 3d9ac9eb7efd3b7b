package dev.loom.races;

import org.apache.log4j.Level;
import org.apache.log4j.Logger;
import org.apache.log4j.PatternLayout;
import org.apache.log4j.spi.LoggingEvent;

/** log4j 1.2: the last second's text is cached in static fields without a lock, and appenders lock only themselves. */
final class Log4jIso8601 implements Race {

    private static final int BATCH = 100;
    private static final int SECONDS = 10;

    private final Exclusion exclusion;
    private final Appender one = new Appender(1_000_000_000_000L);
    private final Appender other = new Appender(1_000_000_100_000L);

    Log4jIso8601(Exclusion exclusion) {
        this.exclusion = exclusion;
    }

    @Override
    public void prepare() {}

    @Override
    public void first() {
        one.write(exclusion);
    }

    @Override
    public void second() {
        other.write(exclusion);
    }

    @Override
    public int failures() {
        return one.wrong + other.wrong;
    }

    @Override
    public int operations() {
        return 2 * BATCH;
    }

    /** An appender's layout and events one second apart. */
    private static final class Appender {
        private final PatternLayout layout = new PatternLayout("%d{ISO8601}");
        private final LoggingEvent[] events = new LoggingEvent[SECONDS];
        private final String[] expected = new String[SECONDS];
        private int wrong;

        Appender(long start) {
            for (int i = 0; i < SECONDS; i++) {
                events[i] = new LoggingEvent("race", Logger.getRootLogger(), start + i * 1_000L, Level.INFO, "text", null);
                expected[i] = layout.format(events[i]);
            }
        }

        void write(Exclusion exclusion) {
            wrong = 0;
            for (int i = 0; i < BATCH; i++) {
                int n = i % SECONDS;
                exclusion.alone(() -> {
                    if (!layout.format(events[n]).equals(expected[n])) {
                        wrong++;
                    }
                });
            }
        }
    }
}
