package dev.loom.console.jmx;

/**
 * Where an application keeps its own count of work and failures, to be charted beside the hooks.
 *
 * @param name of its MBean
 * @param operations attribute that counts what it did
 * @param failures attribute that counts what went wrong
 */
public record AppBean(String name, String operations, String failures) {

    /** Looked for where nothing else is said: what the demo JVM registers. */
    public static final AppBean USUAL = new AppBean("dev.loom.demo:type=Demo", "Operations", "Failures");
}
