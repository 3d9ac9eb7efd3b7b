package dev.loom.client;

import java.io.IOException;
import java.rmi.NotBoundException;
import java.rmi.registry.LocateRegistry;
import java.rmi.server.RMIClientSocketFactory;
import org.jspecify.annotations.Nullable;

/** Finds a connector in an RMI registry. Not through JNDI, whose object factories run code that a stranger's registry names. */
@FunctionalInterface
public interface RegistryLookup {

    /** What is bound under the address's name: a JMX server's stub. */
    Object find(JvmAddress.Registry registry) throws IOException, NotBoundException;

    /**
     * Asks the registry over sockets of a kind.
     *
     * @param sockets null for plain ones
     */
    static RegistryLookup over(@Nullable RMIClientSocketFactory sockets) {
        return registry -> LocateRegistry.getRegistry(registry.host(), registry.port(), sockets).lookup(registry.name());
    }
}
