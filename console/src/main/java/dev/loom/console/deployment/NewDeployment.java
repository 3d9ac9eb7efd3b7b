package dev.loom.console.deployment;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A wish to enable a filter.
 *
 * @param version null for the current one
 * @param mode {@code enforce} (also null) or {@code observe}
 * @param targets ids of JVMs; or
 * @param selector their labels, {@code env=prod,app=shop}; JVMs that come later are included
 * @param allowEmpty whether a selector may match no JVM now, and wait for those that come
 * @param onStraggler {@code wait} (also null) or {@code reverse:75s}
 * @param onHarmful {@code keep} (also null) or {@code remove}
 * @param onDeadlocked {@code wait} (also null) or {@code accept}: threads that were deadlocked before the install
 */
public record NewDeployment(
        String filter,
        @Nullable Integer version,
        @Nullable String mode,
        @Nullable List<Long> targets,
        @Nullable String selector,
        @Nullable String onStraggler,
        @Nullable String onHarmful,
        @Nullable String onDeadlocked,
        boolean allowEmpty) {}
