package dev.loom.client;

import java.net.MalformedURLException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.management.remote.JMXServiceURL;

/**
 * Where a JVM's JMX connector is. Only RMI: a registry at host and port, or, for JVMs on this machine, the stub that the Attach
 * API hands out. Other JNDI names (ldap, say) are refused: the address of a JVM must not make us look something up elsewhere. What is
 * none of these is an {@link IllegalArgumentException}.
 */
public sealed interface JvmAddress {

    /** The JMX service URL. */
    String url();

    /** Host, for people and for finding a JVM again. */
    String host();

    /** A connector bound in an RMI registry. */
    record Registry(String host, int port, String name) implements JvmAddress {
        @Override
        public String url() {
            return "service:jmx:rmi:///jndi/rmi://" + hostAndPort() + "/" + name;
        }

        /** As people write it; an IPv6 address in brackets. */
        public String hostAndPort() {
            return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
        }
    }

    /** A connector of a JVM on this machine, reached through its serialized stub. */
    record Stub(String url, JMXServiceURL parsed) implements JvmAddress {
        @Override
        public String host() {
            return "localhost";
        }
    }

    /** Longest address, in characters: what a host name may have, and what stands around it. */
    int MAX_LENGTH = 600;

    Pattern HOST_PORT = Pattern.compile("(\\[[0-9a-fA-F:.%]+]|[A-Za-z0-9._-]+):(\\d{1,5})");
    Pattern JNDI_RMI = Pattern.compile("/jndi/rmi://(\\[[0-9a-fA-F:.%]+]|[A-Za-z0-9._-]+)?(?::(\\d{1,5}))?/([A-Za-z0-9._-]+)");

    /** Reads what a person typed: {@code host:port} or {@code service:jmx:rmi:///jndi/rmi://host:port/jmxrmi}. */
    static Registry parse(String text) {
        String address = text.strip();
        if (address.length() > MAX_LENGTH) {
            throw bad(address);
        }
        Matcher hostPort = HOST_PORT.matcher(address);
        if (hostPort.matches()) {
            return registry(hostPort.group(1), hostPort.group(2), "jmxrmi", address);
        }
        Matcher jndi = JNDI_RMI.matcher(serviceUrl(address).getURLPath());
        if (!jndi.matches()) {
            throw bad(address);
        }
        return registry(
                jndi.group(1) == null ? "localhost" : jndi.group(1), jndi.group(2) == null ? "1099" : jndi.group(2), jndi.group(3), address);
    }

    /** The same, and also a stub's URL, as the Attach API hands it out for a JVM on this machine. */
    static JvmAddress local(String text) {
        if (!text.startsWith("service:jmx:")) {
            return parse(text);
        }
        JMXServiceURL url = serviceUrl(text);
        return url.getURLPath().startsWith("/stub/") ? new Stub(text, url) : parse(text);
    }

    private static JMXServiceURL serviceUrl(String address) {
        try {
            JMXServiceURL url = new JMXServiceURL(address);
            if (url.getProtocol().equals("rmi")) {
                return url;
            }
        } catch (MalformedURLException e) {
            // said below
        }
        throw bad(address);
    }

    private static Registry registry(String host, String port, String name, String address) {
        int number = Integer.parseInt(port);
        if (number < 1 || number > 65_535) {
            throw bad(address);
        }
        return new Registry(host.startsWith("[") ? host.substring(1, host.length() - 1) : host, number, name);
    }

    private static IllegalArgumentException bad(String address) {
        String shown = address.length() > 200 ? address.substring(0, 200) + "…" : address;
        return new IllegalArgumentException("'" + shown + "' is not the address of a JMX connector");
    }
}
