package dev.loom.agent.jmx.connector;

import dev.loom.agent.support.AgentLog;
import java.lang.instrument.Instrumentation;
import java.lang.reflect.Constructor;
import java.rmi.NoSuchObjectException;
import java.rmi.Remote;
import java.rmi.RemoteException;
import java.rmi.registry.LocateRegistry;
import java.rmi.server.RMIClientSocketFactory;
import java.rmi.server.RMIServerSocketFactory;
import java.rmi.server.UnicastRemoteObject;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The RMI registry that names the connector. If this JDK has it, the JDK's own registry of one unchangeable entry is used: into an
 * ordinary one, any user of the machine can bind something else, and collect the passwords of those who connect.
 */
final class Registry implements AutoCloseable {

    /** The name that {@code host:port} stands for in jconsole and everywhere. */
    static final String NAME = "jmxrmi";

    private static final String PACKAGE = "sun.management.jmxremote";

    private final Remote registry;

    private Registry(Remote registry) {
        this.registry = registry;
    }

    static Registry open(
            int port, @Nullable RMIClientSocketFactory client, RMIServerSocketFactory server, Remote stub, Instrumentation instrumentation)
            throws RemoteException {
        try {
            return new Registry(singleEntry(port, client, server, stub, instrumentation));
        } catch (ReflectiveOperationException | LinkageError | RuntimeException e) {
            AgentLog.info("this JDK has no registry of a single entry (" + e + "); using an ordinary one");
            java.rmi.registry.Registry registry = LocateRegistry.createRegistry(port, client, server);
            registry.rebind(NAME, stub);
            return new Registry(registry);
        }
    }

    private static Remote singleEntry(
            int port, @Nullable RMIClientSocketFactory client, RMIServerSocketFactory server, Remote stub, Instrumentation instrumentation)
            throws ReflectiveOperationException {
        Class<?> type = Class.forName(PACKAGE + ".SingleEntryRegistry", false, ClassLoader.getPlatformClassLoader());
        instrumentation.redefineModule(type.getModule(), Set.of(), Map.of(),
                Map.of(PACKAGE, Set.of(Registry.class.getModule())), Set.of(), Map.of());
        Constructor<?> constructor = type.getDeclaredConstructor(
                int.class, RMIClientSocketFactory.class, RMIServerSocketFactory.class, String.class, Remote.class);
        constructor.setAccessible(true);
        return (Remote) constructor.newInstance(port, client, server, NAME, stub);
    }

    @Override
    public void close() throws NoSuchObjectException {
        UnicastRemoteObject.unexportObject(registry, true);
    }
}
