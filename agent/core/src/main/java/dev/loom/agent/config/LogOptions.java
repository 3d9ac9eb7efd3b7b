package dev.loom.agent.config;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where the agent writes, and what.
 *
 * @param file null for stderr
 */
public record LogOptions(@Nullable Path file, Level level) {

    /** stderr, warnings. */
    public static final LogOptions DEFAULT = new LogOptions(null, Level.WARN);

    /** Least weight of what is written. */
    public enum Level {
        ERROR,
        WARN,
        INFO,
        DEBUG
    }
}
