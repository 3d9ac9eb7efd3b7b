package dev.loom.agent.config;

import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The options of one agent, checked. An option is taken from the agent's argument, else from the system property {@code
 * loom.NAME}, else from the environment variable {@code LOOM_NAME} (upper case, {@code _} for dots and dashes).
 *
 * @param include classes to prepare and filter; empty for all application classes
 * @param exclude classes to leave alone, whatever {@code include} says
 * @param filters file or directory of filters to install at start
 * @param state directory in which enabled filters are remembered for the next start of this JVM; null if they are not
 * @param cache directory in which prepared classes are kept for the next start; null if they are not
 * @param prepare when methods get update points whose frames are gone soon
 * @param name how the console shows this JVM
 * @param labels what selectors match
 * @param console null if the agent does not register itself
 * @param jmx null if the agent opens no connector of its own
 */
public record AgentConfig(
        ClassPatterns include,
        ClassPatterns exclude,
        @Nullable Path filters,
        @Nullable Path state,
        @Nullable Path cache,
        PrepareOption prepare,
        String name,
        Map<String, String> labels,
        @Nullable ConsoleOptions console,
        @Nullable JmxOptions jmx,
        LogOptions log) {

    /** The end of a name to which the pid is to be added; no name that is given has such an end. */
    static final String WITH_PID = " ";

    // no lambdas: the agent's start would pay for their making
    private static final Lookup PROPERTIES = new Lookup() {
        @Override
        public @Nullable String get(String key) {
            return System.getProperty(key);
        }
    };
    private static final Lookup ENVIRONMENT = new Lookup() {
        @Override
        public @Nullable String get(String key) {
            return System.getenv(key);
        }
    };

    public AgentConfig {
        labels = Map.copyOf(labels);
    }

    /**
     * Reads the options of this JVM.
     *
     * @param argument what stands behind {@code -javaagent:loom-agent.jar=}; null or empty if nothing does
     * @throws ConfigException naming the wrong option and what it may be
     */
    public static AgentConfig read(@Nullable String argument) {
        return read(argument, PROPERTIES, ENVIRONMENT);
    }

    static AgentConfig read(@Nullable String argument, Lookup properties, Lookup environment) {
        return new ConfigReader(argument, properties, environment).read();
    }

    /** How the console shows this JVM. The pid, where it belongs to the name, is asked for here: that starts a thread pool of the JDK's. */
    @Override
    public String name() {
        return name.endsWith(WITH_PID) ? name + ProcessHandle.current().pid() : name;
    }

    /**
     * Whether include and exclude let Loom change a class. Says nothing about the JDK and Loom itself.
     *
     * @param internalName {@code com/acme/Bank}
     */
    public boolean covers(String internalName) {
        return (include.isEmpty() || include.matches(internalName)) && !exclude.matches(internalName);
    }

    /** System properties or environment variables. */
    @FunctionalInterface
    interface Lookup {
        @Nullable String get(String key);
    }
}
