package dev.loom.console.page;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.context.i18n.LocaleContextHolder;

/** Numbers and times as the pages write them, numbers as in the country of whoever looks; {@code fmt} in templates. */
public final class Format {

    static final Format INSTANCE = new Format();

    private static final DateTimeFormatter MOMENT = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss 'UTC'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);
    /** Enough of a digest to tell two apart by eye. */
    private static final int DIGEST_CHARACTERS = "sha256:".length() + 10;

    private Format() {}

    /** Of whoever looks, as their browser says. */
    private static Locale locale() {
        return LocaleContextHolder.getLocale();
    }

    /** 12,345, in German 12.345; a dash where there is none. */
    public String count(@Nullable Number number) {
        return number == null ? "–" : String.format(locale(), "%,d", number.longValue());
    }

    /** 0.04 %; a dash where there is none. */
    public String percent(@Nullable Double percent) {
        if (percent == null || percent.isNaN() || percent < 0) {
            return "–";
        }
        return percent == 0 ? "0 %" : percent < 0.01 ? "<" + String.format(locale(), "%.2f %%", 0.01)
                : String.format(locale(), percent < 10 ? "%.2f %%" : "%.0f %%", percent);
    }

    /** 0.4, 12.5, 340: how often a second. */
    public String perSecond(double times) {
        return String.format(locale(), times < 100 ? "%.1f" : "%.0f", times);
    }

    /** Whole percents of a share from 0 to 1; 100 only for all of it. */
    public int hundredths(double share) {
        return (int) Math.floor(Math.min(1, Math.max(0, share)) * 100);
    }

    /** A duration with three digits or so: 850 ns, 12.3 µs, 4.56 s. */
    public String nanos(long nanos) {
        if (nanos < 1_000) {
            return nanos + " ns";
        }
        if (nanos < 1_000_000) {
            return digits(nanos / 1e3) + " µs";
        }
        if (nanos < 1_000_000_000) {
            return digits(nanos / 1e6) + " ms";
        }
        return nanos < 120_000_000_000L ? digits(nanos / 1e9) + " s" : millis(nanos / 1_000_000);
    }

    private static String digits(double number) {
        return String.format(locale(), number < 10 ? "%.2f" : number < 100 ? "%.1f" : "%.0f", number);
    }

    /** How long somebody has waited: 850 ms, then as {@link #millis}. */
    public String waited(long millis) {
        return millis < 1_000 ? millis + " ms" : millis(millis);
    }

    /** 12 s, 3 min, 5 h 20 min, 2 d 4 h. */
    public String millis(long millis) {
        long seconds = millis / 1_000;
        if (seconds < 120) {
            return seconds + " s";
        }
        long minutes = seconds / 60;
        if (minutes < 60) {
            return minutes + " min";
        }
        return minutes < 48 * 60
                ? minutes / 60 + " h " + minutes % 60 + " min"
                : minutes / 1_440 + " d " + minutes / 60 % 24 + " h";
    }

    /** For who has no script; with script the page says how long ago that was. */
    public String moment(@Nullable Instant moment) {
        return moment == null ? "" : MOMENT.format(moment);
    }

    /** Where a frame of a stack is, or what a filter names. */
    public Place place(String text) {
        return Place.of(text);
    }

    /** The first digits of a digest. */
    public String shortDigest(String digest) {
        return digest.length() <= DIGEST_CHARACTERS ? digest : digest.substring(0, DIGEST_CHARACTERS) + "…";
    }
}
