package dev.loom.agent;

import dev.loom.agent.config.AgentConfig;
import dev.loom.agent.config.ConsoleOptions;
import dev.loom.agent.config.JmxOptions;
import dev.loom.agent.control.FilterControl;
import dev.loom.agent.jmx.JmxUse;
import dev.loom.agent.jmx.MBeans;
import dev.loom.agent.jmx.PlatformServer;
import dev.loom.agent.jmx.connector.JmxConnector;
import dev.loom.agent.registration.Network;
import dev.loom.agent.registration.Registrar;
import dev.loom.agent.support.AgentLog;
import java.io.IOException;
import java.lang.instrument.Instrumentation;
import java.net.InetAddress;
import java.util.ArrayDeque;
import java.util.Deque;
import javax.management.MBeanServer;

/** What the agent offers to the outside: MBeans, its own connector, registration. Each that fails is a line in the log. */
final class Services implements AutoCloseable {

    private final Instrumentation instrumentation;
    private final AgentConfig config;
    private final FilterControl control;
    private final Runnable detach;
    private final JmxUse use;
    /** The last started first; guarded by this. */
    private final Deque<AutoCloseable> started = new ArrayDeque<>();
    /** Guarded by this. */
    private boolean closed;

    Services(Instrumentation instrumentation, AgentConfig config, FilterControl control, Runnable detach) {
        this.instrumentation = instrumentation;
        this.config = config;
        this.control = control;
        this.detach = detach;
        this.use = new JmxUse(instrumentation);
    }

    /** Starts all services as soon as somebody can use them; at once where the agent's own connector is asked for. */
    void startWhenUsed() {
        // a run-time image without JMX never gets to use it, and start says so
        boolean isMissing = ModuleLayer.boot().findModule("java.management").isEmpty();
        if (config.jmx() != null || isMissing || use.await() && PlatformServer.awaitNamed(instrumentation)) {
            start();
        }
    }

    /** Starts all services. */
    synchronized void start() {
        if (closed) {
            return;
        }
        try {
            MBeanServer server = PlatformServer.get();
            started.push(MBeans.register(control, server, detach));
            if (config.jmx() != null) {
                JmxConnector connector = connector(config.jmx(), server);
                started.push(connector);
                if (config.console() != null) {
                    register(config.console(), connector);
                }
            }
        } catch (IOException | RuntimeException e) {
            AgentLog.warn(e.getMessage() == null ? e.toString() : e.getMessage());
        } catch (LinkageError e) {
            AgentLog.warn("no MBeans, connector or console: this run-time image has no module java.management or java.management.rmi"
                    + " (add them with jlink --add-modules). Filters given by filters= are in force (" + e + ")");
        }
    }

    private JmxConnector connector(JmxOptions options, MBeanServer server) throws IOException {
        InetAddress towards = config.console() == null || options.hostGiven() ? null : Network.addressTowards(config.console().url());
        InetAddress bind = towards == null ? InetAddress.getByName(options.host()) : towards;
        InetAddress named = bind.isAnyLocalAddress()
                ? config.console() == null ? Network.ofThisMachine() : Network.addressTowards(config.console().url())
                : bind;
        if (options.open() && !bind.isLoopbackAddress()) {
            throw new IOException("jmx.open=true is allowed on loopback only, not on " + bind.getHostAddress() + ": no connector");
        }
        return JmxConnector.open(options, bind, named, server, instrumentation);
    }

    private void register(ConsoleOptions console, JmxConnector connector) throws IOException {
        boolean secure = console.url().getScheme().equalsIgnoreCase("https");
        if (!secure && !console.insecure() && !InetAddress.getByName(console.url().getHost()).isLoopbackAddress()) {
            throw new IOException("not registering with " + console.url() + ": token and JMX password would travel in clear;"
                    + " use https, or say console.insecure=true if the network is yours alone");
        }
        started.push(Registrar.start(config, console, new Registrar.Access(
                connector.url(), connector.user(), connector.password(), connector.fingerprint())));
    }

    /** Ends what was started, last first. */
    @Override
    public void close() {
        use.close();
        end();
    }

    private synchronized void end() {
        closed = true;
        while (!started.isEmpty()) {
            AutoCloseable service = started.pop();
            try {
                service.close();
            } catch (Exception | LinkageError e) {
                AgentLog.warn("detach: " + service.getClass().getSimpleName() + " did not end cleanly", e);
            }
        }
    }
}
