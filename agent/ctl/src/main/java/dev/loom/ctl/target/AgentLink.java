package dev.loom.ctl.target;

import dev.loom.client.ClientException;
import dev.loom.client.Credentials;
import dev.loom.client.Interleaving;
import dev.loom.client.JmxClient;
import dev.loom.client.JvmAddress;
import dev.loom.client.OpenData;
import dev.loom.client.RegistryLookup;
import dev.loom.client.RmiLimits;
import dev.loom.ctl.failure.CommandFailure;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.logging.Level;
import java.util.logging.Logger;
import javax.management.openmbean.CompositeData;
import javax.rmi.ssl.SslRMIClientSocketFactory;
import org.jspecify.annotations.Nullable;

/** A JMX connection to the agent in one JVM. All failures are {@link CommandFailure}s, in words for the command line. */
public final class AgentLink implements AutoCloseable {

    /** An install may wait for a slow class transformer of another agent, so an answer may take two minutes. */
    private static final RmiLimits LIMITS = new RmiLimits(5_000, 5_000, 120_000, 1_000_000, 64 << 20);

    /** Time for an agent that is there to register its MBean, ms. */
    private static final long COMES_MILLIS = 5_000;

    /** Held so that the level stays: the JDK keeps its loggers weakly. */
    private static final Logger JMX_LOG = Logger.getLogger("javax.management.remote");

    private final TargetAddress target;
    private final JmxClient client;

    private AgentLink(TargetAddress target, JmxClient client) {
        this.target = target;
        this.client = client;
    }

    /**
     * Connects to a JVM.
     *
     * @param ssl whether the registry speaks TLS; a connector says so itself
     * @param localAddress finds the JMX service URL of a pid
     */
    public static AgentLink open(TargetAddress target, Login login, boolean ssl, Function<Long, String> localAddress) {
        // a connection that breaks is said by the command itself
        JMX_LOG.setLevel(Level.OFF);
        try {
            LIMITS.apply();
        } catch (IOException e) {
            // somebody else set a socket factory in between; connects are then as slow as theirs
        }
        JvmAddress address = target instanceof TargetAddress.Connector connector
                ? connector.address()
                : JvmAddress.local(localAddress.apply(((TargetAddress.Pid) target).pid()));
        RegistryLookup lookup = RegistryLookup.over(ssl ? new SslRMIClientSocketFactory() : null);
        boolean[] registryAnswered = {address instanceof JvmAddress.Stub};
        try {
            JmxClient client = JmxClient.open(address, login.credentials(), registry -> {
                Object bound = lookup.find(registry);
                registryAnswered[0] = true;
                return bound;
            }, Map.of());
            if (target instanceof TargetAddress.Pid) {
                // who looks for the address has seen that there is an agent; if it does not come, the command says so
                client.awaitAgent(COMES_MILLIS);
            }
            return new AgentLink(target, client);
        } catch (ClientException.Connection e) {
            throw UnreachableFailure.decode(target, login, registryAnswered[0], e.failure());
        } catch (ClientException e) {
            throw CommandFailure.unreachable(target + " cannot be reached: " + e.reason(), "");
        }
    }

    /** Whether the agent is in the JVM. */
    public boolean hasAgent() {
        return call(client::hasAgent);
    }

    /** An attribute of the agent, as JSON would have it. */
    public @Nullable Object agent(String attribute) {
        return OpenData.value(call(() -> client.attribute(JmxClient.AGENT, attribute)));
    }

    /** How many classes have methods that get their update points later; none in an agent of a version that leaves none. */
    public int unpreparedClasses() {
        return call(() -> client.attributes(JmxClient.AGENT, "UnpreparedClasses")).get("UnpreparedClasses") instanceof Integer some ? some : 0;
    }

    /** The system properties of the target. */
    public Map<String, String> systemProperties() {
        return call(client::systemProperties);
    }

