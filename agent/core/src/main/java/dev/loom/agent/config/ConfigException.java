package dev.loom.agent.config;

/** A wrong option; the message is one line for people that says what to write instead. */
public final class ConfigException extends IllegalArgumentException {

    public ConfigException(String message) {
        super(message);
    }
}
