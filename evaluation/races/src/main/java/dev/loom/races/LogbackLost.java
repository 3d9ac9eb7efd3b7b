package dev.loom.races;

import ch.qos.logback.core.AppenderBase;
import ch.qos.logback.core.AsyncAppenderBase;
import ch.qos.logback.core.ContextBase;
import ch.qos.logback.core.filter.Filter;
import ch.qos.logback.core.spi.FilterReply;
import java.util.concurrent.CountDownLatch;

/** logback-core 1.2.3: an event that has passed the test for a running appender is queued after stop() has ended the worker. */
final class LogbackLost implements Race {

    private final Exclusion exclusion;
    private AsyncAppenderBase<String> appender;
    private CountDownLatch accepted;
    private volatile boolean written;

    LogbackLost(Exclusion exclusion) {
        this.exclusion = exclusion;
    }

    @Override
    public void prepare() {
        written = false;
        accepted = new CountDownLatch(1);
        ContextBase context = new ContextBase();
        AppenderBase<String> target = new AppenderBase<>() {
            @Override
            protected void append(String event) {
                written = true;
            }
        };
        target.setContext(context);
        target.start();
        appender = new AsyncAppenderBase<>();
        appender.setContext(context);
        appender.addAppender(target);
        appender.addFilter(new Filter<>() {
            @Override
            public FilterReply decide(String event) {
                accepted.countDown();
                Pause.micros(300);
                return FilterReply.NEUTRAL;
            }
        });
        appender.start();
    }

    @Override
    public void first() {
        exclusion.shared(() -> appender.doAppend("event"));
    }

    @Override
    public void second() throws InterruptedException {
        accepted.await();
        exclusion.alone(appender::stop);
    }

    /** stop() has waited for the worker, so what is not written now never will be. */
    @Override
    public int failures() {
        return written ? 0 : 1;
    }
}
