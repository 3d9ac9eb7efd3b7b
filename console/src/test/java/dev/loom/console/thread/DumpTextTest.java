package dev.loom.console.thread;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loom.client.DumpedFrame;
import dev.loom.client.DumpedLock;
import dev.loom.client.DumpedThread;
import dev.loom.client.JvmInfo;
import dev.loom.client.ThreadDump;
import dev.loom.filter.suggest.StackTrace;
import dev.loom.filter.suggest.TraceReader;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What is read out of a dump, and how it is written; and that what reads jstack's dumps reads these. */
class DumpTextTest {

    private static final DumpedLock A = new DumpedLock("com.acme.Desk", 0xa);
    private static final DumpedLock B = new DumpedLock("com.acme.Till", 0xb);
    private static final DumpedLock LOCK = new DumpedLock("java.util.concurrent.locks.ReentrantLock$NonfairSync", 0xc);
    private static final DumpedLock QUEUE = new DumpedLock("java.util.concurrent.locks.AbstractQueuedSynchronizer$ConditionObject", 0xd);
    private static final DumpedFrame SERVE = new DumpedFrame("com.acme.Desk", "serve", "Desk.java:7", "");
    private static final DumpedFrame RUN = new DumpedFrame("com.acme.Desk", "run", "Desk.java:3", "");
    private static final DumpedFrame PARK = new DumpedFrame("jdk.internal.misc.Unsafe", "park", "Native Method", "java.base@17.0.2");
    private static final DumpedFrame WAIT = new DumpedFrame("java.lang.Object", "wait", "Native Method", "java.base@17.0.2");

    private static DumpedThread thread(
            long id, String name, String state, @Nullable DumpedLock lock, long owner, List<DumpedFrame> stack, DumpedThread.Held... held) {
        return new DumpedThread(id, name, state, id % 2 == 0, 5, false, false, lock, owner, stack, List.of(held));
    }

    private static DumpedThread.Held at(int depth, DumpedLock lock) {
        return new DumpedThread.Held(lock, depth);
    }

    private static final DumpedThread CLERK = thread(12, "clerk", "BLOCKED", B, 13, List.of(SERVE, RUN), at(1, A));
    private static final DumpedThread OTHER = thread(13, "clerk", "WAITING", LOCK, 14, List.of(PARK, RUN), at(1, B));
    private static final DumpedThread THIRD = thread(14, "third", "BLOCKED", A, 12, List.of(SERVE));
    private static final DumpedThread IDLE = thread(15, "idle-1", "WAITING", QUEUE, -1, List.of(PARK, RUN));
    private static final DumpedThread IDLE_TOO = thread(16, "idle-2", "WAITING", new DumpedLock(QUEUE.type(), 0xe), -1, List.of(PARK, RUN));
    private static final DumpedThread TOLD = thread(17, "told", "WAITING", A, 12, List.of(WAIT, RUN));
    private static final DumpedThread LATE = thread(18, "late", "BLOCKED", A, 12, List.of(WAIT, RUN));
    private static final DumpedThread LOOMS = thread(
            19, "loom-clock", "RUNNABLE", null, -1, List.of(new DumpedFrame("dev.loom.agent.Agent", "run", "Agent.java:1", "")));
    private static final DumpedThread RUNS = thread(20, "runs", "RUNNABLE", null, -1, List.of(RUN));

    private static TakenDump dump(DumpedThread... threads) {
        JvmInfo jvm = new JvmInfo(1, 1, "OpenJDK 64-Bit Server VM", "17.0.2+8", "");
        return new TakenDump(1, 1, jvm, Instant.parse("2026-12-01T15:02:03Z"), System.nanoTime(), new ThreadDump(threads.length, 100, List.of(threads)));
    }

