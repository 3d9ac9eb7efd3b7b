package dev.loom.console.page;

import org.jspecify.annotations.Nullable;
import org.springframework.web.util.UriUtils;

/** The part of a list's address that its next page keeps. */
final class Query {

    private Query() {}

    /** {@code &name=value} for each value that is there. */
    static String of(@Nullable Object... namesAndValues) {
        StringBuilder query = new StringBuilder();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            Object value = namesAndValues[i + 1];
            if (value != null && !value.toString().isEmpty()) {
                query.append('&').append(namesAndValues[i]).append('=').append(UriUtils.encode(value.toString(), "UTF-8"));
            }
        }
        return query.toString();
    }
}
