package dev.loom.agent.config;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The agent's own JMX connector.
 *
 * @param port one port for registry and objects; 0 takes a free one
 * @param host address to listen on and to name in the service URL; loopback if not given
 * @param hostGiven whether the host was said, or is the default
 * @param config properties file with the key store for TLS and, if wished, user and password file
 * @param open no password; only what the operator asked for in so many words
 */
public record JmxOptions(int port, String host, boolean hostGiven, @Nullable Path config, boolean open) {}
