package dev.loom.console.rollout;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Times as people write them: {@code 75s}, {@code 10m}, {@code 2h}, {@code 1d}. */
final class Times {

    private static final Pattern TIME = Pattern.compile("(\\d{1,6})(s|m|h|d)");

    private Times() {}

    /** Null if it is none. */
    static @Nullable Duration parse(String text) {
        Matcher time = TIME.matcher(text.strip());
        if (!time.matches()) {
            return null;
        }
        long number = Long.parseLong(time.group(1));
        return switch (time.group(2)) {
            case "s" -> Duration.ofSeconds(number);
            case "m" -> Duration.ofMinutes(number);
            case "h" -> Duration.ofHours(number);
            default -> Duration.ofDays(number);
        };
    }

    static String text(Duration time) {
        long seconds = time.toSeconds();
        if (seconds == 0 || seconds % 60 != 0) {
            return seconds + "s";
        }
        long minutes = seconds / 60;
        return minutes % 60 != 0 ? minutes + "m" : minutes % 1_440 != 0 ? minutes / 60 + "h" : minutes / 1_440 + "d";
    }
}
