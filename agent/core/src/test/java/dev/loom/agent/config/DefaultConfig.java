package dev.loom.agent.config;

/** The options of an agent that was given none, whatever JVM the test runs in. */
public final class DefaultConfig {

    private DefaultConfig() {}

    public static AgentConfig read() {
        return AgentConfig.read(null, key -> null, key -> null);
    }
}
