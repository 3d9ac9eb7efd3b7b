package dev.loom.bootstrap.wait;

/**
 * A thread of Loom's own. Hooks and polls pass in it, whatever code it runs: another agent may have put calls to woven code into the
 * JDK's classes that Loom uses, and a filter on such code must not stop the thread that could take it back.
 */
public final class LoomThread extends Thread {

    /** Start of the name of each thread of Loom's. */
    public static final String PREFIX = "loom-";

    /** Makes a daemon, not started, that takes nothing over from the application's thread that makes it. */
    public LoomThread(String name, Runnable body) {
        // no inheritable thread-locals: they would keep the application's objects, and its class loaders, alive
        super(null, body, PREFIX.concat(name), 0, false);
        setDaemon(true);
        setContextClassLoader(ClassLoader.getSystemClassLoader());
    }
}
