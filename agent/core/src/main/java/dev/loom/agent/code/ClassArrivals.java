package dev.loom.agent.code;

import dev.loom.agent.transform.ClassId;
import dev.loom.agent.transform.Weaving;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Looks up classes that passed the transformer: a class is not listed as loaded before its definition is over. The manager's thread
 * only.
 */
public final class ClassArrivals {

    /** What to do with a class that has come. */
    public interface Reception {
        /** @param isWoven whether it was given the version's hooks when it was defined */
        void receive(Class<?> type, boolean isWoven);
    }

    /** A class that passed the transformer and is not there after this will not come, ns. */
    public static final long PATIENCE_NANOS = 30_000_000_000L;

    private final Weaving weaving;

    public ClassArrivals(Weaving weaving) {
        this.weaving = weaving;
    }

    /** Looks up the classes that a version expects; returns whether some are still expected. */
    public boolean settle(FilterVersion version, Reception reception) {
        if (!version.expectsArrivals()) {
            return false;
        }
        List<FilterVersion.Arrival> expected = version.takeArrivals();
        Map<ClassId, Class<?>> loaded = new HashMap<>();
        for (Class<?> type : weaving.loaded()) {
            if (!type.isArray() && version.names(type.getName().replace('.', '/'))) {
                loaded.put(ClassId.of(type), type);
            }
        }
        List<FilterVersion.Arrival> left = new ArrayList<>();
        for (FilterVersion.Arrival arrival : expected) {
            ClassId id = arrival.id();
            Class<?> type = id == null ? null : loaded.get(id);
            if (type != null) {
                reception.receive(type, arrival.isWoven());
            } else if (id != null && System.nanoTime() - arrival.nanos() < PATIENCE_NANOS) {
                left.add(arrival);
            }
        }
        version.stillExpect(left);
        return !left.isEmpty();
    }
}
