package dev.loom.it.harness;

import java.io.IOException;
import java.lang.reflect.UndeclaredThrowableException;
import java.util.Arrays;
import java.util.List;
import javax.management.Attribute;
import javax.management.JMException;
import javax.management.MBeanServerConnection;
import javax.management.NotificationListener;
import javax.management.ObjectName;
import javax.management.RuntimeMBeanException;
import javax.management.openmbean.CompositeData;

/** The agent of a JVM as any JMX client sees it: JDK types only. */
public final class AgentClient {

    private static final String STRING = String.class.getName();

    private final Jvm jvm;
    private final MBeanServerConnection connection;
    private final ObjectName agent = name("dev.loom:type=Agent");

    public AgentClient(Jvm jvm) {
        this.jvm = jvm;
        this.connection = jvm.jmx();
        Await.until("MBean of the agent", Await.LONG, () -> connection.isRegistered(agent), jvm::output);
    }

    static ObjectName name(String text) {
        try {
            return new ObjectName(text);
        } catch (JMException e) {
            throw new IllegalArgumentException(text, e);
        }
    }

    public static ObjectName filterName(String filter) {
        return name("dev.loom:type=Filter,name=" + ObjectName.quote(filter));
    }

    public Jvm jvm() {
        return jvm;
    }

    private Object invoke(ObjectName bean, String operation, String... arguments) {
        String[] signature = new String[arguments.length];
        Arrays.fill(signature, STRING);
        try {
            return connection.invoke(bean, operation, arguments, signature);
        } catch (RuntimeMBeanException e) {
            throw e.getTargetException();
        } catch (JMException | IOException e) {
            throw new UndeclaredThrowableException(e, operation + Arrays.toString(arguments) + "\n" + jvm.output());
        }
    }

    private Object get(ObjectName bean, String attribute) {
        try {
            return connection.getAttribute(bean, attribute);
        } catch (RuntimeMBeanException e) {
            throw e.getTargetException();
        } catch (JMException | IOException e) {
            throw new UndeclaredThrowableException(e, bean + " " + attribute + "\n" + jvm.output());
        }
    }

    public Object agentAttribute(String name) {
        return get(agent, name);
    }

    public Object filterAttribute(String filter, String name) {
        return get(filterName(filter), name);
    }

    public CompositeData install(String filter, String text, String options) {
        return (CompositeData) invoke(agent, "install", filter, text, options);
    }

    public CompositeData check(String text) {
        return (CompositeData) invoke(agent, "check", text);
    }

    public List<String> complete(String typed) {
        return List.of((String[]) invoke(agent, "complete", typed));
    }

    public String explain(String text) {
        return (String) invoke(agent, "explain", text);
    }

    /** Filters proposed for stack traces. */
    public CompositeData[] suggest(String traces) {
        return (CompositeData[]) invoke(agent, "suggest", traces);
    }

    /** The text with the pins of what it would weave. */
    public String pin(String text) {
        return (String) invoke(agent, "pin", text);
    }

    /** The last interleavings of a filter that were looked at, the newest first. */
    public List<CompositeData> interleavings(String filter) {
        return List.of((CompositeData[]) invoke(agent, "interleavings", filter));
    }

    /** A loaded class, line by line. */
    public CompositeData listing(String type, String loader) {
        return (CompositeData) invoke(agent, "listing", type, loader);
    }

    /** Begins to look for races. */
    public CompositeData find(String classes, String options) {
        return (CompositeData) invoke(agent, "find", classes, options);
    }

    public CompositeData stopFinding() {
        return (CompositeData) invoke(agent, "stopFinding");
    }

    public CompositeData findStatus() {
        return (CompositeData) agentAttribute("FindStatus");
    }

    public CompositeData remove(String filter) {
        return (CompositeData) invoke(agent, "remove", filter);
    }

    public CompositeData[] removeAll() {
        return (CompositeData[]) invoke(agent, "removeAll");
    }

