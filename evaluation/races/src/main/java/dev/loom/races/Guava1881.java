package dev.loom.races;

import com.google.common.cache.CacheBuilder;
import com.google.common.cache.CacheLoader;
import com.google.common.cache.LoadingCache;

/** guava #1881: invalidating a key while it is being loaded discards nothing, and the old value stays for ever. */
final class Guava1881 implements Race {

    private static final String KEY = "key";

    private final Exclusion exclusion;
    private volatile int source;
    private final LoadingCache<String, Integer> cache = CacheBuilder.newBuilder().build(new CacheLoader<>() {
        @Override
        public Integer load(String key) {
            int value = source;
            Pause.micros(50);
            return value;
        }
    });

    Guava1881(Exclusion exclusion) {
        this.exclusion = exclusion;
    }

    @Override
    public void prepare() {
        cache.invalidate(KEY);
    }

    @Override
    public void first() {
        exclusion.shared(() -> cache.getUnchecked(KEY));
    }

    @Override
    public void second() {
        source++;
        exclusion.alone(() -> cache.invalidate(KEY));
    }

    @Override
    public int failures() {
        Integer cached = cache.getIfPresent(KEY);
        return cached == null || cached == source ? 0 : 1;
    }
}
