package dev.loom.agent.transform;

import dev.loom.filter.weave.WovenClass;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The classes of which some methods were left without update points when they were loaded, because their frames are gone soon. They get
 * them when Loom next changes the class. Whoever else retransforms it changes nothing about that: frames that run code without points have
 * to be noted when code with points comes. Thread-safe.
 */
final class LeftForLater {

    /**
     * What is left of a class.
     *
     * @param methods names and descriptors
     * @param woven what the class was woven to without them
     */
    record Left(Set<String> methods, WovenClass woven) {}

    private final LoaderTable<Left> left = new LoaderTable<>();
    /** Classes that have got the rest in the change that is under way. */
    private final Map<ClassId, WovenClass> completed = new ConcurrentHashMap<>();

    /** Notes what was left of a class that has been woven; what was left of it before stays so. */
    void add(ClassId id, WovenClass woven) {
        if (!woven.left().isEmpty()) {
            Left before = left.get(id);
            Set<String> methods = new HashSet<>(woven.left());
            if (before != null) {
                methods.addAll(before.methods());
            }
            left.put(id, new Left(Set.copyOf(methods), before == null ? woven : before.woven()));
        }
    }

    @Nullable Left of(ClassId id) {
        return left.get(id);
    }

    /** The class has got the rest, if the JVM takes it. */
    void completing(ClassId id, WovenClass woven) {
        completed.put(id, woven);
    }

    /** What the change has completed; the next one begins with nothing. */
    Map<ClassId, WovenClass> takeCompleted() {
        Map<ClassId, WovenClass> taken = Map.copyOf(completed);
        completed.clear();
        return taken;
    }

    void remove(ClassId id) {
        left.remove(id);
    }

    int size() {
        return left.size();
    }

    void clear() {
        left.clear();
        completed.clear();
    }
}
