package dev.loom.launcher;

import java.io.File;
import java.lang.instrument.Instrumentation;
import java.lang.reflect.InvocationTargetException;

/**
 * What the JVM calls: {@code -javaagent}, attach, and {@code java -jar}. Nothing that goes wrong here reaches the application: it
 * is one line on stderr, and for whoever attached the system property {@value #STATE}.
 *
 * <p>Kept small and free of versions: a JVM in which one version was attached and detached keeps this class for ever, and the next
 * version is started by it, from the jar that {@code agent-jar} names.
 */
public final class LoomAgent {

    /** System property that says which version is in this JVM, or {@code error: …} with the reason why none is. */
    public static final String STATE = "dev.loom.agent";

    private static final String JAR_OPTION = "agent-jar=";

    private LoomAgent() {}

    /** Called before the application's main method. */
    public static void premain(String argument, Instrumentation instrumentation) {
        start(argument, instrumentation, false);
    }

    /** Called when somebody attaches. */
    public static void agentmain(String argument, Instrumentation instrumentation) {
        start(argument, instrumentation, true);
    }

    /** The control tool. */
    public static void main(String[] arguments) throws Exception {
        System.exit(ControlTool.run(ownJar(), arguments));
    }

    private static synchronized void start(String argument, Instrumentation instrumentation, boolean attached) {
        InnerLoader loader = null;
        try {
            String state = System.getProperty(STATE, "");
            if (!state.isEmpty() && !state.startsWith("error")) {
                System.err.println("loom: version " + state + " is already in this JVM; started once is enough");
                return;
            }
            loader = new InnerLoader(jar(argument), ClassLoader.getPlatformClassLoader());
            String version = (String) loader.loadClass("dev.loom.agent.Agent")
                    .getMethod("start", String.class, Instrumentation.class, boolean.class, Runnable.class)
                    .invoke(null, argument, instrumentation, attached, new Gone(loader));
            System.setProperty(STATE, version);
        } catch (Throwable e) {
            if (loader != null) {
                loader.close();
            }
            fail(e instanceof InvocationTargetException && e.getCause() != null ? e.getCause() : e);
        }
    }

    private static void fail(Throwable e) {
        // a wrong option, or a state of this JVM, is explained by its message; anything else is a fault of ours
        boolean explained = e instanceof IllegalArgumentException || e instanceof IllegalStateException;
        String message = explained && e.getMessage() != null ? e.getMessage() : e.toString();
        if (e instanceof SecurityException) {
            explained = true;
            message = "the security manager of this JVM does not let it (" + e.getMessage() + "); add to the policy file:"
                    + " grant codeBase \"" + place() + "\" { permission java.security.AllPermission; };";
        }
        System.err.println("loom: agent not started: " + message);
        if (!explained) {
            e.printStackTrace();
        }
        try {
            System.setProperty(STATE, "error: " + message);
        } catch (SecurityException denied) {
            // whoever attached finds no agent; the reason is on stderr
        }
    }

    /** Where the policy file is to say that this jar is; on the class path of the JVM, whatever this class may know of itself. */
    private static String place() {
        try {
            return ownJar().toURI().toString();
        } catch (Exception e) {
            return "file:/path/to/loom-agent.jar";
        }
    }

    /** The end of an agent. A class and no lambda, which the JVM would have to make at each start. */
    private static final class Gone implements Runnable {

        private final InnerLoader loader;

        Gone(InnerLoader loader) {
            this.loader = loader;
        }

        @Override
        public void run() {
            synchronized (LoomAgent.class) {
                System.clearProperty(STATE);
                loader.close();
            }
        }
    }

    private static File jar(String argument) throws Exception {
        if (argument != null) {
            for (String option : argument.split(",")) {
                if (option.startsWith(JAR_OPTION)) {
                    return new File(option.substring(JAR_OPTION.length()));
                }
            }
        }
        return ownJar();
    }

    private static File ownJar() throws Exception {
        return new File(LoomAgent.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    }
}