    /** Has the agent leave the JVM; returns before it has. */
    public void detach() {
        invoke(agent, "detach");
    }

    public boolean isThere() {
        try {
            return connection.isRegistered(agent);
        } catch (IOException e) {
            throw new UndeclaredThrowableException(e, jvm.output());
        }
    }

    public CompositeData cancel(String filter) {
        return (CompositeData) invoke(agent, "cancel", filter);
    }

    public CompositeData accept(String filter, String why) {
        return (CompositeData) invoke(agent, "acceptStragglers", filter, why);
    }

    public String state(String filter) {
        return (String) filterAttribute(filter, "State");
    }

    public List<CompositeData> stragglers(String filter) {
        return List.of((CompositeData[]) filterAttribute(filter, "Stragglers"));
    }

    public List<CompositeData> hooks(String filter) {
        return List.of((CompositeData[]) filterAttribute(filter, "Hooks"));
    }

    public long faults() {
        return (Long) agentAttribute("AgentFaults");
    }

    /** Installs a filter and waits until it is ACTIVE (or OBSERVING). */
    public void installed(String filter, String text) {
        accepted(install(filter, text, ""));
        await(filter, "ACTIVE", "OBSERVING");
    }

    /** Fails with its diagnostics if a filter was rejected or failed. */
    public static CompositeData accepted(CompositeData status) {
        String state = (String) status.get("state");
        if (state == null || state.equals("REJECTED") || state.equals("FAILED")) {
            throw new AssertionError(describe(status));
        }
        return status;
    }

    /** Removes a filter and waits until it is REMOVED. */
    public void removed(String filter) {
        remove(filter);
        await(filter, "REMOVED");
    }

    /** Waits for a state; fails at once in a state that nothing follows. */
    public String await(String filter, String... states) {
        List<String> wanted = List.of(states);
        String[] seen = new String[1];
        Await.until("filter '" + filter + "' " + wanted, Await.LONG, () -> {
            if (!jvm.isAlive()) {
                throw new AssertionError("the JVM has ended:\n" + jvm.output());
            }
            seen[0] = state(filter);
            boolean ended = List.of("REJECTED", "FAILED").contains(seen[0]);
            if (ended && !wanted.contains(seen[0])) {
                throw new AssertionError("filter '" + filter + "' is " + seen[0] + ": " + filterAttribute(filter, "Cause") + "\n"
                        + jvm.output());
            }
            return wanted.contains(seen[0]);
        }, () -> "but " + seen[0] + ", stragglers " + stragglers(filter).stream().map(AgentClient::straggler).toList() + "\n"
                + jvm.output());
        return seen[0];
    }

    /** A straggler in words. */
    public static String straggler(CompositeData data) {
        return data.get("thread") + " " + data.get("threadState") + " at " + data.get("location") + " for " + data.get("sinceMillis")
                + " ms: " + data.get("reason") + " " + Arrays.toString((String[]) data.get("stack"));
    }

    /** A status with its diagnostics, in words. */
    public static String describe(CompositeData status) {
        StringBuilder text = new StringBuilder().append(status.get("filter")).append(' ').append(status.get("state")).append(' ')
                .append(status.get("cause"));
        for (CompositeData diagnostic : (CompositeData[]) status.get("diagnostics")) {
            text.append('\n').append(diagnostic.get("line")).append(':').append(diagnostic.get("column")).append(' ')
                    .append(diagnostic.get("severity")).append(' ').append(diagnostic.get("code")).append(' ')
                    .append(diagnostic.get("message")).append(" (").append(diagnostic.get("hint")).append(')');
        }
        return text.toString();
    }

    public void listen(NotificationListener listener) {
        try {
            connection.addNotificationListener(agent, listener, null, null);
        } catch (JMException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    public void set(ObjectName bean, String attribute, Object value) {
        try {
            connection.setAttribute(bean, new Attribute(attribute, value));
        } catch (JMException | IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
