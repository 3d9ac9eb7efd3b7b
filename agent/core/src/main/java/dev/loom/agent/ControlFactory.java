package dev.loom.agent;

import dev.loom.agent.config.AgentConfig;
import dev.loom.agent.control.FilterControl;
import java.lang.instrument.Instrumentation;

/** Makes what does the work; a seam for tests. */
@FunctionalInterface
interface ControlFactory {

    /** Starts the work. */
    Running start(Instrumentation instrumentation, AgentConfig config, boolean attached);

    /**
     * The work under way.
     *
     * @param settled to be called when the application has started
     * @param end ends it: nothing of it is left in the JVM
     */
    record Running(FilterControl control, Runnable settled, Runnable end) {}
}
