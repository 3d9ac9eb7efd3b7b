package dev.loom.agent;

import dev.loom.agent.config.AgentConfig;
import dev.loom.agent.config.AgentVersion;
import dev.loom.agent.control.AgentStatus;
import dev.loom.agent.control.FilterControl;
import dev.loom.agent.control.FilterEvent;
import dev.loom.agent.control.FilterStatus;
import dev.loom.agent.control.InstallOptions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Stands in for the filter manager while that is being written: knows no filter and installs none. */
record PendingControl(AgentConfig config, boolean attached, long started) implements FilterControl {

    static ControlFactory.Running start(AgentConfig config, boolean attached) {
        return new ControlFactory.Running(new PendingControl(config, attached, System.nanoTime()), () -> {});
    }

    @Override
    public FilterStatus install(String name, String text, InstallOptions options) {
        throw notYet();
    }

    @Override
    public FilterStatus check(String text) {
        throw notYet();
    }

    @Override
    public String explain(String text) {
        throw notYet();
    }

    @Override
    public FilterStatus remove(String name) {
        throw noSuch(name);
    }

    @Override
    public List<FilterStatus> removeAll() {
        return List.of();
    }

    @Override
    public FilterStatus cancel(String name) {
        throw noSuch(name);
    }

    @Override
    public FilterStatus acceptStragglers(String name, String why) {
        throw noSuch(name);
    }

    @Override
    public void resetCounters(String name) {
        throw noSuch(name);
    }

    @Override
    public List<FilterStatus> filters() {
        return List.of();
    }

    @Override
    public Optional<FilterStatus> filter(String name) {
        return Optional.empty();
    }

    @Override
    public AgentStatus agent() {
        return new AgentStatus(AgentVersion.get(), attached ? "ATTACHED" : "PREMAIN", config.name(), config.labels(),
                (System.nanoTime() - started) / 1_000_000, 0, 0, Map.of(), 0, 0, 0);
    }

    @Override
    public void addListener(Consumer<FilterEvent> listener) {}

    private static IllegalStateException notYet() {
        return new IllegalStateException("this build has no filter manager");
    }

    private static IllegalArgumentException noSuch(String name) {
        return new IllegalArgumentException("there is no filter '" + name + "' in this JVM");
    }
}
