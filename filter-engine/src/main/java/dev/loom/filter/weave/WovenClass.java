package dev.loom.filter.weave;

import dev.loom.filter.analysis.UpdatePoints;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A woven class file.
 *
 * @param bytes null if nothing had to be changed
 * @param methods number of methods with update points or hooks
 * @param skipped places left without an update point, by reason
 * @param unpolled methods, by name and descriptor, that were to get polls and could not
 * @param left methods, by name and descriptor, that were left without update points for later
 * @param unwatched methods, by name and descriptor, that were to get watch points and could not
 */
public record WovenClass(
        byte @Nullable [] bytes, int methods, Map<UpdatePoints.Reason, Integer> skipped, Set<String> unpolled,
        Set<String> left, Set<String> unwatched) {

    /** Where watch points were not wanted, or none is missing. */
    public WovenClass(
            byte @Nullable [] bytes, int methods, Map<UpdatePoints.Reason, Integer> skipped, Set<String> unpolled, Set<String> left) {
        this(bytes, methods, skipped, unpolled, left, Set.of());
    }

    /** Where nothing is left for later. */
    public WovenClass(byte @Nullable [] bytes, int methods, Map<UpdatePoints.Reason, Integer> skipped, Set<String> unpolled) {
        this(bytes, methods, skipped, unpolled, Set.of());
    }

    /** Where polls were not wanted, or none is missing. */
    public WovenClass(byte @Nullable [] bytes, int methods, Map<UpdatePoints.Reason, Integer> skipped) {
        this(bytes, methods, skipped, Set.of());
    }

    public WovenClass {
        unpolled = Set.copyOf(unpolled);
        left = Set.copyOf(left);
        unwatched = Set.copyOf(unwatched);
    }
}
