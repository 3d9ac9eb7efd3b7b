package dev.loom.agent.control;

import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How a filter is installed.
 *
 * @param observe only count, enforce nothing
 * @param reverseAfter take the install back by itself if stragglers are left after this time; null to wait
 * @param removeWhenHarmful remove the filter when the deadlock guard had to break a wait
 * @param acceptDeadlocked do not wait for frames of threads that were deadlocked before, where an interrupt could set them free
 */
public record InstallOptions(boolean observe, @Nullable Duration reverseAfter, boolean removeWhenHarmful, boolean acceptDeadlocked) {

    /** Enforce, wait for stragglers, keep when harmful. */
    public static final InstallOptions DEFAULT = new InstallOptions(false, null, false, false);

    /**
     * Reads {@code mode=observe,on-straggler=reverse:75s,on-harmful=remove,on-deadlocked=accept}; null and empty mean the default.
     *
     * @throws IllegalArgumentException with what is allowed, for anything else
     */
    public static InstallOptions parse(@Nullable String text) {
        boolean observe = false;
        Duration reverse = null;
        boolean remove = false;
        boolean accept = false;
        if (text != null && !text.isBlank()) {
            for (String part : text.split(",")) {
                String option = part.strip().toLowerCase(Locale.ROOT);
                if (option.isEmpty()) {
                    continue;
                }
                switch (option) {
                    case "mode=enforce" -> observe = false;
                    case "mode=observe" -> observe = true;
                    case "on-straggler=wait" -> reverse = null;
                    case "on-harmful=keep" -> remove = false;
                    case "on-harmful=remove" -> remove = true;
                    case "on-deadlocked=wait" -> accept = false;
                    case "on-deadlocked=accept" -> accept = true;
                    default -> {
                        if (!option.startsWith("on-straggler=reverse:")) {
                            throw new IllegalArgumentException("unknown install option '" + part.strip()
                                    + "': allowed are mode=enforce|observe, on-straggler=wait|reverse:75s, on-harmful=keep|remove,"
                                    + " on-deadlocked=wait|accept");
                        }
                        reverse = seconds(option.substring("on-straggler=reverse:".length()), part.strip());
                    }
                }
            }
        }
        return new InstallOptions(observe, reverse, remove, accept);
    }

    private static Duration seconds(String text, String option) {
        try {
            if (text.endsWith("ms")) {
                return positive(Duration.ofMillis(Long.parseLong(text.substring(0, text.length() - 2))), option);
            }
            if (text.endsWith("s")) {
                return positive(Duration.ofSeconds(Long.parseLong(text.substring(0, text.length() - 1))), option);
            }
            if (text.endsWith("m")) {
                return positive(Duration.ofMinutes(Long.parseLong(text.substring(0, text.length() - 1))), option);
            }
        } catch (NumberFormatException | ArithmeticException e) {
            // said below
        }
        throw new IllegalArgumentException("bad duration in '" + option + "': write a whole number and ms, s or m, as in reverse:75s");
    }

    private static Duration positive(Duration duration, String option) {
        if (duration.isNegative() || duration.isZero()) {
            throw new IllegalArgumentException("the duration in '" + option + "' must be above 0");
        }
        return duration;
    }
}
