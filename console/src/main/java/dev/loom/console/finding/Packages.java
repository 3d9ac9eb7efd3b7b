package dev.loom.console.finding;

import java.util.Arrays;
import java.util.List;

/** Which packages are an application's, from what is known of it. */
final class Packages {

    /** Parts of a package's name that name whose it is: com.acme.shop. */
    private static final int PARTS = 3;
    /** What starts applications, and is none. */
    private static final List<String> LAUNCHERS = List.of("java.", "jdk.", "sun.", "org.springframework.boot.", "org.apache.catalina.", "org.eclipse.jetty.",
            "org.jboss.", "org.codehaus.", "org.gradle.", "org.apache.maven.");

    private Packages() {}

    /**
     * Of a JVM's main class.
     *
     * @param command a main class, perhaps with its module in front, or a jar
     * @return {@code com.acme.shop.**}; empty if it says nothing of the application
     */
    static String ofCommand(String command) {
        String main = command.substring(command.lastIndexOf('/') + 1);
        boolean isClass = main.matches("[\\p{L}_$][\\p{L}\\p{N}_$]*(\\.[\\p{L}_$][\\p{L}\\p{N}_$]*)+") && !main.endsWith(".jar") && !main.endsWith(".war");
        if (!isClass || LAUNCHERS.stream().anyMatch(main::startsWith)) {
            return "";
        }
        List<String> parts = Arrays.asList(main.split("\\."));
        return String.join(".", parts.subList(0, Math.min(PARTS, parts.size() - 1))) + ".**";
    }
}
