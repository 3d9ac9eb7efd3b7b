package dev.loom.console.jmx;

import dev.loom.console.contract.LoomProblem;
import dev.loom.console.contract.ProblemCode;
import java.io.IOException;
import java.rmi.ConnectIOException;
import java.rmi.NotBoundException;
import java.rmi.registry.LocateRegistry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import javax.management.Attribute;
import javax.management.AttributeList;
import javax.management.InstanceNotFoundException;
import javax.management.JMException;
import javax.management.MBeanException;
import javax.management.MBeanServerConnection;
import javax.management.MalformedObjectNameException;
import javax.management.Notification;
import javax.management.ObjectName;
import javax.management.ReflectionException;
import javax.management.RuntimeErrorException;
import javax.management.RuntimeMBeanException;
import javax.management.RuntimeOperationsException;
import javax.management.openmbean.CompositeData;
import javax.management.remote.rmi.RMIConnector;
import javax.management.remote.rmi.RMIServer;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;

/**
 * An open JMX connection to one JVM, and what the console asks there. Thread-safe. Every call is bounded by the timeouts of
 * {@link RmiSettings}.
 *
 * <p>The registry is asked directly, not through JNDI, whose object factories run code that a stranger's registry names.
 */
public final class AgentConnection implements AutoCloseable {

    static final ObjectName AGENT = name("dev.loom:type=Agent");
    private static final ObjectName RUNTIME = name("java.lang:type=Runtime");

    private static final String[] AGENT_ATTRIBUTES = {
        "Version", "Mode", "Name", "Labels", "Uptime", "InstrumentedClasses", "InstrumentedMethods", "SkippedMethods",
        "TransformTimeMillis", "OverheadPercent", "AgentFaults", "Filters"
    };

    /** Longest wait in one fetch of notifications, ms: below the timeout of an answer. */
    private static final long FETCH_MILLIS = 10_000;

    private final JmxAddress address;
    private final RMIConnector connector;
    private final MBeanServerConnection server;
    private final JvmInfo jvm;
    private volatile boolean listening;

    private AgentConnection(JmxAddress address, RMIConnector connector, MBeanServerConnection server, JvmInfo jvm) {
        this.address = address;
        this.connector = connector;
        this.server = server;
        this.jvm = jvm;
    }

    /**
     * Connects.
     *
     * @param fingerprint of the certificate that the connector must show, {@code sha256:…}; null if none is known
     */
    public static AgentConnection open(JmxAddress address, @Nullable Credentials credentials, @Nullable String fingerprint)
            throws Unreachable {
        RmiSettings.apply();
        if (address instanceof JmxAddress.Registry registry) {
            TlsPins.pin(registry.host(), registry.port(), fingerprint);
        }
        Map<String, Object> environment = new HashMap<>();
        environment.put("jmx.remote.x.notification.fetch.timeout", FETCH_MILLIS);
        environment.put("jmx.remote.x.client.connection.check.period", 0L); // the reader asks every second anyway
        if (credentials != null) {
            environment.put("jmx.remote.credentials", new String[] {credentials.username(), credentials.password()});
        }
        RMIConnector connector = null;
        try {
            connector = connector(address, environment, fingerprint);
            connector.connect(environment);
            MBeanServerConnection server = connector.getMBeanServerConnection();
            return new AgentConnection(address, connector, server, jvm(server));
        } catch (Exception e) {
            if (connector != null) {
                closeQuietly(connector);
            }
            throw Unreachable.decode(address, e);
        }
    }

    private static RMIConnector connector(JmxAddress address, Map<String, Object> environment, @Nullable String fingerprint)
            throws Exception {
        if (address instanceof JmxAddress.Stub stub) {
            return new RMIConnector(stub.parsed(), environment);
        }
        JmxAddress.Registry registry = (JmxAddress.Registry) address;
        Object bound;
        if (fingerprint != null) {
            bound = overTls(registry, fingerprint);
        } else {
            try {
                bound = LocateRegistry.getRegistry(registry.host(), registry.port()).lookup(registry.name());
            } catch (ConnectIOException notPlain) {
                bound = tlsOr(registry, notPlain);
            }
        }
        return new RMIConnector((RMIServer) bound, environment);
    }

    /** A registry that does not speak plain RMI may speak it over TLS. */
    private static Object tlsOr(JmxAddress.Registry registry, ConnectIOException notPlain) throws Exception {
        try {
            return overTls(registry, null);
        } catch (IOException e) {
            for (Throwable cause = e; cause != null; cause = cause.getCause()) {
                if (cause instanceof SSLHandshakeException) {
                    throw e; // it is TLS, with a certificate that nobody here knows
                }
            }
            throw notPlain;
        }
    }

    private static Object overTls(JmxAddress.Registry registry, @Nullable String fingerprint) throws IOException, NotBoundException {
        return LocateRegistry.getRegistry(registry.host(), registry.port(), new TlsPins.Sockets(fingerprint)).lookup(registry.name());
    }

