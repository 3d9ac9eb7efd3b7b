package dev.loom.demo;

import com.sun.tools.attach.VirtualMachine;
import java.time.Duration;
import java.util.Locale;
import java.util.Timer;
import java.util.TimerTask;
import javax.management.JMX;
import javax.management.ObjectName;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

/**
 * Prints what a running demo counts, for scripts: {@code ReadCounts PID} gives {@code OPERATIONS FAILURES FAILURES_PER_SECOND}. A JVM that
 * does not answer within a minute is said to hang, with exit status 3.
 */
public final class ReadCounts {

    private ReadCounts() {}

    public static void main(String[] arguments) throws Exception {
        endWithin(Duration.ofMinutes(1), arguments[0]);
        VirtualMachine jvm = VirtualMachine.attach(arguments[0]);
        String address;
        try {
            address = jvm.startLocalManagementAgent();
        } finally {
            jvm.detach();
        }
        try (JMXConnector connector = JMXConnectorFactory.connect(new JMXServiceURL(address))) {
            DemoMXBean demo = JMX.newMXBeanProxy(
                    connector.getMBeanServerConnection(), new ObjectName("dev.loom.demo:type=Demo"), DemoMXBean.class);
            long failures = demo.getFailures(); // first: what comes meanwhile must not make them more than the operations
            System.out.printf(Locale.ROOT, "%d %d %.1f%n", demo.getOperations(), failures, demo.getFailuresPerSecond());
        }
    }

    /** Neither attaching nor JMX has a limit of its own. */
    private static void endWithin(Duration limit, String pid) {
        TimerTask end = new TimerTask() {
            @Override
            public void run() {
                System.err.println("JVM " + pid + " has not answered in " + limit.toSeconds() + " s");
                Runtime.getRuntime().halt(3);
            }
        };
        new Timer("limit", true).schedule(end, limit.toMillis());
    }
}