    public JvmFilter install(String filter, String text, String options) {
        return JvmFilter.of(call(() -> client.install(filter, text, options)));
    }

    public JvmFilter check(String text) {
        return JvmFilter.of(call(() -> client.check(text)));
    }

    public String explain(String text) {
        return call(() -> client.explain(text));
    }

    public JvmFilter remove(String filter) {
        return JvmFilter.of(call(() -> client.remove(filter)));
    }

    public JvmFilter cancel(String filter) {
        return JvmFilter.of(call(() -> client.cancel(filter)));
    }

    public JvmFilter acceptStragglers(String filter, String why) {
        return JvmFilter.of(call(() -> client.acceptStragglers(filter, why)));
    }

    /** Asks the agent to leave the JVM; it goes on doing so when this returns. */
    public void detach() {
        call(() -> {
            client.detach();
            return true;
        });
    }

    /** Begins to look for races; what the agent says of it, as JSON would have it. */
    public Map<String, Object> find(String classes, String options) {
        return OpenData.map(call(() -> client.find(classes, options)));
    }

    /** Ends the search for races. */
    public Map<String, Object> stopFinding() {
        return OpenData.map(call(client::stopFinding));
    }

    /** The search for races that is under way, or the last one. */
    public Map<String, Object> findStatus() {
        return OpenData.map(call(client::findStatus));
    }

    /** The last interleavings that a filter prevented or saw, the newest first. */
    public List<Interleaving> interleavings(String filter) {
        List<Interleaving> seen = call(() -> client.interleavings(filter));
        if (seen == null) {
            throw CommandFailure.failed("the agent in " + target + " is too old to tell of interleavings", "start the JVM with this agent");
        }
        return seen;
    }

    /** All filters of the JVM, ended ones too. */
    public List<JvmFilter> filters() {
        Object value = call(() -> client.attribute(JmxClient.AGENT, "Filters"));
        List<JvmFilter> filters = new ArrayList<>();
        for (Object row : value instanceof Object[] rows ? rows : new Object[0]) {
            filters.add(JvmFilter.of((CompositeData) row));
        }
        return filters;
    }

    /** One filter. */
    public JvmFilter filter(String filter) {
        return filters().stream()
                .filter(view -> view.name().equals(filter))
                .findFirst()
                .orElseThrow(() -> CommandFailure.failed("there is no filter '" + filter + "' in " + target,
                        "'list " + argument() + "' shows those that are there"));
    }

    /** The target as it is written on the command line. */
    public String argument() {
        return target instanceof TargetAddress.Pid pid ? Long.toString(pid.pid()) : target.toString();
    }

    private <T> T call(Call<T> call) {
        try {
            return call.run();
        } catch (ClientException.NotThere e) {
            throw noAgent();
        } catch (ClientException.Refused e) {
            throw CommandFailure.failed(e.reason(), "");
        } catch (ClientException.Connection e) {
            throw CommandFailure.unreachable("the connection to " + target + " broke: " + e.reason(),
                    "the JVM may have ended; 'jvms' lists those that run on this machine");
        } catch (ClientException e) {
            throw CommandFailure.failed("the agent in " + target + " failed: " + e.reason(), "the agent's log says more");
        }
    }

    /** Why nothing can be asked where there is no agent. */
    public CommandFailure noAgent() {
        // of a pid it is known that there is one: who looks for its address says so otherwise
        return target instanceof TargetAddress.Pid
                ? CommandFailure.failed("the agent in " + target + " has no MBeans", "it is just starting or leaving, or its log says what keeps them")
                : CommandFailure.failed("there is no Loom agent in " + target, "start the JVM with -javaagent:loom-agent.jar, or on its machine: java -jar loom-agent.jar attach PID");
    }

    @Override
    public void close() {
        client.close();
    }

    @FunctionalInterface
    private interface Call<T> {
        T run() throws ClientException;
    }
}
