package dev.loom.agent.transform;

import dev.loom.filter.weave.MethodWeaving;
import java.util.Map;

/** Asked when a class is defined that may belong to a filter in force. Called on the application's thread; must not throw. */
public interface LateClasses {

    /** No filter is in force. */
    LateClasses NONE = new LateClasses() {
        @Override
        public boolean isInteresting(String name) {
            return false;
        }

        @Override
        public Map<String, MethodWeaving> weavingOf(ClassId id, byte[] classFile) {
            return Map.of();
        }
    };

    /** Whether some filter names the class; cheap. */
    boolean isInteresting(String name);

    /** What to weave into the class that is being defined. */
    Map<String, MethodWeaving> weavingOf(ClassId id, byte[] classFile);
}
