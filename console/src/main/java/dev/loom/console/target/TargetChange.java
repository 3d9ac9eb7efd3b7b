package dev.loom.console.target;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is to be different about a JVM in the list; null leaves it as it is.
 *
 * @param username empty, with an empty password, to connect without
 */
public record TargetChange(
        @Nullable String name, @Nullable Map<String, String> labels, @Nullable String username, @Nullable String password) {

    boolean changesLogin() {
        return username != null || password != null;
    }

    @Override
    public String toString() {
        return "TargetChange[" + name + "]";
    }
}
