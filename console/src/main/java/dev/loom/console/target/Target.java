package dev.loom.console.target;

import dev.loom.console.jmx.AppBean;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A JVM that the console knows, as stored.
 *
 * @param jmxUrl JMX service URL; empty for a registered JVM whose agent has no connector
 * @param passwordSealed encrypted, for {@link PasswordSeal}
 * @param fingerprint of the certificate that its connector must show, {@code sha256:…}; null for none
 * @param pid null if not known
 * @param jvmStart epoch ms; null if not known
 * @param appBean where the application counts its failures; null to look for the usual one
 * @param lastSeen epoch ms of the last answer
 */
public record Target(
        long id,
        String name,
        Map<String, String> labels,
        Source source,
        String jmxUrl,
        @Nullable String username,
        @Nullable String passwordSealed,
        @Nullable String fingerprint,
        String host,
        @Nullable Long pid,
        @Nullable Long jvmStart,
        String agentVersion,
        @Nullable AppBean appBean,
        long createdAt,
        String createdBy,
        @Nullable Long lastSeen,
        @Nullable Long lastHeartbeat) {

    /** How a JVM became known. */
    public enum Source {
        /** By its JMX address. */
        JMX,
        /** Its agent registered itself. */
        REGISTERED,
        /** On this machine, attached from here. */
        LOCAL
    }

    @Override
    public String toString() {
        return "Target[" + id + " " + name + " " + jmxUrl + "]";
    }
}
