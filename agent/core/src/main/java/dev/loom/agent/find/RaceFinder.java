package dev.loom.agent.find;

import dev.loom.agent.code.WovenCode;
import dev.loom.agent.config.ClassPatterns;
import dev.loom.agent.control.FindOptions;
import dev.loom.agent.control.FindStatus;
import dev.loom.agent.facade.Facade;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The searches for races of this JVM, one at a time. All but {@link #status} is for the manager's thread; a search ends by itself, on that
 * thread too.
 */
public final class RaceFinder implements AutoCloseable {

    /** Runs something on the manager's thread, after some ms. */
    @FunctionalInterface
    public interface Later {
        void run(Runnable task, long millis);
    }

    private final WovenCode code;
    private final Later later;
    private volatile @Nullable FoundSearch search;
    /** What the last one that has ended came to. */
    private volatile FindStatus last = FindStatus.NONE;

    public RaceFinder(WovenCode code, Later later) {
        this.code = code;
        this.later = later;
    }

    /**
     * Begins a search.
     *
     * @throws IllegalArgumentException if a pattern is none
     * @throws IllegalStateException if there is one under way, or the JVM does not take what it needs
     */
    public FindStatus start(String classes, FindOptions options) {
        FoundSearch before = search;
        if (before != null) {
            throw new IllegalStateException("races are being looked for already, in " + before.patterns() + ", for "
                    + before.left().toSeconds() + " s more: wait for that, or end it with stopFinding");
        }
        ClassPatterns patterns = ClassPatterns.parse("classes", classes);
        if (patterns.isEmpty()) {
            throw new IllegalArgumentException("no class is named: write com.acme.** or com.acme.Bank, several separated by ';'");
        }
        try {
            Facade.provideWatch(code.instrumentation());
        } catch (IOException e) {
            throw new IllegalStateException("the agent's jar cannot be read any more: " + e.getMessage(), e);
        }
        FoundSearch begun = new FoundSearch(code, patterns, options, task -> later.run(task, 0));
        try {
            begun.begin();
        } catch (RuntimeException | Error e) {
            begun.end();
            throw e;
        }
        search = begun;
        // weakly: if it is ended before, nothing of it is to stay
        WeakReference<FoundSearch> atItsTime = new WeakReference<>(begun);
        later.run(() -> {
            if (atItsTime.get() == search) {
                stop();
            }
        }, options.time().toMillis());
        return begun.status();
    }

    /** Ends the search, if there is one. */
    public FindStatus stop() {
        FoundSearch now = search;
        if (now != null) {
            try {
                last = now.end();
            } finally {
                search = null; // whatever came of it, the next one may begin
            }
        }
        return last;
    }

    /** What is known now. Thread-safe. */
    public FindStatus status() {
        FoundSearch now = search;
        return now == null ? last : now.status();
    }

    @Override
    public void close() {
        stop();
    }

    /** For messages. */
    static Duration notNegative(Duration time) {
        return time.isNegative() ? Duration.ZERO : time;
    }
}
