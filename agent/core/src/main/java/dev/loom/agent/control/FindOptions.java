package dev.loom.agent.control;

import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How races are looked for.
 *
 * @param time how long, unless it is ended before
 * @param budgetPercent of the time passed, what pauses and watch points may take
 */
public record FindOptions(Duration time, double budgetPercent) {

    /** A minute, 3 %. */
    public static final FindOptions DEFAULT = new FindOptions(Duration.ofSeconds(60), 3);

    private static final Duration LONGEST = Duration.ofHours(24);
    private static final double SMALLEST_BUDGET = 0.1;
    private static final double LARGEST_BUDGET = 50;

    /**
     * Reads {@code for=60s,budget=3%}; null and empty mean the default.
     *
     * @throws IllegalArgumentException with what is allowed, for anything else
     */
    public static FindOptions parse(@Nullable String text) {
        Duration time = DEFAULT.time;
        double budget = DEFAULT.budgetPercent;
        for (String part : text == null ? new String[0] : text.split(",")) {
            String option = part.strip().toLowerCase(Locale.ROOT);
            if (option.startsWith("for=")) {
                time = time(option.substring("for=".length()));
            } else if (option.startsWith("budget=")) {
                budget = budget(option.substring("budget=".length()));
            } else if (!option.isEmpty()) {
                throw new IllegalArgumentException("unknown option '" + part.strip() + "': allowed are for=60s and budget=3%");
            }
        }
        return new FindOptions(time, budget);
    }

    private static Duration time(String text) {
        String number = text.replaceFirst("[a-z]+$", "").strip();
        long seconds = switch (text.substring(number.length()).strip()) {
            case "", "s" -> 1;
            case "m" -> 60;
            case "h" -> 3_600;
            default -> 0;
        };
        try {
            Duration time = Duration.ofSeconds(Math.multiplyExact(Long.parseLong(number), seconds));
            if (time.toSeconds() >= 1 && time.compareTo(LONGEST) <= 0) {
                return time;
            }
        } catch (NumberFormatException | ArithmeticException e) {
            // said below
        }
        throw new IllegalArgumentException("bad time '" + text + "': write a whole number and s, m or h, from 1s to 24h");
    }

    private static double budget(String text) {
        try {
            double percent = Double.parseDouble(text.replace("%", "").strip());
            if (percent >= SMALLEST_BUDGET && percent <= LARGEST_BUDGET) {
                return percent;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw new IllegalArgumentException("bad budget '" + text + "': write a percentage from " + SMALLEST_BUDGET + "% to "
                + (int) LARGEST_BUDGET + "%, as in 3%");
    }
}
