package dev.loom.filter.classes;

import java.util.Optional;
import java.util.Set;

/** A source without any class. */
record NoClasses(boolean mayGrow) implements ClassSource {

    @Override
    public Optional<byte[]> find(String internalName) {
        return Optional.empty();
    }

    @Override
    public Set<String> names() {
        return Set.of();
    }
}