    @Test
    void aDumpReadsAsJstackWritesIt() {
        assertThat(DumpText.of(dump(CLERK, OTHER, THIRD, IDLE, TOLD, LATE))).isEqualTo("""
                2026-12-01 15:02:03
                Full thread dump OpenJDK 64-Bit Server VM (17.0.2+8):

                "clerk" #12 daemon prio=5 tid=0x000000000000000c nid=NA waiting for monitor entry
                   java.lang.Thread.State: BLOCKED (on object monitor)
                	at com.acme.Desk.serve(Desk.java:7)
                	- waiting to lock <0x000000000000000b> (a com.acme.Till)
                	at com.acme.Desk.run(Desk.java:3)
                	- locked <0x000000000000000a> (a com.acme.Desk)

                "clerk" #13 prio=5 tid=0x000000000000000d nid=NA waiting on condition
                   java.lang.Thread.State: WAITING (parking)
                	at jdk.internal.misc.Unsafe.park(java.base@17.0.2/Native Method)
                	- parking to wait for  <0x000000000000000c> (a java.util.concurrent.locks.ReentrantLock$NonfairSync)
                	at com.acme.Desk.run(Desk.java:3)
                	- locked <0x000000000000000b> (a com.acme.Till)

                "third" #14 daemon prio=5 tid=0x000000000000000e nid=NA waiting for monitor entry
                   java.lang.Thread.State: BLOCKED (on object monitor)
                	at com.acme.Desk.serve(Desk.java:7)
                	- waiting to lock <0x000000000000000a> (a com.acme.Desk)

                   Locked ownable synchronizers:
                	- <0x000000000000000c> (a java.util.concurrent.locks.ReentrantLock$NonfairSync)

                "idle-1" #15 prio=5 tid=0x000000000000000f nid=NA waiting on condition
                   java.lang.Thread.State: WAITING (parking)
                	at jdk.internal.misc.Unsafe.park(java.base@17.0.2/Native Method)
                	- parking to wait for  <0x000000000000000d> (a java.util.concurrent.locks.AbstractQueuedSynchronizer$ConditionObject)
                	at com.acme.Desk.run(Desk.java:3)

                "told" #17 prio=5 tid=0x0000000000000011 nid=NA in Object.wait()
                   java.lang.Thread.State: WAITING (on object monitor)
                	at java.lang.Object.wait(java.base@17.0.2/Native Method)
                	- waiting on <0x000000000000000a> (a com.acme.Desk)
                	at com.acme.Desk.run(Desk.java:3)

                "late" #18 daemon prio=5 tid=0x0000000000000012 nid=NA waiting for monitor entry
                   java.lang.Thread.State: BLOCKED (on object monitor)
                	at java.lang.Object.wait(java.base@17.0.2/Native Method)
                	- waiting to re-lock in wait() <0x000000000000000a> (a com.acme.Desk)
                	at com.acme.Desk.run(Desk.java:3)


                Found one Java-level deadlock:
                =============================
                "clerk":
                  waiting to lock monitor 0x000000000000000b (object 0x000000000000000b, a com.acme.Till),
                  which is held by "clerk"

                "clerk":
                  waiting for ownable synchronizer 0x000000000000000c, (a java.util.concurrent.locks.ReentrantLock$NonfairSync),
                  which is held by "third"

                "third":
                  waiting to lock monitor 0x000000000000000a (object 0x000000000000000a, a com.acme.Desk),
                  which is held by "clerk"

                Java stack information for the threads listed above:
                ===================================================
                "clerk":
                	at com.acme.Desk.serve(Desk.java:7)
                	- waiting to lock <0x000000000000000b> (a com.acme.Till)
                	at com.acme.Desk.run(Desk.java:3)
                	- locked <0x000000000000000a> (a com.acme.Desk)
                "clerk":
                	at jdk.internal.misc.Unsafe.park(java.base@17.0.2/Native Method)
                	- parking to wait for  <0x000000000000000c> (a java.util.concurrent.locks.ReentrantLock$NonfairSync)
                	at com.acme.Desk.run(Desk.java:3)
                	- locked <0x000000000000000b> (a com.acme.Till)
                "third":
                	at com.acme.Desk.serve(Desk.java:7)
                	- waiting to lock <0x000000000000000a> (a com.acme.Desk)

                Found 1 deadlock.
                """);
    }

