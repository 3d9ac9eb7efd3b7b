package dev.loom.console.target;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an agent says of its JVM when it registers, and again every 30 s.
 *
 * @param jmxUrl null if it has no connector
 * @param fingerprint of its connector's certificate, {@code sha256:…}; null without TLS
 * @param secret what the first registration was answered with; null if the agent has none
 * @param startTime epoch ms of the JVM's start
 */
public record Registration(
        String name,
        @Nullable Map<String, String> labels,
        @Nullable String jmxUrl,
        long pid,
        String host,
        @Nullable Long startTime,
        @Nullable String username,
        @Nullable String password,
        @Nullable String fingerprint,
        @Nullable String version,
        @Nullable String secret) {

    @Override
    public String toString() {
        return "Registration[" + name + " " + host + " " + pid + "]";
    }
}
