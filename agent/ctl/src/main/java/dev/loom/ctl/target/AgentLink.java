package dev.loom.ctl.target;

import dev.loom.ctl.failure.CommandFailure;
import java.io.IOException;
import java.rmi.registry.LocateRegistry;
import java.rmi.server.RMIClientSocketFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import javax.management.Attribute;
import javax.management.AttributeList;
import javax.management.InstanceNotFoundException;
import javax.management.JMException;
import javax.management.MBeanException;
import javax.management.MBeanServerConnection;
import javax.management.MalformedObjectNameException;
import javax.management.ObjectName;
import javax.management.RuntimeMBeanException;
import javax.management.openmbean.CompositeData;
import javax.management.remote.JMXServiceURL;
import javax.management.remote.rmi.RMIConnector;
import javax.management.remote.rmi.RMIServer;
import javax.rmi.ssl.SslRMIClientSocketFactory;
import org.jspecify.annotations.Nullable;

/** A JMX connection to the agent in one JVM. All failures are {@link CommandFailure}s. */
public final class AgentLink implements AutoCloseable {

    private static final ObjectName AGENT = name("dev.loom:type=Agent");

    private final Target target;
    private final RMIConnector connector;
    private final MBeanServerConnection server;

    private AgentLink(Target target, RMIConnector connector, MBeanServerConnection server) {
        this.target = target;
        this.connector = connector;
        this.server = server;
    }

    /**
     * Connects to a JVM.
     *
     * @param ssl whether the registry speaks TLS; a connector says so itself
     * @param localAddress finds the JMX service URL of a pid
     */
    public static AgentLink open(Target target, Login login, boolean ssl, Function<Long, JMXServiceURL> localAddress) {
        RmiSettings.apply();
        Target address = target instanceof Target.Pid pid ? new Target.Stub(localAddress.apply(pid.pid())) : target;
        Map<String, Object> environment = new HashMap<>();
        if (login.password() != null) {
            environment.put("jmx.remote.credentials", new String[] {login.user(), login.password()});
        }
        boolean registryAnswered = !(address instanceof Target.Registry);
        try {
            RMIConnector connector;
            if (address instanceof Target.Registry registry) {
                // not through JNDI, whose object factories run code that a stranger's registry names
                RMIClientSocketFactory sockets = ssl ? new SslRMIClientSocketFactory() : null;
                Object bound = LocateRegistry.getRegistry(registry.host(), registry.port(), sockets).lookup(registry.name());
                registryAnswered = true;
                connector = new RMIConnector((RMIServer) bound, environment);
            } else {
                connector = new RMIConnector(((Target.Stub) address).url(), environment);
            }
            connector.connect(environment);
            return new AgentLink(target, connector, connector.getMBeanServerConnection());
        } catch (Exception e) {
            throw Unreachable.decode(target, login, registryAnswered, e);
        }
    }

    /** Whether the agent is in the JVM. */
    public boolean hasAgent() {
        try {
            return server.isRegistered(AGENT);
        } catch (IOException e) {
            throw gone(e);
        }
    }

    /** An attribute of the agent, as JSON would have it. */
    public @Nullable Object agent(String attribute) {
        return call(() -> OpenData.value(server.getAttribute(AGENT, attribute)));
    }

    /** How many classes have methods that get their update points later; none in an agent of a version that leaves none. */
    public int unpreparedClasses() {
        Object some = call(() -> server.getAttributes(AGENT, new String[] {"UnpreparedClasses"}));
        return some instanceof AttributeList list && !list.isEmpty() ? (Integer) ((Attribute) list.get(0)).getValue() : 0;
    }

    /** A system property of the target; empty if it has none of that name. */
    @SuppressWarnings("unchecked")
    public Map<String, Object> systemProperties() {
        Object value = call(() -> OpenData.value(server.getAttribute(name("java.lang:type=Runtime"), "SystemProperties")));
        return value instanceof Map<?, ?> map ? (Map<String, Object>) map : Map.of();
    }

    public FilterView install(String filter, String text, String options) {
        return FilterView.of((CompositeData) invoke("install", filter, text, options));
    }

    public FilterView check(String text) {
        return FilterView.of((CompositeData) invoke("check", text));
    }

    public String explain(String text) {
        return String.valueOf(invoke("explain", text));
    }

    public FilterView remove(String filter) {
        return FilterView.of((CompositeData) invoke("remove", filter));
    }

    public FilterView cancel(String filter) {
        return FilterView.of((CompositeData) invoke("cancel", filter));
    }

    public FilterView acceptStragglers(String filter, String why) {
        return FilterView.of((CompositeData) invoke("acceptStragglers", filter, why));
    }

    /** Asks the agent to leave the JVM; it goes on doing so when this returns. */
    public void detach() {
        invoke("detach");
    }

    /** All filters of the JVM, ended ones too. */
    public List<FilterView> filters() {
        Object value = call(() -> server.getAttribute(AGENT, "Filters"));
        List<FilterView> filters = new ArrayList<>();
        for (CompositeData data : (CompositeData[]) value) {
            filters.add(FilterView.of(data));
        }
        return filters;
    }

    /** One filter. */
    public FilterView filter(String filter) {
        return filters().stream()
                .filter(view -> view.name().equals(filter))
                .findFirst()
                .orElseThrow(() -> CommandFailure.failed("there is no filter '" + filter + "' in " + target,
                        "'list " + argument() + "' shows those that are there"));
    }

    /** The target as it is written on the command line. */
    public String argument() {
        return target instanceof Target.Pid pid ? Long.toString(pid.pid()) : target.toString();
    }

    private @Nullable Object invoke(String operation, String... arguments) {
        String[] signature = new String[arguments.length];
        Arrays.fill(signature, String.class.getName());
        return call(() -> server.invoke(AGENT, operation, arguments, signature));
    }

    private @Nullable Object call(Call call) {
        try {
            return call.run();
        } catch (InstanceNotFoundException e) {
            throw noAgent();
        } catch (RuntimeMBeanException e) {
            throw refused(e.getTargetException());
        } catch (MBeanException e) {
            throw refused(e.getTargetException());
        } catch (IOException e) {
            throw gone(e);
        } catch (JMException | RuntimeException e) {
            throw CommandFailure.failed("the agent in " + target + " failed: " + e, "the agent's log says more");
        }
    }

    private static CommandFailure refused(Exception reason) {
        boolean said = reason instanceof IllegalArgumentException || reason instanceof IllegalStateException;
        return CommandFailure.failed(said ? String.valueOf(reason.getMessage()) : "the agent failed: " + reason, "");
    }

    /** Why nothing can be asked where there is no agent. */
    public CommandFailure noAgent() {
        return CommandFailure.failed("there is no Loom agent in " + target,
                target instanceof Target.Pid pid
                        ? "put it there: java -jar loom-agent.jar attach " + pid.pid()
                        : "start the JVM with -javaagent:loom-agent.jar, or on its machine: java -jar loom-agent.jar attach PID");
    }

    private CommandFailure gone(IOException e) {
        return CommandFailure.unreachable("the connection to " + target + " broke: " + e.getMessage(),
                "the JVM may have ended; 'jvms' lists those that run on this machine");
    }

    @Override
    public void close() {
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
            throw new IllegalArgumentException(text);
        }
    }

    @FunctionalInterface
    private interface Call {
        @Nullable Object run() throws JMException, IOException;
    }
}
