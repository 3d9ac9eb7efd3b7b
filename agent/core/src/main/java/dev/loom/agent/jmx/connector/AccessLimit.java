package dev.loom.agent.jmx.connector;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Set;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import javax.management.remote.MBeanServerForwarder;

/**
 * What clients of the connector may do. Nobody may create or unregister MBeans: with {@code javax.management.loading.MLet} that is
 * to run any code. Without a password, operations and changes are limited to Loom's own MBeans, since the JDK's can load native
 * agents and write heap dumps.
 */
final class AccessLimit implements InvocationHandler {

    private static final Set<String> NEVER = Set.of("createMBean", "unregisterMBean", "registerMBean", "instantiate");
    private static final Set<String> OWN_ONLY = Set.of("invoke", "setAttribute", "setAttributes");

    private final boolean open;
    private MBeanServer server;

    private AccessLimit(boolean open) {
        this.open = open;
    }

    /** @param open whether clients come without a password */
    static MBeanServerForwarder forwarder(boolean open) {
        return (MBeanServerForwarder) Proxy.newProxyInstance(
                AccessLimit.class.getClassLoader(), new Class<?>[] {MBeanServerForwarder.class}, new AccessLimit(open));
    }

    @Override
    public Object invoke(Object proxy, Method method, Object[] arguments) throws Throwable {
        String name = method.getName();
        if (name.equals("setMBeanServer")) {
            server = (MBeanServer) arguments[0];
            return null;
        }
        if (name.equals("getMBeanServer") && method.getParameterCount() == 0) {
            return server;
        }
        if (NEVER.contains(name)) {
            throw new SecurityException("Loom's connector does not let clients create or unregister MBeans");
        }
        if (open && OWN_ONLY.contains(name) && !((ObjectName) arguments[0]).getDomain().equals("dev.loom")) {
            throw new SecurityException("a connector without password (jmx.open=true) changes nothing but Loom's own MBeans");
        }
        try {
            return method.invoke(server, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
