package dev.loom.console.jmx;

import dev.loom.client.AgentInfo;
import dev.loom.client.AgentNotice;
import dev.loom.client.ClientException;
import dev.loom.client.CodeListing;
import dev.loom.client.Credentials;
import dev.loom.client.FilterStatus;
import dev.loom.client.FindReader;
import dev.loom.client.FindStatus;
import dev.loom.client.Interleaving;
import dev.loom.client.JmxClient;
import dev.loom.client.JvmAddress;
import dev.loom.client.JvmInfo;
import dev.loom.client.RegistryLookup;
import dev.loom.client.StatusReader;
import dev.loom.client.Suggestion;
import dev.loom.client.ThreadDump;
import dev.loom.console.contract.LoomProblem;
import dev.loom.console.contract.ProblemCode;
import java.io.IOException;
import java.rmi.ConnectIOException;
import java.rmi.NotBoundException;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import javax.management.MalformedObjectNameException;
import javax.management.ObjectName;
import javax.management.openmbean.CompositeData;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;

/**
 * An open JMX connection to one JVM, and what the console asks there. Thread-safe. Every call is bounded by the timeouts of
 * {@link RmiSettings}. What fails is an {@link Unreachable} where it is the connection's fault, else a {@link LoomProblem}.
 */
public final class AgentConnection implements AutoCloseable {

    /** Waits in one fetch of notifications less than an answer may take; asks nothing by itself, as the reader asks every second. */
    private static final Map<String, Object> SETTINGS =
            Map.of("jmx.remote.x.notification.fetch.timeout", 10_000L, "jmx.remote.x.client.connection.check.period", 0L);

    private final JvmAddress address;
    private final JmxClient client;
    private final JvmInfo jvm;

    private AgentConnection(JvmAddress address, JmxClient client, JvmInfo jvm) {
        this.address = address;
        this.client = client;
        this.jvm = jvm;
    }

    /**
     * Connects.
     *
     * @param fingerprint of the certificate that the connector must show, {@code sha256:…}; null if none is known
     */
    public static AgentConnection open(JvmAddress address, @Nullable Credentials credentials, @Nullable String fingerprint)
            throws Unreachable {
        RmiSettings.apply();
        if (address instanceof JvmAddress.Registry registry) {
            TlsPins.pin(registry.host(), registry.port(), fingerprint);
        }
        JmxClient client = null;
        try {
            RegistryLookup overTls = RegistryLookup.over(new TlsPins.Sockets(fingerprint));
            client = JmxClient.open(address, credentials, fingerprint != null ? overTls : plainOr(overTls), SETTINGS);
            return new AgentConnection(address, client, client.jvm());
        } catch (ClientException e) {
            if (client != null) {
                client.close();
            }
            throw unreachable(address, e);
        }
    }

    /** A registry that does not speak plain RMI may speak it over TLS. */
    private static RegistryLookup plainOr(RegistryLookup overTls) {
        RegistryLookup plain = RegistryLookup.over(null);
        return registry -> {
            try {
                return plain.find(registry);
            } catch (ConnectIOException notPlain) {
                return tlsOr(registry, overTls, notPlain);
            }
        };
    }

    private static Object tlsOr(JvmAddress.Registry registry, RegistryLookup overTls, ConnectIOException notPlain)
            throws IOException, NotBoundException {
        try {
            return overTls.find(registry);
        } catch (IOException e) {
            for (Throwable cause = e; cause != null; cause = cause.getCause()) {
                if (cause instanceof SSLHandshakeException) {
                    throw e; // it is TLS, with a certificate that nobody here knows
                }
            }
            throw notPlain;
        }
    }

    /** The JVM at the other end. */
    public JvmInfo jvm() {
        return jvm;
    }

    /** Whether an agent is there. */
    public boolean hasAgent() throws Unreachable {
        return ask(client::hasAgent);
    }

    /** Waits for the MBean of an agent that is known to be there; false if it does not come in that time. */
    public boolean awaitAgent(long millis) throws Unreachable {
        return ask(() -> client.awaitAgent(millis));
    }

    /** Everything about the agent, in one exchange; null if there is none. Stragglers come with their stacks. */
    public @Nullable AgentInfo agent() throws Unreachable {
        return ask(client::agent);
    }

    /** One filter, whole; null if the agent does not know it. */
    public @Nullable FilterStatus filter(String filter) throws Unreachable {
        return ask(() -> client.filter(filter));
    }

    /** The text of an installed filter; empty if it is not there. */
    public String text(String filter) throws Unreachable {
        return ask(() -> client.text(filter));
    }

    public FilterStatus install(String filter, String text, String options) throws Unreachable {
        return status(() -> client.install(filter, text, options));
    }

    public FilterStatus check(String text) throws Unreachable {
        return status(() -> client.check(text));
    }

    public String explain(String text) throws Unreachable {
        return ask(() -> client.explain(text));
    }

    /**
     * A text with pins for the methods that it would weave there.
     *
     * @throws LoomProblem if the agent is too old, or rejects the filter, with the reason
     */
    public String pinned(String text) throws Unreachable {
        String pinned = ask(() -> client.pinned(text));
        if (pinned == null) {
            throw tooOld("write pins");
        }
        return pinned;
    }

