package dev.loom.races;

import java.lang.reflect.Proxy;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.pattern.DatePatternConverter;

/** log4j-core 2.0.2: the cached date is made under the monitor and read after it, when it may be another thread's. */
final class Log4j2Date implements Race {

    private static final int BATCH = 5_000;

    private final Exclusion exclusion;
    private static final DatePatternConverter CONVERTER = DatePatternConverter.newInstance(new String[] {"yyyy-MM-dd HH:mm:ss"});
    private final Writer one = new Writer(1_000_000_000_000L);
    private final Writer other = new Writer(1_000_000_100_000L);

    Log4j2Date(Exclusion exclusion) {
        this.exclusion = exclusion;
    }

    @Override
    public void prepare() {}

    @Override
    public void first() {
        one.write();
    }

    @Override
    public void second() {
        other.write();
    }

    @Override
    public int failures() {
        return one.wrong + other.wrong;
    }

    @Override
    public int operations() {
        return 2 * BATCH;
    }

    @Override
    public int pairs() {
        return 4;
    }

    /** A thread that logs at its own time. */
    private final class Writer {
        private final LogEvent event;
        private final String expected;
        private int wrong;

        Writer(long time) {
            event = (LogEvent) Proxy.newProxyInstance(LogEvent.class.getClassLoader(), new Class<?>[] {LogEvent.class},
                    (proxy, method, arguments) -> method.getName().equals("getTimeMillis") ? time : null);
            expected = format();
        }

        void write() {
            wrong = 0;
            for (int i = 0; i < BATCH; i++) {
                exclusion.alone(() -> {
                    if (!format().equals(expected)) {
                        wrong++;
                    }
                });
            }
        }

        private String format() {
            StringBuilder line = new StringBuilder();
            CONVERTER.format(event, line);
            return line.toString();
        }
    }
}
