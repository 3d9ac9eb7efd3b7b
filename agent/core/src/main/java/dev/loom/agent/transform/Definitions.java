package dev.loom.agent.transform;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The classes that passed the transformer last. A class that is being defined has passed it and is not yet listed as loaded:
 * an install would miss it. Thread-safe; keeps no loader alive.
 */
public final class Definitions {

    /** How many are remembered; a power of two. More are not under way at once. */
    private static final int CAPACITY = 8192;

    private record Passed(@Nullable WeakReference<ClassLoader> loader, String name, long nanos) {}

    private final AtomicReferenceArray<Passed> ring = new AtomicReferenceArray<>(CAPACITY);
    private final AtomicInteger next = new AtomicInteger();

    void passed(@Nullable ClassLoader loader, String name) {
        Passed entry = new Passed(loader == null ? null : new WeakReference<>(loader), name, System.nanoTime());
        ring.set(next.getAndIncrement() & (CAPACITY - 1), entry);
    }

    /** How many have passed, modulo 2^32. */
    public int count() {
        return next.get();
    }

    /** Classes of interest that passed within the given time. */
    public List<ClassId> since(long nanos, Predicate<String> interesting) {
        List<ClassId> result = new ArrayList<>();
        long now = System.nanoTime();
        for (int i = 0; i < CAPACITY; i++) {
            Passed entry = ring.get(i);
            if (entry == null || now - entry.nanos() > nanos || !interesting.test(entry.name())) {
                continue;
            }
            ClassLoader loader = entry.loader() == null ? null : entry.loader().get();
            if (entry.loader() == null || loader != null) {
                result.add(new ClassId(loader, entry.name()));
            }
        }
        return result;
    }
}
