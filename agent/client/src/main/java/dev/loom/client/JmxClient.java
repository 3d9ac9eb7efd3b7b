package dev.loom.client;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import javax.management.Attribute;
import javax.management.InstanceNotFoundException;
import javax.management.JMException;
import javax.management.MBeanException;
import javax.management.MBeanServerConnection;
import javax.management.MalformedObjectNameException;
import javax.management.Notification;
import javax.management.ObjectName;
import javax.management.RuntimeErrorException;
import javax.management.RuntimeMBeanException;
import javax.management.RuntimeOperationsException;
import javax.management.openmbean.CompositeData;
import javax.management.remote.rmi.RMIConnector;
import javax.management.remote.rmi.RMIServer;
import org.jspecify.annotations.Nullable;

/**
 * An open JMX connection to one JVM, and what can be asked of the agent there. Thread-safe. Each call takes at most the time that
 * {@link RmiLimits} gives it, and fails with a {@link ClientException}.
 */
public final class JmxClient implements AutoCloseable {

    /** The agent's MBean. */
    public static final ObjectName AGENT = name("dev.loom:type=Agent");

    /** Between two looks for what is about to come, ms. */
    private static final long LOOK_MILLIS = 20;

    private static final ObjectName RUNTIME = name("java.lang:type=Runtime");
    private static final ObjectName THREADING = name("java.lang:type=Threading");
    private static final ObjectName SERVER = name("JMImplementation:type=MBeanServerDelegate");

    private final RMIConnector connector;
    private final MBeanServerConnection server;
    private volatile boolean listening;

    private JmxClient(RMIConnector connector, MBeanServerConnection server) {
        this.connector = connector;
        this.server = server;
    }

    /**
     * Connects.
     *
     * @param lookup how the registry is asked; not used for a stub
     * @param settings of the JMX connector, {@code jmx.remote.*}
     */
    public static JmxClient open(JvmAddress address, @Nullable Credentials credentials, RegistryLookup lookup, Map<String, ?> settings)
            throws ClientException {
        Map<String, Object> environment = new HashMap<>(settings);
        if (credentials != null) {
            environment.put("jmx.remote.credentials", new String[] {credentials.username(), credentials.password()});
        }
        RMIConnector connector = null;
        try {
            connector = address instanceof JvmAddress.Registry registry
                    ? new RMIConnector((RMIServer) lookup.find(registry), environment)
                    : new RMIConnector(((JvmAddress.Stub) address).parsed(), environment);
            connector.connect(environment);
            return new JmxClient(connector, connector.getMBeanServerConnection());
        } catch (Exception e) {
            if (connector != null) {
                close(connector);
            }
            throw broken(e);
        }
    }

    /** Whether an agent is there. */
    public boolean hasAgent() throws ClientException {
        return ask("isRegistered", () -> server.isRegistered(AGENT));
    }

