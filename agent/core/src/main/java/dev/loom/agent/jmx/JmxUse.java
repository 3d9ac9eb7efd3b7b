package dev.loom.agent.jmx;

import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.security.ProtectionDomain;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Tells when somebody in this JVM begins to use JMX: the application, an exporter, or a tool that attaches and has the JVM open its
 * local connector. MBeans that nobody can see cost half a second of CPU, most of it for the JDK's own, so they wait for that.
 *
 * <p>Whoever makes an MBean server, or looks for one, loads {@value #FACTORY}. Thread-safe.
 */
public final class JmxUse implements AutoCloseable {

    private static final String FACTORY = "javax/management/MBeanServerFactory";

    private static final long LOOK_SECONDS = 60;

    private final Instrumentation instrumentation;
    private final CountDownLatch begun = new CountDownLatch(1);
    private volatile boolean closed;

    /** A class and no lambda, as it comes on the way of a JVM's start. */
    private final ClassFileTransformer watch = new ClassFileTransformer() {
        @Override
        public byte @Nullable [] transform(
                @Nullable Module module, @Nullable ClassLoader loader, @Nullable String name, @Nullable Class<?> redefined,
                @Nullable ProtectionDomain domain, byte[] classFile) {
            if (loader == null && FACTORY.equals(name)) {
                begun.countDown();
            }
            return null;
        }
    };

    public JmxUse(Instrumentation instrumentation) {
        this.instrumentation = instrumentation;
    }

    /**
     * Waits for it, for as long as it takes.
     *
     * @return false if it was closed before, or the thread interrupted
     */
    public boolean await() {
        // that of the weaver's kind: one of the other kind would have the JVM call back twice for each class
        instrumentation.addTransformer(watch, true);
        try {
            // the JVM tells no transformer of a class that is loaded by a thread inside another transformer of the same agent: look again
            while (!isLoaded() && !begun.await(LOOK_SECONDS, TimeUnit.SECONDS)) {
                continue;
            }
            return !closed;
        } catch (InterruptedException e) {
            return false;
        } finally {
            instrumentation.removeTransformer(watch);
        }
    }

    private boolean isLoaded() {
        String name = FACTORY.replace('/', '.');
        for (Class<?> type : instrumentation.getAllLoadedClasses()) {
            if (type.getClassLoader() == null && type.getName().equals(name)) {
                return true;
            }
        }
        return false;
    }

    /** Lets who waits go. */
    @Override
    public void close() {
        closed = true;
        begun.countDown();
    }
}
