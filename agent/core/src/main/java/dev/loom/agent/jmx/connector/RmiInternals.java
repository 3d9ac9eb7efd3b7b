package dev.loom.agent.jmx.connector;

import java.lang.instrument.Instrumentation;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.rmi.Remote;
import java.rmi.server.RMIClientSocketFactory;
import java.rmi.server.RMIServerSocketFactory;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The two things that are wanted of RMI and that its API does not have. The agent may open what it needs; a JDK that has it
 * elsewhere gives an exception here, and the caller does without.
 */
final class RmiInternals {

    private final Instrumentation instrumentation;

    RmiInternals(Instrumentation instrumentation) {
        this.instrumentation = instrumentation;
    }

    /** A registry of one entry that nobody can change. */
    Remote singleEntryRegistry(
            int port, @Nullable RMIClientSocketFactory client, RMIServerSocketFactory server, String name, Remote stub)
            throws ReflectiveOperationException {
        Class<?> type = open("sun.management.jmxremote.SingleEntryRegistry");
        Constructor<?> constructor = type.getDeclaredConstructor(
                int.class, RMIClientSocketFactory.class, RMIServerSocketFactory.class, String.class, Remote.class);
        constructor.setAccessible(true);
        return (Remote) constructor.newInstance(port, client, server, name, stub);
    }

    /** Makes RMI forget a socket factory: it keeps each one that it was ever given, and with it, here, the agent's class loader. */
    void forget(RMIServerSocketFactory sockets) throws ReflectiveOperationException {
        Class<?> type = open("sun.rmi.transport.tcp.TCPEndpoint");
        Field field = type.getDeclaredField("localEndpoints");
        field.setAccessible(true);
        Method factoryOf = type.getMethod("getServerSocketFactory");
        Map<?, ?> endpoints = (Map<?, ?>) field.get(null);
        synchronized (endpoints) {
            for (Object endpoint : Set.copyOf(endpoints.keySet())) {
                if (factoryOf.invoke(endpoint) == sockets) {
                    endpoints.remove(endpoint);
                }
            }
        }
    }

    private Class<?> open(String name) throws ClassNotFoundException {
        Class<?> type = Class.forName(name, false, ClassLoader.getPlatformClassLoader());
        Set<Module> us = Set.of(RmiInternals.class.getModule());
        instrumentation.redefineModule(type.getModule(), Set.of(), Map.of(), Map.of(type.getPackageName(), us), Set.of(), Map.of());
        return type;
    }
}
