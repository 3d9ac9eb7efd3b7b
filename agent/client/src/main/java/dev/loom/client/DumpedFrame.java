package dev.loom.client;

/**
 * A frame of a thread's stack.
 *
 * @param type class name with dots
 * @param method its name
 * @param source file and line, {@code Bank.java:42}, or {@code Native Method}, or {@code Unknown Source}
 * @param module of the JDK's and others' modules, {@code java.base@17.0.2}; empty for classes of the class path
 */
public record DumpedFrame(String type, String method, String source, String module) {

    /** {@code com.acme.Bank.transfer(Bank.java:42)}. */
    public String text() {
        return type + "." + method + "(" + source + ")";
    }
}
