package dev.loom.ctl.output;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Words of state in the colours that people expect of them. */
final class Colours {

    private static final Pattern WORDS = Pattern.compile("\\b(?:(?<good>ACTIVE|OBSERVING|ENABLED|OK|DONE)"
            + "|(?<bad>FAILED|REJECTED|HARMFUL|FAIL|UNREACHABLE|ABORTED|ROLLED_BACK)"
            + "|(?<open>EVACUATING|CHECKING|WAITING_FOR_CLASS|ACCEPTED|REMOVING|WARN|PENDING|RUNNING|PAUSED|DISABLING|WAITING))\\b");

    private static final String GREEN = "\u001b[32m";
    private static final String RED = "\u001b[31m";
    private static final String YELLOW = "\u001b[33m";
    private static final String END = "\u001b[0m";

    private final boolean on;

    Colours(boolean on) {
        this.on = on;
    }

    String in(String line) {
        if (!on) {
            return line;
        }
        Matcher words = WORDS.matcher(line);
        return words.replaceAll(word -> (words.group("good") != null ? GREEN : words.group("bad") != null ? RED : YELLOW) + word.group() + END);
    }
}
