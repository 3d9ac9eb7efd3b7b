package dev.loom.console.filter;

import dev.loom.client.Remark;
import java.time.Instant;
import java.util.List;

/**
 * One version of a filter, whole.
 *
 * @param digest {@code sha256:…} of the text
 * @param note why this version was made
 * @param current whether it is the newest
 * @param diagnostics what the checker says of it, without any classes at hand
 */
public record FilterView(
        String name,
        int version,
        String text,
        String digest,
        String about,
        String ticket,
        String note,
        int warnings,
        Instant createdAt,
        String createdBy,
        boolean current,
        List<Remark> diagnostics) {}
