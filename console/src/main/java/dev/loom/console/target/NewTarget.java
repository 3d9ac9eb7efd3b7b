package dev.loom.console.target;

import dev.loom.console.jmx.AppBean;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A JVM to add by its address.
 *
 * @param address {@code host:port} or a JMX service URL
 * @param name null to take what its agent says
 * @param appBean where the application counts its failures; null to look for the usual one
 */
public record NewTarget(
        String address,
        @Nullable String name,
        @Nullable Map<String, String> labels,
        @Nullable String username,
        @Nullable String password,
        @Nullable AppBean appBean) {

    @Override
    public String toString() {
        return "NewTarget[" + address + "]";
    }
}
