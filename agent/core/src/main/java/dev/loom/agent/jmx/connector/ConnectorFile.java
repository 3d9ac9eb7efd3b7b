package dev.loom.agent.jmx.connector;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The file that {@code jmx.config} names. Paths in it are relative to it.
 *
 * @param keystore null for a key of the agent's own
 * @param truststore whose client certificates are accepted; null to ask for none
 * @param user null for {@code loom}
 * @param passwordFile null for a generated password
 */
record ConnectorFile(
        @Nullable Path keystore,
        char[] keystorePassword,
        @Nullable Path truststore,
        char[] truststorePassword,
        @Nullable String user,
        @Nullable Path passwordFile) {

    static final ConnectorFile NONE = new ConnectorFile(null, new char[0], null, new char[0], null, null);

    private static final Set<String> KEYS = new TreeSet<>(Set.of(
            "keystore", "keystore.password", "truststore", "truststore.password", "user", "password.file"));

    static ConnectorFile read(@Nullable Path file) throws IOException {
        if (file == null) {
            return NONE;
        }
        Properties properties = new Properties();
        try (Reader in = Files.newBufferedReader(file)) {
            properties.load(in);
        } catch (IllegalArgumentException e) {
            throw new IOException("jmx.config: " + file + ": " + e.getMessage());
        }
        for (String key : properties.stringPropertyNames()) {
            if (!KEYS.contains(key)) {
                throw new IOException("jmx.config: " + file + ": unknown key '" + key + "'; allowed are " + String.join(", ", KEYS));
            }
        }
        return new ConnectorFile(
                path(file, properties, "keystore"),
                properties.getProperty("keystore.password", "").toCharArray(),
                path(file, properties, "truststore"),
                properties.getProperty("truststore.password", "").toCharArray(),
                properties.getProperty("user"),
                path(file, properties, "password.file"));
    }

    private static @Nullable Path path(Path file, Properties properties, String key) throws IOException {
        String value = properties.getProperty(key);
        if (value == null || value.isBlank()) {
            return null;
        }
        Path path = file.toAbsolutePath().resolveSibling(value.strip());
        if (!Files.isReadable(path)) {
            throw new IOException("jmx.config: " + file + ": " + key + ": " + path + " does not exist or cannot be read");
        }
        return path;
    }

    /** Reads a key store, PKCS12 or JKS. */
    static KeyStore store(Path path, char[] password) throws IOException {
        try {
            return KeyStore.getInstance(path.toFile(), password);
        } catch (GeneralSecurityException e) {
            throw new IOException("jmx.config: " + path + " is not a key store, or its password is wrong: " + e.getMessage());
        }
    }
}
