package dev.loom.agent.transform;

import dev.loom.filter.weave.MethodWeaving;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Asked when a class comes that may belong to a filter in force: newly defined, or redefined with another class file by somebody
 * else. Called on the application's thread.
 */
public interface LateClasses {

    /** No filter is in force. */
    LateClasses NONE = new LateClasses() {
        @Override
        public boolean isInteresting(String name) {
            return false;
        }

        @Override
        public Map<String, List<MethodWeaving.Region>> regionsOf(ClassId id, byte[] classFile, @Nullable Class<?> redefined) {
            return Map.of();
        }

        @Override
        public void lost(ClassId id, String why) {}
    };

    /** Whether some filter names the class; cheap. */
    boolean isInteresting(String name);

    /**
     * What to weave into the class that is being defined, by method name and descriptor.
     *
     * @param redefined the class, if it is there already
     */
    Map<String, List<MethodWeaving.Region>> regionsOf(ClassId id, byte[] classFile, @Nullable Class<?> redefined);

    /** The class goes without what was to be woven into it. */
    void lost(ClassId id, String why);
}
