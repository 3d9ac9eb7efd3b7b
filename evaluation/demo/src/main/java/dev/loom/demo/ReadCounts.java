package dev.loom.demo;

import com.sun.tools.attach.VirtualMachine;
import java.util.Locale;
import javax.management.JMX;
import javax.management.ObjectName;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

/** Prints what a running demo counts, for scripts: {@code ReadCounts PID} gives {@code OPERATIONS FAILURES FAILURES_PER_SECOND}. */
public final class ReadCounts {

    private ReadCounts() {}

    public static void main(String[] arguments) throws Exception {
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
}
