package dev.loom.agent.jmx;

import dev.loom.agent.support.AgentLog;
import java.util.function.Supplier;

/** Lets only JDK exceptions out of the MBeans: a client has no class of Loom's to read others with. */
final class JdkExceptions {

    private JdkExceptions() {}

    static <T> T only(Supplier<T> body) {
        try {
            return body.get();
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(message(e));
        } catch (IllegalStateException e) {
            throw new IllegalStateException(message(e));
        } catch (RuntimeException | LinkageError | StackOverflowError | AssertionError e) {
            AgentLog.warn("a fault of Loom's in an MBean call", e);
            throw new IllegalStateException("a fault in Loom, see its log: " + e);
        }
    }

    /** A new exception takes over the text alone: neither its class nor its causes. */
    private static String message(RuntimeException e) {
        return e.getMessage() == null ? e.toString() : e.getMessage();
    }
}
