package dev.loom.agent.transform;

import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The class files that a loader finds, by internal name. A class of its own, as lambdas cost the start of a JVM more than all else that
 * the agent does there.
 */
record Resources(@Nullable ClassLoader loader) implements Function<String, Optional<byte[]>> {
    @Override
    public Optional<byte[]> apply(String name) {
        return Weaving.resource(new ClassId(loader, name));
    }
}
