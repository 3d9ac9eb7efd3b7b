package dev.loom.races;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

/** Requests to a server, each on a virtual thread of its own. On a Java that has none, on a thread of its own. */
final class Requests {

    private static final MethodHandle START = start();

    /** {@code Thread.startVirtualThread}, as this is compiled for Java 17; null there. */
    private static MethodHandle start() {
        try {
            return MethodHandles.publicLookup()
                    .findStatic(Thread.class, "startVirtualThread", MethodType.methodType(Thread.class, Runnable.class));
        } catch (NoSuchMethodException | IllegalAccessException | UnsupportedOperationException e) {
            return null;
        }
    }

    /** Until the request is done. */
    void run(Runnable request) throws InterruptedException {
        Thread thread;
        if (START == null) {
            thread = new Thread(request);
            thread.start();
        } else {
            try {
                thread = (Thread) START.invokeExact(request);
            } catch (RuntimeException | Error e) {
                throw e;
            } catch (Throwable e) {
                throw new IllegalStateException(e);
            }
        }
        thread.join();
    }
}