    /**
     * Waits for the agent's MBean, where it is known that there is an agent: it registers when somebody begins to use JMX in its JVM.
     *
     * @return false if it is not there after that time, or the thread was interrupted
     */
    public boolean awaitAgent(long millis) throws ClientException {
        long deadline = System.nanoTime() + millis * 1_000_000;
        while (!hasAgent()) {
            if (System.nanoTime() > deadline) {
                return false;
            }
            try {
                Thread.sleep(LOOK_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
        return true;
    }

    /** The JVM at the other end. */
    public JvmInfo jvm() throws ClientException {
        Map<String, Object> values = attributes(RUNTIME, "Pid", "StartTime", "VmName", "VmVersion", "Name");
        long pid = values.get("Pid") instanceof Long number ? number : pidOf(String.valueOf(values.get("Name")));
        long start = values.get("StartTime") instanceof Long number ? number : 0;
        return new JvmInfo(pid, start, StatusReader.brief(values.get("VmName")), StatusReader.brief(values.get("VmVersion")), serverId());
    }

    private String serverId() throws ClientException {
        try {
            return StatusReader.brief(attributes(SERVER, "MBeanServerId").get("MBeanServerId"));
        } catch (ClientException.NotThere | ClientException.Refused | ClientException.Fault e) {
            return ""; // a server that is guarded, or is none of the JDK's
        }
    }

    private static long pidOf(String name) {
        try {
            return Long.parseLong(name.substring(0, Math.max(0, name.indexOf('@'))));
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    /** The JVM's system properties. */
    public Map<String, String> systemProperties() throws ClientException {
        return StatusReader.map(attribute(RUNTIME, "SystemProperties"), Integer.MAX_VALUE);
    }

    /** Everything about the agent, in one exchange; null if there is none. Stragglers come with their stacks. */
    public @Nullable AgentInfo agent() throws ClientException {
        Map<String, Object> values;
        try {
            values = attributes(AGENT, AgentInfo.ATTRIBUTES);
        } catch (ClientException.NotThere e) {
            listening = false; // the listener has gone with the MBean
            return null;
        }
        List<String> remarks = new ArrayList<>();
        List<FilterStatus> filters = new ArrayList<>();
        for (FilterStatus filter : Bounds.filters(StatusReader.filters(values.get("Filters"), 10 * Bounds.MAX_FILTERS), remarks)) {
            filters.add(withStacks(filter));
        }
        return StatusReader.agent(values, filters, remarks);
    }

    /** The list may leave the stacks out; they are worth a second question only where somebody is in the way. */
    private FilterStatus withStacks(FilterStatus filter) throws ClientException {
        boolean wanted = filter.stragglers().stream().anyMatch(s -> s.stack().isEmpty());
        if (!wanted) {
            return filter;
        }
        try {
            return filter.withStragglers(StatusReader.stragglers(attribute(filterBean(filter.filter()), "Stragglers")));
        } catch (ClientException.Connection e) {
            throw e;
        } catch (ClientException e) {
            return filter; // it ended in between
        }
    }

    /** One filter, whole; null if the agent does not know it. */
    public @Nullable FilterStatus filter(String filter) throws ClientException {
        AgentInfo agent = agent();
        return agent == null ? null : agent.filter(filter);
    }

    /** The text of an installed filter; empty if it is not there. */
    public String text(String filter) throws ClientException {
        try {
            return attribute(filterBean(filter), "Text") instanceof String text ? Bounds.cut(text, Bounds.TEXT) : "";
        } catch (ClientException.Connection e) {
            throw e;
        } catch (ClientException e) {
            return "";
        }
    }

    /** Installs a filter, or replaces the one of that name. */
    public CompositeData install(String filter, String text, String options) throws ClientException {
        return status("install", filter, text, options);
    }

    /** Checks a filter against the classes of the JVM and changes nothing. */
    public CompositeData check(String text) throws ClientException {
        return status("check", text);
    }

    /** What a filter would do there, for people. */
    public String explain(String text) throws ClientException {
        return Bounds.cut(String.valueOf(invoke("explain", text)), Bounds.TEXT);
    }

    /** A text with pins for the methods that it would weave there; null where the agent is too old to write them. */
    public @Nullable String pinned(String text) throws ClientException {
        return knows("pin") ? Bounds.cut(String.valueOf(invoke("pin", text)), Bounds.TEXT) : null;
    }

    /** Names of classes, methods, lines or keys that begin as typed. */
    public List<String> complete(String typed) throws ClientException {
        return StatusReader.texts(invoke("complete", typed), 100);
    }

    public CompositeData remove(String filter) throws ClientException {
        return status("remove", filter);
    }

    public CompositeData cancel(String filter) throws ClientException {
        return status("cancel", filter);
    }

    public CompositeData acceptStragglers(String filter, String why) throws ClientException {
        return status("acceptStragglers", filter, why);
    }

    /** Asks the agent to leave the JVM; it goes on doing so when this returns. */
    public void detach() throws ClientException {
        invoke("detach");
    }

    /** Begins to look for races. */
    public CompositeData find(String classes, String options) throws ClientException {
        return status("find", classes, options);
    }

    /** Ends the search for races; what was found. */
    public CompositeData stopFinding() throws ClientException {
        return status("stopFinding");
    }

    /** The search for races that is under way, or the last one. */
    public CompositeData findStatus() throws ClientException {
        return data("FindStatus", attribute(AGENT, "FindStatus"));
    }

    /** The same as the console takes it; null where the agent is too old to look for races. */
    public @Nullable FindStatus finding() throws ClientException {
        return attributes(AGENT, "FindStatus").get("FindStatus") instanceof CompositeData data ? FindReader.status(data) : null;
    }

    /** Filters proposed for a text with stack traces, the best first; null where the agent is too old for that. */
    public @Nullable List<Suggestion> suggest(String text) throws ClientException {
        return knows("suggest") ? FindReader.suggestions(invoke("suggest", text)) : null;
    }

    /** The last interleavings that a filter prevented or saw, the newest first; null where the agent is too old to tell. */
    public @Nullable List<Interleaving> interleavings(String filter) throws ClientException {
        return knows("interleavings") ? StatusReader.interleavings(invoke("interleavings", filter)) : null;
    }

    /** A loaded class line by line; null where the agent is too old for that. */
    public @Nullable CodeListing listing(String type, String loader) throws ClientException {
        return knows("listing") ? ListingReader.listing(status("listing", type, loader)) : null;
    }

    private boolean knows(String operation) throws ClientException {
        return ask("getMBeanInfo", () -> Arrays.stream(server.getMBeanInfo(AGENT).getOperations()).anyMatch(o -> o.getName().equals(operation)));
    }

    /**
     * The JVM's platform threads with their stacks, all of one moment. The JVM stands still while it writes them down, for some milliseconds. Locks
     * of {@code java.util.concurrent} are seen where somebody waits for them: for the others the JVM would have to go through its whole heap meanwhile.
     *
     * @param mostThreads of more the others are left out
     * @param mostFrames of all of them together, about
     */
    public ThreadDump threads(int mostThreads, int mostFrames) throws ClientException {
        try {
            long[] all = attribute(THREADING, "AllThreadIds") instanceof long[] ids ? ids : new long[0];
            long[] deadlocked = all.length > mostThreads && asked("findDeadlockedThreads") instanceof long[] found ? found : new long[0];
            long[] chosen = ThreadDumpReader.chosen(all, deadlocked, mostThreads);
            int depth = ThreadDumpReader.depth(chosen.length, mostFrames);
            return ThreadDumpReader.read(asked("getThreadInfo", chosen, true, false, depth), all.length, depth, mostThreads);
        } catch (ClientException.NotThere e) {
            throw new ClientException.Refused("it has no MBean java.lang:type=Threading, which knows the threads");
        }
    }

    /** Asks the JDK's own MBean of threads, which not every connector lets everybody do. */
    private @Nullable Object asked(String operation, Object... arguments) throws ClientException {
        String[] types = Arrays.stream(arguments)
                .map(argument -> argument instanceof long[] ? "[J" : argument instanceof Boolean ? "boolean" : "int").toArray(String[]::new);
        return ask(operation, () -> {
            try {
                return server.invoke(THREADING, operation, arguments, types);
            } catch (SecurityException e) {
                throw new IllegalStateException("its JMX connector does not let the console ask for stacks: " + e.getMessage(), e);
            }
        });
    }

    private CompositeData status(String operation, String... arguments) throws ClientException {
        return data(operation, invoke(operation, arguments));
    }

    private static CompositeData data(String question, @Nullable Object answer) throws ClientException {
        if (answer instanceof CompositeData data) {
            return data;
        }
        throw new ClientException.Fault("its answer to " + question + " is not a status");
    }

    private @Nullable Object invoke(String operation, String... arguments) throws ClientException {
        String[] types = new String[arguments.length];
        Arrays.fill(types, String.class.getName());
        return ask(operation, () -> server.invoke(AGENT, operation, arguments, types));
    }

    /** One attribute of any MBean, as JMX has it. */
    public @Nullable Object attribute(ObjectName bean, String attribute) throws ClientException {
        return ask(attribute, () -> server.getAttribute(bean, attribute));
    }

    /** Some attributes of any MBean; those that are not there are left out. */
    public Map<String, Object> attributes(ObjectName bean, String... names) throws ClientException {
        Map<String, Object> values = new HashMap<>();
        for (Attribute attribute : ask(bean.toString(), () -> server.getAttributes(bean, names)).asList()) {
            if (attribute.getValue() != null) {
                values.put(attribute.getName(), attribute.getValue());
            }
        }
        return values;
    }

    /** The connection itself, for MBeans that are not Loom's. */
    public MBeanServerConnection server() {
        return server;
    }

    /** The MBean of a filter. */
    public static ObjectName filterBean(String filter) {
        return name("dev.loom:type=Filter,name=" + ObjectName.quote(filter));
    }

    /** Calls back, on a thread of JMX, for each notification of the agent. */
    public synchronized void listen(Consumer<AgentNotice> listener) throws ClientException {
        if (listening) {
            return;
        }
        try {
            ask("addNotificationListener", () -> {
                server.addNotificationListener(AGENT, (notification, handback) -> listener.accept(notice(notification)), null, null);
                return true;
            });
        } catch (ClientException.Refused | ClientException.Fault e) {
            // an agent that sends none: the readings tell what there is to tell
        }
        listening = true;
    }

    private static AgentNotice notice(Notification notification) {
        FilterStatus status = notification.getUserData() instanceof CompositeData data ? StatusReader.filter(data) : null;
        return new AgentNotice(
                Bounds.cut(String.valueOf(notification.getType()), Bounds.SHORT),
                Bounds.cut(String.valueOf(notification.getMessage()), Bounds.LONG),
                notification.getTimeStamp(), status);
    }

    /** Each way in which a question can fail, decoded once. */
    private static <T> T ask(String what, Question<T> question) throws ClientException {
        try {
            return question.answer();
        } catch (InstanceNotFoundException e) {
            throw new ClientException.NotThere();
        } catch (RuntimeMBeanException e) {
            throw refused(what, e.getTargetException());
        } catch (MBeanException e) {
            throw refused(what, e.getTargetException());
        } catch (RuntimeErrorException e) {
            throw fault(what, e.getTargetError());
        } catch (RuntimeOperationsException e) {
            throw fault(what, e.getTargetException());
        } catch (JMException e) {
            throw fault(what, e);
        } catch (IllegalArgumentException | IllegalStateException e) {
            throw refused(what, e);
        } catch (IOException | RuntimeException e) {
            throw broken(e);
        }
    }

    private static ClientException refused(String what, Exception reason) {
        return reason instanceof IllegalArgumentException || reason instanceof IllegalStateException
                ? new ClientException.Refused(Bounds.cut(String.valueOf(reason.getMessage()), Bounds.LONG))
                : fault(what, reason);
    }

    private static ClientException fault(String what, Throwable reason) {
        return new ClientException.Fault(Bounds.cut(what + ": " + reason, Bounds.LONG));
    }

    private static ClientException broken(Throwable thrown) {
        return new ClientException.Connection(ConnectionFailure.of(thrown));
    }

    @Override
    public void close() {
        close(connector);
    }

    private static void close(RMIConnector connector) {
        try {
            connector.close();
        } catch (IOException | RuntimeException e) {
            // the other end is gone; there is nothing to close there
        }
    }

    private static ObjectName name(String text) {
        try {
            return new ObjectName(text);
        } catch (MalformedObjectNameException e) {
            throw new IllegalArgumentException(text, e);
        }
    }

    @FunctionalInterface
    private interface Question<T> {
        T answer() throws JMException, IOException;
    }
}
