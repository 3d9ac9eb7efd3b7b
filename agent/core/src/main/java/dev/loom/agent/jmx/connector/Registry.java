package dev.loom.agent.jmx.connector;

import dev.loom.agent.support.AgentLog;
import java.rmi.NoSuchObjectException;
import java.rmi.Remote;
import java.rmi.RemoteException;
import java.rmi.registry.LocateRegistry;
import java.rmi.server.RMIClientSocketFactory;
import java.rmi.server.RMIServerSocketFactory;
import java.rmi.server.UnicastRemoteObject;
import org.jspecify.annotations.Nullable;

/**
 * The RMI registry that names the connector. If this JDK has it, the JDK's own registry of one unchangeable entry is used: into an
 * ordinary one, any user of the machine can bind something else, and collect the passwords of those who connect.
 */
final class Registry implements AutoCloseable {

    /** The name that {@code host:port} stands for in jconsole and everywhere. */
    static final String NAME = "jmxrmi";

    private final Remote registry;

    private Registry(Remote registry) {
        this.registry = registry;
    }

    static Registry open(
            int port, @Nullable RMIClientSocketFactory client, RMIServerSocketFactory server, Remote stub, RmiInternals internals)
            throws RemoteException {
        try {
            return new Registry(internals.singleEntryRegistry(port, client, server, NAME, stub));
        } catch (ReflectiveOperationException | LinkageError | RuntimeException e) {
            AgentLog.info("this JDK has no registry of a single entry (" + e + "); using an ordinary one");
            java.rmi.registry.Registry registry = LocateRegistry.createRegistry(port, client, server);
            registry.rebind(NAME, stub);
            return new Registry(registry);
        }
    }

    @Override
    public void close() throws NoSuchObjectException {
        UnicastRemoteObject.unexportObject(registry, true);
    }
}
