package dev.loom.filter.weave;

import dev.loom.filter.analysis.SwitchPoints;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A woven class file.
 *
 * @param bytes null if nothing had to be changed
 * @param methods number of methods with switch points or hooks
 * @param skipped places left without a switch point, by reason
 */
public record WovenClass(byte @Nullable [] bytes, int methods, Map<SwitchPoints.Reason, Integer> skipped) {}
