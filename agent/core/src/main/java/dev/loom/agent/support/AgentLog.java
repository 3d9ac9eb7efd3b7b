package dev.loom.agent.support;

import dev.loom.agent.config.LogOptions;
import dev.loom.agent.config.LogOptions.Level;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.LocalDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The agent's log: one for each JVM, as there is one agent. Uses no logging library, since that of the application may be what
 * a filter changes; never throws. Thread-safe.
 */
public final class AgentLog {

    private static volatile LogOptions options = LogOptions.DEFAULT;

    private AgentLog() {}

    /** Sends what follows to the place of the options. */
    public static void use(LogOptions place) {
        options = place;
    }

    /** Something that stops the agent or one of its services. */
    public static void error(String message, @Nullable Throwable cause) {
        write(Level.ERROR, message, cause);
    }

    /** Something that an operator should know. */
    public static void warn(String message) {
        write(Level.WARN, message, null);
    }

    /** As {@link #warn(String)}, with what was thrown. */
    public static void warn(String message, @Nullable Throwable cause) {
        write(Level.WARN, message, cause);
    }

    /** Milestones. */
    public static void info(String message) {
        write(Level.INFO, message, null);
    }

    /** Details for who looks for a fault in Loom. */
    public static void debug(String message) {
        write(Level.DEBUG, message, null);
    }

    /** What an operator has to know whatever the level, such as where a generated password is; always to stderr too. */
    public static void tell(String message) {
        LogOptions place = options;
        try {
            System.err.println("loom: " + message);
            if (place.file() != null) {
                append(place.file(), line(place, "", message));
            }
        } catch (Throwable e) {
            // as in write
        }
    }

    /** Whether something of this level would be written. */
    public static boolean writes(Level level) {
        return level.compareTo(options.level()) <= 0;
    }

    private static void write(Level level, String message, @Nullable Throwable cause) {
        LogOptions place = options;
        if (level.compareTo(place.level()) > 0) {
            return;
        }
        try {
            String label = level == Level.WARN && place.file() == null ? "" : level.name().toLowerCase(Locale.ROOT) + ": ";
            StringWriter text = new StringWriter().append(line(place, label, message));
            if (cause != null) {
                cause.printStackTrace(new PrintWriter(text, true));
            }
            append(place.file(), text.toString());
        } catch (Throwable e) {
            // a log that cannot be written must not become a fault of the application
        }
    }

    private static String line(LogOptions place, String label, String message) {
        String time = place.file() == null ? "" : LocalDateTime.now().truncatedTo(ChronoUnit.MILLIS) + " ";
        return time + "loom: " + label + message + System.lineSeparator();
    }

    private static void append(@Nullable Path file, String text) {
        PrintStream stderr = System.err;
        if (file == null) {
            stderr.print(text);
            return;
        }
        synchronized (AgentLog.class) {
            try {
                // opened for each line: written seldom, and log rotation by moving the file away just works
                Files.write(file, text.getBytes(StandardCharsets.UTF_8), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            } catch (IOException e) {
                options = new LogOptions(null, options.level());
                stderr.println("loom: log: " + file.toAbsolutePath() + " cannot be written (" + e.getMessage()
                        + "); writing to stderr");
                stderr.print(text);
            }
        }
    }
}