    /** Names of classes, methods, lines or keys that begin as typed. */
    public List<String> complete(String typed) throws Unreachable {
        return ask(() -> client.complete(typed));
    }

    public FilterStatus remove(String filter) throws Unreachable {
        return status(() -> client.remove(filter));
    }

    public FilterStatus cancel(String filter) throws Unreachable {
        return status(() -> client.cancel(filter));
    }

    public FilterStatus acceptStragglers(String filter, String why) throws Unreachable {
        return status(() -> client.acceptStragglers(filter, why));
    }

    /**
     * The search for races that is under way there, or the last one.
     *
     * @throws LoomProblem if the agent is too old to look for races
     */
    public FindStatus finding() throws Unreachable {
        FindStatus status = ask(client::finding);
        if (status == null) {
            throw tooOld("look for races");
        }
        return status;
    }

    /**
     * The last interleavings that a filter prevented or saw, the newest first.
     *
     * @throws LoomProblem if the agent is too old to tell, or does not know the filter
     */
    public List<Interleaving> interleavings(String filter) throws Unreachable {
        List<Interleaving> seen = ask(() -> client.interleavings(filter));
        if (seen == null) {
            throw tooOld("tell of interleavings");
        }
        return seen;
    }

    private static LoomProblem tooOld(String what) {
        return new LoomProblem(
                ProblemCode.AGENT_TOO_OLD, "The agent in that JVM is too old to " + what + ".",
                "Start the JVM with the agent that this console has, /agent/loom-agent.jar.");
    }

    /**
     * Filters proposed for a text with stack traces, the best first.
     *
     * @throws LoomProblem if the agent is too old, or can make none, with the reason
     */
    public List<Suggestion> suggest(String text) throws Unreachable {
        List<Suggestion> suggestions = ask(() -> client.suggest(text));
        if (suggestions == null) {
            throw tooOld("propose filters for stack traces");
        }
        return suggestions;
    }

    /**
     * A loaded class line by line, with the hooks that are in force there.
     *
     * @throws LoomProblem if the agent is too old, or there is no such class
     */
    public CodeListing listing(String type, String loader) throws Unreachable {
        CodeListing listing = ask(() -> client.listing(type, loader));
        if (listing == null) {
            throw tooOld("list classes");
        }
        return listing;
    }

    /** Begins to look for races; answers when the classes are watched. */
    public FindStatus find(String classes, String options) throws Unreachable {
        return FindReader.status(ask(() -> client.find(classes, options)));
    }

    /** Ends the search for races, if there is one. */
    public FindStatus stopFinding() throws Unreachable {
        return FindReader.status(ask(client::stopFinding));
    }

    /** What the JVM was started with: a main class or a jar, without its arguments; empty if it does not say. */
    public String command() throws Unreachable {
        String command = ask(client::systemProperties).getOrDefault("sun.java.command", "");
        return command.strip().split("\\s", 2)[0];
    }

    /**
     * The JVM's platform threads, all of one moment; see {@link JmxClient#threads}.
     *
     * @throws LoomProblem if its connector does not let the console ask
     */
    public ThreadDump threads(int mostThreads, int mostFrames) throws Unreachable {
        return ask(() -> client.threads(mostThreads, mostFrames));
    }

    private FilterStatus status(Question<CompositeData> question) throws Unreachable {
        return StatusReader.filter(ask(question));
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
        Map<String, Object> values;
        try {
            values = client.attributes(new ObjectName(bean.name()), bean.operations(), bean.failures());
        } catch (ClientException.Connection e) {
            throw unreachable(address, e);
        } catch (ClientException | MalformedObjectNameException e) {
            return null;
        }
        return values.get(bean.failures()) instanceof Number failures
                ? new AppReading(bean, number(values.get(bean.operations())), failures.longValue(), System.nanoTime())
                : null;
    }

    private static long number(@Nullable Object value) {
        return value instanceof Number number ? number.longValue() : 0;
    }

    /** Calls back, on a thread of JMX, for each notification of the agent. */
    public void listen(Consumer<AgentNotice> listener) throws Unreachable {
        ask(() -> {
            client.listen(listener);
            return true;
        });
    }

    private <T> T ask(Question<T> question) throws Unreachable {
        try {
            return question.answer();
        } catch (ClientException.Refused e) {
            throw new LoomProblem(ProblemCode.AGENT_REFUSED, e.reason());
        } catch (ClientException.Fault e) {
            throw new LoomProblem(
                    ProblemCode.AGENT_FAULT,
                    "The agent failed in " + e.reason(),
                    "The application is not affected. Look into the agent's log.");
        } catch (ClientException e) {
            throw unreachable(address, e);
        }
    }

    private static Unreachable unreachable(JvmAddress address, ClientException e) {
        if (e instanceof ClientException.Connection connection) {
            return Unreachable.decode(address, connection.failure());
        }
        return e instanceof ClientException.NotThere
                ? noAgent()
                : new Unreachable(ProblemCode.TARGET_UNREACHABLE, "The JVM's answer cannot be read: " + e.reason(), "");
    }

    @Override
    public void close() {
        client.close();
    }

    @FunctionalInterface
    private interface Question<T> {
        T answer() throws ClientException;
    }
}
