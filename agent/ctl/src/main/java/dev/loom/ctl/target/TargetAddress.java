package dev.loom.ctl.target;

import dev.loom.client.JvmAddress;
import dev.loom.ctl.failure.CommandFailure;

/** What a person writes as TARGET. */
public sealed interface TargetAddress {

    /** A JVM on this machine. */
    record Pid(long pid) implements TargetAddress {
        @Override
        public String toString() {
            return "process " + pid;
        }
    }

    /** A JMX connector: in an RMI registry, or named by its stub. */
    record Connector(JvmAddress address) implements TargetAddress {
        @Override
        public String toString() {
            return address instanceof JvmAddress.Registry registry ? registry.hostAndPort() : address.url();
        }
    }

    /**
     * Reads a TARGET.
     *
     * @throws CommandFailure if it is none of the forms
     */
    static TargetAddress parse(String text) {
        String target = text.strip();
        if (target.matches("\\d{1,18}")) {
            return new Pid(Long.parseLong(target));
        }
        try {
            return new Connector(JvmAddress.local(target));
        } catch (IllegalArgumentException e) {
            throw CommandFailure.usage(
                    "'" + target + "' is not a target",
                    "write a pid, host:port, or service:jmx:rmi:///jndi/rmi://HOST:PORT/jmxrmi; 'jvms' lists the JVMs of this machine");
        }
    }
}
