package dev.loom.races;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;

/**
 * Caffeine #193: an entry that is invalidated while it is being refreshed comes back with the old value. Each request has a virtual
 * thread of its own, on Java 21 and later.
 */
final class Caffeine193 implements Race {

    private static final String KEY = "key";

    private final Exclusion exclusion;
    private final Requests requests = new Requests();
    private final LoadingCache<String, Integer> cache;
    private volatile int source;

    Caffeine193(Exclusion exclusion) {
        this.exclusion = exclusion;
        // a request refreshes by itself: it has its own thread
        this.cache = Caffeine.newBuilder().executor(Runnable::run).build(key -> {
            int value = source;
            Pause.micros(50);
            return value;
        });
    }

    @Override
    public void prepare() {
        cache.get(KEY);
    }

    @Override
    public void first() throws InterruptedException {
        requests.run(() -> exclusion.shared(() -> cache.refresh(KEY)));
    }

    @Override
    public void second() throws InterruptedException {
        requests.run(() -> {
            source++;
            exclusion.alone(() -> cache.invalidate(KEY));
        });
    }

    @Override
    public int failures() {
        Integer cached = cache.getIfPresent(KEY);
        return cached == null || cached == source ? 0 : 1;
    }
}
