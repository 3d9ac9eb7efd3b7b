package dev.loom.console.rest;

import dev.loom.console.contract.LoomProblem;
import dev.loom.console.contract.ProblemCode;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** Versions as entity tags. */
public final class ETags {

    private ETags() {}

    /** The tag of a version. */
    public static String of(int version) {
        return "\"" + version + "\"";
    }

    /** The version that {@code If-Match} names; empty for {@code *} and for no header. */
    public static OptionalInt version(@Nullable String ifMatch) {
        if (ifMatch == null || ifMatch.isBlank() || ifMatch.strip().equals("*")) {
            return OptionalInt.empty();
        }
        String tag = ifMatch.strip();
        tag = tag.startsWith("W/") ? tag.substring(2) : tag;
        tag = tag.length() > 1 && tag.startsWith("\"") && tag.endsWith("\"") ? tag.substring(1, tag.length() - 1) : tag;
        if (!tag.matches("\\d{1,9}")) {
            throw new LoomProblem(ProblemCode.VERSION_CHANGED, "'" + ifMatch + "' is not the ETag of a version.", "Send the ETag that GET gave.");
        }
        return OptionalInt.of(Integer.parseInt(tag));
    }

    /** The version that {@code If-Match} must name. */
    public static int required(@Nullable String ifMatch) {
        return version(ifMatch).orElseThrow(() -> new LoomProblem(
                ProblemCode.VERSION_REQUIRED,
                "A change needs the header If-Match with the version that it is made to.",
                "Send the ETag that GET gave, as in If-Match: \"3\"."));
    }
}