    private static JvmInfo jvm(MBeanServerConnection server) throws IOException, JMException {
        Map<String, Object> values = attributes(server, RUNTIME, "Pid", "StartTime", "VmName", "SpecVersion", "VmVersion", "Name");
        long pid = values.get("Pid") instanceof Long number ? number : pidOf(String.valueOf(values.get("Name")));
        long start = values.get("StartTime") instanceof Long number ? number : 0;
        return new JvmInfo(pid, start, brief(values.get("VmName")), brief(values.get("VmVersion")));
    }

    private static long pidOf(String name) {
        try {
            return Long.parseLong(name.substring(0, Math.max(0, name.indexOf('@'))));
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    /** The JVM at the other end. */
    public JvmInfo jvm() {
        return jvm;
    }

    /** Whether an agent is there. */
    public boolean hasAgent() throws Unreachable {
        try {
            return server.isRegistered(AGENT);
        } catch (IOException | RuntimeException e) {
            throw Unreachable.decode(address, e);
        }
    }

    /** Everything about the agent, in one exchange; null if there is none. Stragglers come with their stacks. */
    public @Nullable AgentInfo agent() throws Unreachable {
        try {
            Map<String, Object> values = attributes(server, AGENT, AGENT_ATTRIBUTES);
            List<String> remarks = new ArrayList<>();
            List<FilterStatus> filters = new ArrayList<>();
            for (FilterStatus filter : Bounds.filters(OpenTypes.list(values.get("Filters"), OpenTypes::filter, 10 * Bounds.MAX_FILTERS), remarks)) {
                filters.add(withStacks(filter));
            }
            return new AgentInfo(
                    brief(values.get("Version")),
                    brief(values.get("Mode")),
                    brief(values.get("Name")),
                    Bounds.labels(OpenTypes.map(values.get("Labels")), remarks),
                    number(values.get("Uptime")),
                    (int) number(values.get("InstrumentedClasses")),
                    (int) number(values.get("InstrumentedMethods")),
                    OpenTypes.counts(values.get("SkippedMethods")),
                    number(values.get("TransformTimeMillis")),
                    percent(values.get("OverheadPercent")),
                    number(values.get("AgentFaults")),
                    List.copyOf(filters),
                    List.copyOf(remarks));
        } catch (InstanceNotFoundException e) {
            listening = false; // the listener has gone with the MBean
            return null;
        } catch (IOException | JMException | RuntimeException e) {
            throw Unreachable.decode(address, e);
        }
    }

    private static String brief(@Nullable Object said) {
        return said instanceof String text ? Bounds.cut(text, Bounds.SHORT).replaceAll("\\s+", " ") : "";
    }

    private static double percent(@Nullable Object said) {
        double percent = said instanceof Number number ? number.doubleValue() : 0;
        return Double.isFinite(percent) ? Bounds.percent(percent) : 0;
    }

    /** The list may leave the stacks out; they are worth a second question only where somebody is in the way. */
    private FilterStatus withStacks(FilterStatus filter) throws IOException {
        boolean wanted = filter.stragglers().stream().anyMatch(s -> s.stack().isEmpty());
        if (!wanted) {
            return filter;
        }
        try {
            return filter.withStragglers(OpenTypes.stragglers(server.getAttribute(filterBean(filter.filter()), "Stragglers")));
        } catch (JMException e) {
            return filter; // it ended in between
        }
    }

    /** One filter, whole; null if the agent does not know it. */
    public @Nullable FilterStatus filter(String filter) throws Unreachable {
        AgentInfo agent = agent();
        return agent == null ? null : agent.filter(filter);
    }

    /** The text of an installed filter; empty if it is not there. */
    public String text(String filter) throws Unreachable {
        try {
            return server.getAttribute(filterBean(filter), "Text") instanceof String text ? Bounds.cut(text, Bounds.TEXT) : "";
        } catch (JMException e) {
            return "";
        } catch (IOException | RuntimeException e) {
            throw Unreachable.decode(address, e);
        }
    }

    public FilterStatus install(String filter, String text, String options) throws Unreachable {
        return status(invoke("install", filter, text, options));
    }

    public FilterStatus check(String text) throws Unreachable {
        return status(invoke("check", text));
    }

    public String explain(String text) throws Unreachable {
        return Bounds.cut(String.valueOf(invoke("explain", text)), Bounds.TEXT);
    }

    /** Names of classes or methods that begin as typed. */
    public List<String> complete(String typed) throws Unreachable {
        return invoke("complete", typed) instanceof String[] names ? OpenTypes.texts(names, 100) : List.of();
    }

    public FilterStatus remove(String filter) throws Unreachable {
        return status(invoke("remove", filter));
    }

    public FilterStatus cancel(String filter) throws Unreachable {
        return status(invoke("cancel", filter));
    }

    public FilterStatus acceptStragglers(String filter, String why) throws Unreachable {
        return status(invoke("acceptStragglers", filter, why));
    }

    private static FilterStatus status(@Nullable Object said) {
        if (said instanceof CompositeData data) {
            return OpenTypes.filter(data);
        }
        throw new LoomProblem(
                ProblemCode.AGENT_FAULT, "The agent's answer is not the status of a filter.", "Is it a Loom agent? Look into the JVM's log.");
    }

    private Object invoke(String operation, String... arguments) throws Unreachable {
        String[] types = new String[arguments.length];
        java.util.Arrays.fill(types, String.class.getName());
        try {
            return server.invoke(AGENT, operation, arguments, types);
        } catch (InstanceNotFoundException e) {
            throw noAgent();
        } catch (RuntimeMBeanException e) {
            throw refused(e.getTargetException());
        } catch (MBeanException e) {
            throw refused(e.getTargetException());
        } catch (RuntimeErrorException e) {
            throw fault(operation, e.getTargetError());
        } catch (ReflectionException e) {
            throw fault(operation, e);
        } catch (IllegalArgumentException | IllegalStateException e) {
            throw refused(e);
        } catch (IOException | RuntimeException e) {
            throw Unreachable.decode(address, e);
        }
    }

    private static LoomProblem refused(Exception reason) {
        if (reason instanceof IllegalArgumentException || reason instanceof IllegalStateException) {
            return new LoomProblem(ProblemCode.AGENT_REFUSED, String.valueOf(reason.getMessage()));
        }
        return fault("the operation", reason);
    }

    private static LoomProblem fault(String operation, Throwable reason) {
        return new LoomProblem(
                ProblemCode.AGENT_FAULT,
                "The agent failed in " + operation + ": " + reason,
                "The application is not affected. Look into the agent's log.");
    }

    /** The answer where there is no agent. */
    public static Unreachable noAgent() {
        return new Unreachable(
                ProblemCode.AGENT_MISSING,
                "The JVM answers, but there is no Loom agent in it.",
                "Start it with -javaagent:loom-agent.jar, or attach the agent: java -jar loom-agent.jar attach PID.");
    }

    /** An application's counters; null where its MBean or attributes are not there. */
    public @Nullable AppReading application(AppBean bean) throws Unreachable {
        try {
            Map<String, Object> values = attributes(server, new ObjectName(bean.name()), bean.operations(), bean.failures());
            if (!(values.get(bean.failures()) instanceof Number failures)) {
                return null;
            }
            return new AppReading(bean, number(values.get(bean.operations())), failures.longValue(), System.nanoTime());
        } catch (JMException e) {
            return null;
        } catch (IOException | RuntimeException e) {
            throw Unreachable.decode(address, e);
        }
    }

    /** Calls back, on a thread of JMX, for each notification of the agent. */
    public synchronized void listen(Consumer<AgentNotice> listener) throws Unreachable {
        if (listening) {
            return;
        }
        try {
            server.addNotificationListener(AGENT, (notification, handback) -> listener.accept(notice(notification)), null, null);
            listening = true;
        } catch (InstanceNotFoundException e) {
            throw noAgent();
        } catch (RuntimeOperationsException | IllegalArgumentException e) {
            listening = true; // an agent that sends none: the readings tell what there is to tell
        } catch (IOException | RuntimeException e) {
            throw Unreachable.decode(address, e);
        }
    }

    private static AgentNotice notice(Notification notification) {
        FilterStatus status = notification.getUserData() instanceof CompositeData data ? OpenTypes.filter(data) : null;
        return new AgentNotice(
                Bounds.cut(String.valueOf(notification.getType()), Bounds.SHORT),
                Bounds.cut(String.valueOf(notification.getMessage()), Bounds.LONG),
                notification.getTimeStamp(), status);
    }

    @Override
    public void close() {
        closeQuietly(connector);
    }

    private static void closeQuietly(RMIConnector connector) {
        try {
            connector.close();
        } catch (IOException | RuntimeException e) {
            // the other end is gone; there is nothing to close there
        }
    }

    private static Map<String, Object> attributes(MBeanServerConnection server, ObjectName bean, String... names)
            throws IOException, JMException {
        Map<String, Object> values = new HashMap<>();
        AttributeList list = server.getAttributes(bean, names);
        for (Attribute attribute : list.asList()) {
            if (attribute.getValue() != null) {
                values.put(attribute.getName(), attribute.getValue());
            }
        }
        return values;
    }

    private static long number(@Nullable Object value) {
        return value instanceof Number number ? number.longValue() : 0;
    }

    private static ObjectName filterBean(String filter) throws MalformedObjectNameException {
        return new ObjectName("dev.loom:type=Filter,name=" + ObjectName.quote(filter));
    }

    private static ObjectName name(String text) {
        try {
            return new ObjectName(text);
        } catch (MalformedObjectNameException e) {
            throw new IllegalStateException(text, e);
        }
    }
}
