package dev.loom.it.harness;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.loom.it.targets.BenchMXBean;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.management.JMX;
import javax.management.ObjectName;

/** What a program under test counts about itself, and what must be true of it. */
public final class BenchClient {

    private final Jvm jvm;
    private final BenchMXBean bean;

    public BenchClient(Jvm jvm) {
        this.jvm = jvm;
        ObjectName name = AgentClient.name("dev.loom.it:type=Bench");
        Await.until("MBean of the program", Await.LONG, () -> jvm.jmx().isRegistered(name), jvm::output);
        bean = JMX.newMXBeanProxy(jvm.jmx(), name, BenchMXBean.class);
    }

    public BenchMXBean bean() {
        return bean;
    }

    public Map<String, Long> overlaps() {
        return bean.getOverlaps();
    }

    /** Fails if something came out of the program that should not. */
    public void assertUnharmed() {
        List<String> errors = bean.getErrors();
        assertEquals(List.of(), errors, () -> String.join("\n", errors) + "\n" + jvm.output());
    }

    /** Waits until each worker has done so many turns from now on: none is dead, none hangs. */
    public void awaitTurns(long turns) {
        Map<String, Long> start = bean.getBeats();
        Map<String, Long> missing = new TreeMap<>();
        Await.until(turns + " turns of each worker", Await.LONG, () -> {
            if (!jvm.isAlive()) {
                throw new AssertionError("the JVM has ended:\n" + jvm.output());
            }
            missing.clear();
            Map<String, Long> now = bean.getBeats();
            start.forEach((worker, beats) -> {
                if (now.containsKey(worker) && now.get(worker) - beats < turns) {
                    missing.put(worker, now.get(worker) - beats);
                }
            });
            return missing.isEmpty();
        }, () -> "missing " + missing + " errors " + bean.getErrors() + "\n" + jvm.jcmd("Thread.print"));
    }

    /** Waits until one worker has done so many turns in all. */
    public void awaitTurnsOf(String worker, long turns) {
        Await.until(turns + " turns of " + worker, () -> bean.beatsOf(worker) >= turns);
    }

    /** Waits until so many entries were made on a board, or on all where none is named, from now on. */
    public void awaitEntries(long entries) {
        Map<String, Long> start = bean.getEntries();
        Await.until(entries + " entries on each board", () -> {
            Map<String, Long> now = bean.getEntries();
            return start.entrySet().stream().allMatch(e -> now.get(e.getKey()) - e.getValue() >= entries);
        });
    }

    /** The boards with overlaps since a count. */
    public Map<String, Long> overlapsSince(Map<String, Long> before) {
        Map<String, Long> more = new TreeMap<>();
        bean.getOverlaps().forEach((board, count) -> {
            long since = count - before.getOrDefault(board, 0L);
            if (since > 0) {
                more.put(board, since);
            }
        });
        return more;
    }

    /** Fails if there was an overlap since a count. */
    public void assertNoOverlaps(Map<String, Long> before, String when) {
        assertEquals(Map.of(), overlapsSince(before), () -> "overlaps " + when + "\n" + jvm.output());
    }
}