    @Test
    void whatReadsJstacksDumpsReadsThese() {
        List<StackTrace> read = TraceReader.read(DumpText.of(dump(CLERK, OTHER, THIRD, IDLE, TOLD, LATE)));
        assertThat(read.stream().map(StackTrace::name)).containsExactly("clerk", "clerk", "third", "idle-1", "told", "late");
        assertThat(read.stream().map(StackTrace::isDeadlocked)).containsExactly(true, true, true, false, false, false);
        assertThat(read.get(0).frames().get(1).locks()).containsExactly("0x000000000000000a");
        assertThat(read.get(1).frames().get(0).wantsType()).isEqualTo(LOCK.type());
        assertThat(read.get(2).owned()).containsExactly("0x000000000000000c");
        assertThat(read.get(3).state()).isEqualTo("WAITING");
        assertThat(read.get(5).frames().get(0).wants()).isEqualTo("0x000000000000000a");
    }

    @Test
    void whoIsToldByNotifyWaitsForNobody() {
        LockGraph graph = LockGraph.of(dump(CLERK, OTHER, THIRD, IDLE, TOLD, LATE).dump());
        assertThat(graph.contended()).extracting(contended -> contended.lock().type(), contended -> contended.waiting().size())
                .containsExactly(tuple(A, 2), tuple(B, 1), tuple(LOCK, 1));
        assertThat(graph.deadlocks()).singleElement().satisfies(deadlock -> assertThat(deadlock.threads()).containsExactly(CLERK, OTHER, THIRD));
        assertThat(graph.deadlocks().get(0).mayEnd()).isFalse();
    }

    private static org.assertj.core.groups.Tuple tuple(DumpedLock lock, int waiting) {
        return org.assertj.core.groups.Tuple.tuple(lock.type(), waiting);
    }

    @Test
    void threadsOfTheSameStackAreOneAndThoseInTroubleComeFirst() {
        TakenDump taken = dump(LOOMS, IDLE, IDLE_TOO, RUNS, CLERK, OTHER, THIRD);
        List<StackGroup> groups = StackGroup.of(taken.dump(), LockGraph.of(taken.dump()));
        assertThat(groups.stream().map(group -> group.first().name() + " " + group.threads().size()))
                .containsExactly("clerk 1", "clerk 1", "third 1", "runs 1", "idle-1 2", "loom-clock 1");
        assertThat(groups.get(0).deadlocked()).isTrue();
        assertThat(groups.get(5).isLooms()).isTrue();
        assertThat(groups.get(4).place()).isEqualTo(RUN);
        assertThat(StackLines.of(groups.get(4).threads()).get(1).about())
                .isEqualTo("parking to wait for  one of 2 (a java.util.concurrent.locks.AbstractQueuedSynchronizer$ConditionObject)");
    }

    @Test
    void aFilterIsProposedForTheDeadlockAndOneThreadOfEachOtherStack() {
        TakenDump taken = dump(LOOMS, IDLE, IDLE_TOO, RUNS, CLERK, OTHER, THIRD);
        assertThat(TraceReader.read(Evidence.of(taken)).stream().map(StackTrace::name)).containsExactly("clerk", "clerk", "third", "runs", "idle-1");
        assertThat(TraceReader.read(Evidence.of(taken, List.of(15L))).stream().map(StackTrace::name)).containsExactly("idle-1", "idle-2");
        assertThat(TraceReader.read(Evidence.of(taken, List.of(20L, 12L))).stream().map(StackTrace::name)).containsExactly("runs", "clerk");
    }
}
