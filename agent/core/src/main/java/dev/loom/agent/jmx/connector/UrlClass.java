package dev.loom.agent.jmx.connector;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandleProxies;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import javax.management.remote.JMXServiceURL;

/**
 * Initializes {@link JMXServiceURL} where it does no harm. That class makes an exception when it is initialized and keeps it for
 * ever, and with it all classes of the methods that are on the stack at that moment. If one of them is Loom's, no detach gets Loom's
 * classes out of the JVM; so it happens on a thread that has only the JDK's methods on its stack.
 */
final class UrlClass {

    private UrlClass() {}

    static void initialize() {
        try {
            MethodHandle constructor = MethodHandles.publicLookup()
                    .findConstructor(JMXServiceURL.class, MethodType.methodType(void.class, String.class))
                    .bindTo("service:jmx:rmi://");
            FutureTask<?> task = new FutureTask<>(MethodHandleProxies.asInterfaceInstance(Callable.class, constructor));
            Thread thread = new Thread(null, task, "loom-start", 0, false);
            thread.setDaemon(true);
            thread.start();
            task.get();
        } catch (ReflectiveOperationException | ExecutionException e) {
            // then it is initialized by whoever needs it next
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
