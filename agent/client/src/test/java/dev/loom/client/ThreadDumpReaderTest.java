package dev.loom.client;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import javax.management.ObjectName;
import org.junit.jupiter.api.Test;

/** What this JVM says of its own threads, as the console and the control tool would read it. */
class ThreadDumpReaderTest {

    private final Object monitor = new Object();

    private static ThreadDump dump(int depth, int most) throws Exception {
        Object infos = ManagementFactory.getPlatformMBeanServer().invoke(
                new ObjectName("java.lang:type=Threading"), "getThreadInfo",
                new Object[] {ManagementFactory.getThreadMXBean().getAllThreadIds(), true, false, depth}, new String[] {"[J", "boolean", "boolean", "int"});
        return ThreadDumpReader.read(infos, 3, depth, most);
    }

    private static DumpedThread named(ThreadDump dump, String name) {
        return dump.threads().stream().filter(thread -> thread.name().startsWith(name)).findFirst().orElseThrow();
    }

    @Test
    void threadsAreReadWithWhatTheyHoldAndWaitFor() throws Exception {
        Thread blocked = new Thread(this::enter, "reader-blocked");
        Thread named = new Thread(LockSupport::park, "reader\n\tat com.acme.Forged.frame(Forged.java:1)\u2028" + "x".repeat(10_000));
        named.start();
        synchronized (monitor) {
            blocked.start();
            while (blocked.getState() != Thread.State.BLOCKED || named.getState() != Thread.State.WAITING) {
                Thread.sleep(10);
            }
            ThreadDump dump = dump(50, 1_000);
            DumpedThread waiting = named(dump, "reader-blocked");
            DumpedThread holder = dump.threads().stream().filter(thread -> thread.id() == waiting.owner()).findFirst().orElseThrow();
            assertTrue(waiting.isInWait());
            assertEquals(Thread.currentThread().getName(), holder.name());
            assertEquals("BLOCKED", waiting.state());
            assertEquals("dev.loom.client.ThreadDumpReaderTest.enter", waiting.stack().get(0).type() + "." + waiting.stack().get(0).method());
            DumpedThread.Held held = holder.held().stream().filter(h -> h.lock().equals(waiting.lock())).findFirst().orElseThrow();
            assertEquals("threadsAreReadWithWhatTheyHoldAndWaitFor", holder.stack().get(held.depth()).method());

            DumpedThread long10k = named(dump, "reader ");
            assertEquals(Bounds.MEDIUM, long10k.name().length());
            assertTrue(long10k.name().startsWith("reader  at com.acme.Forged.frame(Forged.java:1) xxx"), long10k.name());
            assertFalse(long10k.isInWait());
            assertEquals("java.lang.Thread.run", long10k.stack().get(long10k.stack().size() - 1).type() + ".run");
            assertTrue(long10k.stack().get(long10k.stack().size() - 1).module().startsWith("java.base@"));
            assertSame(waiting.stack().get(waiting.stack().size() - 1), long10k.stack().get(long10k.stack().size() - 1), "a frame of many threads is there once");
        }
        LockSupport.unpark(named);
        blocked.join();
    }

    private void enter() {
        synchronized (monitor) {
            new CountDownLatch(1).countDown();
        }
    }

    @Test
    void noMoreThreadsAndFramesAreTakenThanWereAskedFor() throws Exception {
        ThreadDump dump = dump(2, 3);
        assertEquals(3, dump.threads().size());
        assertTrue(dump.threads().stream().allMatch(thread -> thread.stack().size() <= 2));
        assertEquals(List.of(), ThreadDumpReader.read("no threads", 0, 2, 3).threads());
    }

    @Test
    void ofTooManyThreadsTheDeadlockedAndTheOldestAreAskedFor() {
        assertArrayEquals(new long[] {1, 2, 9}, ThreadDumpReader.chosen(new long[] {9, 8, 3, 2, 1}, new long[] {9}, 3));
        assertArrayEquals(new long[] {1, 2, 3}, ThreadDumpReader.chosen(new long[] {3, 2, 1}, new long[0], 5));
        assertEquals(50, ThreadDumpReader.depth(2_000, 100_000));
        assertEquals(200, ThreadDumpReader.depth(10, 100_000));
        assertEquals(16, ThreadDumpReader.depth(50_000, 100_000));
    }
}
