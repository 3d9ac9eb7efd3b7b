package dev.loom.agent;

import dev.loom.agent.config.AgentConfig;
import dev.loom.agent.control.FilterControl;
import dev.loom.agent.jmx.MBeans;
import dev.loom.agent.jmx.PlatformServer;
import dev.loom.agent.support.AgentLog;
import java.util.ArrayDeque;
import java.util.Deque;

/** What the agent offers to the outside: MBeans, its own connector, registration. Each may fail without the others. */
final class Services implements AutoCloseable {

    private final AgentConfig config;
    private final FilterControl control;
    private final Runnable detach;
    /** In order of start; guarded by this. */
    private final Deque<AutoCloseable> started = new ArrayDeque<>();
    /** Guarded by this. */
    private boolean closed;

    Services(AgentConfig config, FilterControl control, Runnable detach) {
        this.config = config;
        this.control = control;
        this.detach = detach;
    }

    /** Starts all services. */
    synchronized void start() {
        if (closed) {
            return;
        }
        try {
            started.push(MBeans.register(control, PlatformServer.get(), detach));
        } catch (RuntimeException | LinkageError e) {
            // LinkageError: a run-time image without the module java.management
            AgentLog.warn("no MBeans in this JVM: " + e);
        }
    }

    /** Ends what was started, last first. */
    @Override
    public synchronized void close() {
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
