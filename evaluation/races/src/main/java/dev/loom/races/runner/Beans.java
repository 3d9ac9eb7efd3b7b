package dev.loom.races.runner;

import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import java.io.IOException;
import java.lang.management.ThreadInfo;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.management.JMException;
import javax.management.MBeanServerConnection;
import javax.management.ObjectName;
import javax.management.openmbean.CompositeData;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

/** Loom's MBeans in a JVM: without the start of a control tool in between, times are those of the agent. */
final class Beans implements AutoCloseable {

    private static final long POLL_MILLIS = 2;

    private final JMXConnector connector;
    private final MBeanServerConnection server;

    private Beans(JMXConnector connector) throws IOException {
        this.connector = connector;
        this.server = connector.getMBeanServerConnection();
    }

    static Beans of(long pid) throws IOException, AttachNotSupportedException {
        VirtualMachine machine = VirtualMachine.attach(String.valueOf(pid));
        try {
            return new Beans(JMXConnectorFactory.connect(new JMXServiceURL(machine.startLocalManagementAgent())));
        } finally {
            machine.detach();
        }
    }

    void install(String name, String text, String options) throws JMException, IOException {
        String string = String.class.getName();
        server.invoke(new ObjectName("dev.loom:type=Agent"), "install", new Object[] {name, text, options}, new String[] {string, string, string});
    }

    void remove(String name) throws JMException, IOException {
        server.invoke(new ObjectName("dev.loom:type=Agent"), "remove", new Object[] {name}, new String[] {String.class.getName()});
    }

    /** Waits for a state; the nanoseconds until it was there, or -1 if it did not come. */
    long await(String name, String state, long seconds) throws JMException, IOException, InterruptedException {
        long begun = System.nanoTime();
        while (!state.equals(attribute(name, "State"))) {
            if (System.nanoTime() - begun > seconds * 1_000_000_000L) {
                return -1;
            }
            Thread.sleep(POLL_MILLIS);
        }
        return System.nanoTime() - begun;
    }

    /** The sums over all hooks of a filter. */
    Map<String, Object> hooks(String name) throws JMException, IOException {
        Map<String, Object> sums = new LinkedHashMap<>();
        for (CompositeData hook : (CompositeData[]) attribute(name, "Hooks")) {
            for (String number : List.of("hits", "contended", "waitNanosTotal", "timeouts", "bypasses", "overlaps")) {
                sums.merge(number, hook.get(number), (a, b) -> (Long) a + (Long) b);
            }
        }
        return sums;
    }

    /** Names of the threads in the way. */
    List<Object> stragglers(String name) throws JMException, IOException {
        List<Object> names = new ArrayList<>();
        Arrays.stream((CompositeData[]) attribute(name, "Stragglers")).forEach(straggler -> names.add(straggler.get("thread")));
        return names;
    }

    /** What threads of these names do now, as a dump prints it. */
    List<String> stacks(List<String> threads) throws JMException, IOException {
        List<String> stacks = new ArrayList<>();
        Object[] arguments = {false, false};
        String[] types = {"boolean", "boolean"};
        for (CompositeData data : (CompositeData[]) server.invoke(new ObjectName("java.lang:type=Threading"), "dumpAllThreads", arguments, types)) {
            ThreadInfo info = ThreadInfo.from(data);
            if (threads.contains(info.getThreadName())) {
                StringBuilder text = new StringBuilder("\"" + info.getThreadName() + "\" Id=" + info.getThreadId() + " " + info.getThreadState() + "\n");
                for (StackTraceElement frame : info.getStackTrace()) {
                    text.append("\tat ").append(frame).append('\n');
                }
                stacks.add(text.toString());
            }
        }
        return stacks;
    }

    Object attribute(String name, String attribute) throws JMException, IOException {
        return server.getAttribute(new ObjectName("dev.loom:type=Filter,name=" + ObjectName.quote(name)), attribute);
    }

    @Override
    public void close() throws IOException {
        connector.close();
    }
}
