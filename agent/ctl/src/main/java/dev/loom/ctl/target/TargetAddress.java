package dev.loom.ctl.target;

import dev.loom.ctl.failure.CommandFailure;
import java.net.MalformedURLException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.management.remote.JMXServiceURL;

/** What a person writes as TARGET. */
public sealed interface TargetAddress {

    /** A JVM on this machine. */
    record Pid(long pid) implements TargetAddress {
        @Override
        public String toString() {
            return "process " + pid;
        }
    }

    /** A JMX connector bound in an RMI registry. */
    record Registry(String host, int port, String name) implements TargetAddress {
        @Override
        public String toString() {
            return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
        }
    }

    /** A JMX connector named by its serialized stub, as the Attach API gives it. */
    record Stub(JMXServiceURL url) implements TargetAddress {
        @Override
        public String toString() {
            return url.toString();
        }
    }

    /**
     * Reads a TARGET. Of the JNDI names only RMI registries are taken: an address must not make the tool look something up in a
     * directory that it names.
     *
     * @throws CommandFailure if it is none of the three forms
     */
    static TargetAddress parse(String text) {
        String target = text.strip();
        if (target.matches("\\d{1,18}")) {
            return new Pid(Long.parseLong(target));
        }
        Matcher hostPort = Forms.HOST_PORT.matcher(target);
        if (hostPort.matches()) {
            return registry(hostPort.group(1), hostPort.group(2), "jmxrmi", target);
        }
        if (target.startsWith("service:jmx:")) {
            try {
                JMXServiceURL url = new JMXServiceURL(target);
                Matcher jndi = Forms.JNDI_RMI.matcher(url.getURLPath());
                if (jndi.matches()) {
                    return registry(
                            jndi.group(1) == null ? "localhost" : jndi.group(1),
                            jndi.group(2) == null ? "1099" : jndi.group(2),
                            jndi.group(3),
                            target);
                }
                if (url.getProtocol().equals("rmi") && url.getURLPath().startsWith("/stub/")) {
                    return new Stub(url);
                }
            } catch (MalformedURLException e) {
                // said below
            }
        }
        throw wrong(target);
    }

    private static TargetAddress registry(String host, String port, String name, String target) {
        int number = Integer.parseInt(port);
        if (number < 1 || number > 65_535) {
            throw wrong(target);
        }
        return new Registry(host.startsWith("[") ? host.substring(1, host.length() - 1) : host, number, name);
    }

    private static CommandFailure wrong(String target) {
        return CommandFailure.usage(
                "'" + target + "' is not a target",
                "write a pid, host:port, or service:jmx:rmi:///jndi/rmi://HOST:PORT/jmxrmi; 'jvms' lists the JVMs of this machine");
    }

    /** The regular expressions of the forms. */
    final class Forms {
        private static final String HOST = "(\\[[0-9a-fA-F:.%]+]|[A-Za-z0-9._-]+)";
        static final Pattern HOST_PORT = Pattern.compile(HOST + ":(\\d{1,5})");
        static final Pattern JNDI_RMI = Pattern.compile("/jndi/rmi://" + HOST + "?(?::(\\d{1,5}))?/([A-Za-z0-9._-]+)");

        private Forms() {}
    }
}
