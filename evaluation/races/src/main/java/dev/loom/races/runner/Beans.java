package dev.loom.races.runner;

import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import dev.loom.client.ClientException;
import dev.loom.client.FilterState;
import dev.loom.client.FilterStatus;
import dev.loom.client.HookCounters;
import dev.loom.client.JmxClient;
import dev.loom.client.JvmAddress;
import dev.loom.client.RegistryLookup;
import dev.loom.client.Straggler;
import java.io.IOException;
import java.lang.management.ThreadInfo;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.management.JMException;
import javax.management.ObjectName;
import javax.management.openmbean.CompositeData;

/** Loom's MBeans in a JVM: without the start of a control tool in between, times are those of the agent. */
final class Beans implements AutoCloseable {

    private static final long POLL_MILLIS = 2;

    /** Time for the agent's MBean, which comes when JMX is used in the JVM, ms. */
    private static final long COMES_MILLIS = 10_000;

    private final JmxClient client;

    private Beans(JmxClient client) {
        this.client = client;
    }

    static Beans of(long pid) throws IOException, AttachNotSupportedException, ClientException {
        VirtualMachine machine = VirtualMachine.attach(String.valueOf(pid));
        try {
            JvmAddress address = JvmAddress.local(machine.startLocalManagementAgent());
            JmxClient client = JmxClient.open(address, null, RegistryLookup.over(null), Map.of());
            client.awaitAgent(COMES_MILLIS);
            return new Beans(client);
        } finally {
            machine.detach();
        }
    }

    void install(String name, String text, String options) throws ClientException {
        client.install(name, text, options);
    }

    void remove(String name) throws ClientException {
        client.remove(name);
    }

    /** Waits for a state; the nanoseconds until it was there, or -1 if it did not come. */
    long await(String name, FilterState state, long seconds) throws ClientException, InterruptedException {
        long begun = System.nanoTime();
        while (!state.word().equals(client.attribute(JmxClient.filterBean(name), "State"))) {
            if (System.nanoTime() - begun > seconds * 1_000_000_000L) {
                return -1;
            }
            Thread.sleep(POLL_MILLIS);
        }
        return System.nanoTime() - begun;
    }

    /** The sums over all hooks of a filter. */
    Map<String, Object> hooks(String name) throws ClientException {
        Map<String, Object> sums = new LinkedHashMap<>();
        for (HookCounters hook : filter(name).hooks()) {
            sums.merge("hits", hook.hits(), Beans::sum);
            sums.merge("contended", hook.contended(), Beans::sum);
            sums.merge("waitNanosTotal", hook.waitNanosTotal(), Beans::sum);
            sums.merge("timeouts", hook.timeouts(), Beans::sum);
            sums.merge("bypasses", hook.bypasses(), Beans::sum);
            sums.merge("overlaps", hook.overlaps(), Beans::sum);
        }
        return sums;
    }

    private static Object sum(Object one, Object other) {
        return (Long) one + (Long) other;
    }

    private FilterStatus filter(String name) throws ClientException {
        FilterStatus filter = client.filter(name);
        if (filter == null) {
            throw new IllegalStateException("there is no filter " + name);
        }
        return filter;
    }

    /** Names of the threads in the way. */
    List<String> stragglers(String name) throws ClientException {
        return filter(name).stragglers().stream().map(Straggler::thread).toList();
    }

    /** What threads of these names do now, as a dump prints it. */
    List<String> stacks(List<String> threads) throws IOException {
        List<String> stacks = new ArrayList<>();
        for (CompositeData data : allThreads()) {
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

    private CompositeData[] allThreads() throws IOException {
        Object[] arguments = {false, false};
        String[] types = {"boolean", "boolean"};
        try {
            return (CompositeData[]) client.server().invoke(new ObjectName("java.lang:type=Threading"), "dumpAllThreads", arguments, types);
        } catch (JMException e) {
            throw new IllegalStateException("the JVM dumps no threads", e);
        }
    }

    /** An attribute of a filter's MBean. */
    Object attribute(String name, String attribute) throws ClientException {
        return client.attribute(JmxClient.filterBean(name), attribute);
    }

    @Override
    public void close() {
        client.close();
    }
}
