package dev.loom.agent;

import dev.loom.agent.config.AgentConfig;
import dev.loom.agent.config.AgentVersion;
import dev.loom.agent.control.FilterStatus;
import dev.loom.agent.facade.Facade;
import dev.loom.agent.filter.FilterManager;
import dev.loom.agent.jmx.PlatformServer;
import dev.loom.agent.support.AgentLog;
import dev.loom.agent.support.LoomThreads;
import java.io.IOException;
import java.lang.instrument.Instrumentation;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.runtime.ObjectMethods;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The agent of this JVM, from start to detach. What has to be there before the application's classes are loaded, and the filters that
 * are to be in force from its first instruction, are started before the caller's thread goes on; everything else (MBeans, connector,
 * registration) on a thread of Loom's own, so that the application does not wait for it, and a failure there is a line in the log.
 */
public final class Agent {

    /** Time that detach gives the filters to go, ms. */
    private static final long REMOVAL_MILLIS = 30_000;

    /** Time that the application's start waits for the filters that are given to it, ms. */
    private static final long FILTERS_MILLIS = 30_000;

    /** The same for who attaches: until that is over, the JVM answers no other tool, ms. */
    private static final long ATTACHED_FILTERS_MILLIS = 5_000;

    private final ControlFactory.Running running;
    private final Runnable gone;
    private final AtomicBoolean detaching = new AtomicBoolean();
    private volatile @Nullable RememberedFilters remembered;
    private final Services services;

    private Agent(Instrumentation instrumentation, AgentConfig config, boolean attached, ControlFactory factory, Runnable gone) {
        this.gone = gone;
        this.running = factory.start(instrumentation, config, attached);
        this.services = new Services(instrumentation, config, running.control(), new Runnable() {
            @Override
            public void run() {
                detach();
            }
        });
    }

    /**
     * Starts the agent. Called by the launcher by reflection, with JDK types only.
     *
     * @param argument the options
     * @param gone called when the agent has left the JVM
     * @return the version of the agent
     * @throws IllegalArgumentException for a wrong option; the message is for people
     */
    public static String start(@Nullable String argument, Instrumentation instrumentation, boolean attached, Runnable gone)
            throws IOException {
        AgentConfig config = AgentConfig.read(argument);
        AgentLog.use(config.log());
        Facade.provide(instrumentation);
        start(instrumentation, config, attached, new Filters(), gone);
        return AgentVersion.get();
    }

    /** What this agent offers. Here and below, classes instead of lambdas: at the start of a JVM each of these costs more than all of them. */
    private static final class Filters implements ControlFactory {
        @Override
        public Running start(Instrumentation instrumentation, AgentConfig config, boolean attached) {
            FilterManager manager = FilterManager.start(instrumentation, config, attached);
            return new Running(
                    manager,
                    new Runnable() {
                        @Override
                        public void run() {
                            manager.settle();
                        }
                    },
                    new Runnable() {
                        @Override
                        public void run() {
                            manager.close();
                        }
                    });
        }
    }

    static Agent start(
            Instrumentation instrumentation, AgentConfig config, boolean attached, ControlFactory factory, Runnable gone) {
        Agent agent = new Agent(instrumentation, config, attached, factory, gone);
        agent.installFilters(config, attached);
        if (attached) {
            // whoever attaches wants to find the MBeans when the attach comes back
            agent.running.settled().run();
            agent.services.start();
        } else {
            // premain runs where the main method will
            Thread main = Thread.currentThread();
            LoomThreads.daemon("start", new Runnable() {
                @Override
                public void run() {
                    if (PlatformServer.awaitApplication(instrumentation, main)) {
                        agent.running.settled().run();
                        agent.services.startWhenUsed();
                    }
                }
            }).start();
        }
        return agent;
    }

    /**
     * Installs what is to be in force from the first instruction on. The application waits for that, as this is what whoever gave the
     * filters asks for; should it take too long, it goes on by itself.
     */
    private void installFilters(AgentConfig config, boolean attached) {
        if (config.filters() == null && config.state() == null) {
            return;
        }
        Thread thread = LoomThreads.daemon("start-filters", () -> {
            if (config.filters() != null) {
                StartFilters.install(running.control(), config.filters());
            }
            if (config.state() != null) {
                remembered = RememberedFilters.begin(running.control(), config.state());
            }
        });
        long millis = attached ? ATTACHED_FILTERS_MILLIS : FILTERS_MILLIS;
        thread.start();
        try {
            thread.join(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (thread.isAlive()) {
            AgentLog.warn("filters: not all are installed after " + millis / 1_000 + " s; the application goes on meanwhile");
        }
    }

    /** Takes the agent out of the JVM, on a thread of its own; asking twice changes nothing. */
    void detach() {
        if (detaching.compareAndSet(false, true)) {
            LoomThreads.daemon("detach", this::leave).start();
        }
    }

    private void leave() {
        try {
            removeFilters();
        } finally {
            try {
                services.close();
            } finally {
                try {
                    running.end().run();
                } finally {
                    RememberedFilters kept = remembered;
                    if (kept != null) {
                        kept.close();
                    }
                    AgentLog.info("detached");
                    forgetRecords();
                    gone.run();
                }
            }
        }
    }

    /**
     * Java 17 to 20 keep the class whose {@code equals} was made last for a record, in a method handle of {@code ObjectMethods}: if that
     * is one of the agent's, all its classes stay. A class of the JDK takes the place.
     */
    private static void forgetRecords() {
        try {
            ObjectMethods.bootstrap(
                    MethodHandles.publicLookup(), "equals", MethodType.methodType(boolean.class, String.class, Object.class), String.class,
                    "");
        } catch (Throwable t) {
            AgentLog.warn("detach: classes of the agent may stay in memory", t);
        }
    }

    private void removeFilters() {
        running.control().removeAll();
        long deadline = System.nanoTime() + REMOVAL_MILLIS * 1_000_000;
        while (running.control().filters().stream().anyMatch(Agent::isIn)) {
            if (System.nanoTime() > deadline) {
                AgentLog.warn("detach: filters were not gone after " + REMOVAL_MILLIS / 1_000 + " s; leaving nevertheless");
                return;
            }
            try {
                Thread.sleep(20);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private static boolean isIn(FilterStatus status) {
        return status.state() != null && !status.state().isEnd();
    }
}
