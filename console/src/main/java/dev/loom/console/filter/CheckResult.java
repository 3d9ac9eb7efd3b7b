package dev.loom.console.filter;

import dev.loom.client.Remark;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the checker says of a text.
 *
 * @param accepted whether no remark is an error
 * @param filter the name that the filter would have
 * @param target the JVM whose classes were asked; null for none
 */
public record CheckResult(boolean accepted, String filter, @Nullable Long target, List<Remark> diagnostics) {}
