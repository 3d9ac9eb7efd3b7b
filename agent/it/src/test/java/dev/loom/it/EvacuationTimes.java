package dev.loom.it;

import dev.loom.it.harness.AgentClient;
import dev.loom.it.harness.Await;
import dev.loom.it.harness.BenchClient;
import dev.loom.it.harness.Jdk;
import dev.loom.it.harness.Jvm;
import dev.loom.it.harness.Marks;
import dev.loom.it.harness.OtherAgentJar;
import dev.loom.it.targets.Masses;
import dev.loom.it.targets.OtherAgentMXBean;
import java.util.Arrays;
import java.util.List;

/**
 * Prints, as a Markdown table, how long it takes from the install of a filter to ACTIVE, and the longest pause that a worker sees
 * meanwhile; beside a plain retransformation of the same class, in a JVM without Loom, and beside nothing at all. The filter is
 * removed each time. evaluation/evacuation-times.sh starts it.
 */
public final class EvacuationTimes {

    private static final int ROUNDS = 5;
    /** How long each pause is watched for, at least, ms. */
    private static final long WINDOW = 400;

    private EvacuationTimes() {}

    private record Kind(String title, String kind, int count, String beating) {

        String filter() {
            String name = Masses.class.getName();
            String mark = kind.equals("compute") ? "compute" : "masses";
            return Marks.fill(Masses.class, "atomic { " + name + ":@" + mark + "-in ; " + name + ":@" + mark + "-out }");
        }
    }

    public static void main(String[] arguments) throws InterruptedException {
        System.out.println("| JDK | workers | install to ACTIVE, ms: first | later (median, longest) | longest pause of a worker, ms: install"
                + " (median, longest) | plain retransformation (median, longest) | nothing (median, longest) |");
        System.out.println("|---|---|---|---|---|---|---|");
        for (Jdk jdk : Jdk.all()) {
            row(jdk, new Kind("one, blocked in take()", "platform", 1, "heartbeat"));
            row(jdk, new Kind("one, a compiled compute loop", "compute", 1, "worker-0"));
            row(jdk, new Kind("1,000 platform threads in take()", "platform", 1_000, "heartbeat"));
            if (jdk.hasVirtualThreads()) {
                row(jdk, new Kind("10,000 virtual threads in take()", "virtual", 10_000, "heartbeat"));
            }
        }
        System.exit(0);
    }

    private static void row(Jdk jdk, Kind kind) throws InterruptedException {
        double[] active = new double[ROUNDS];
        double[] gaps = new double[ROUNDS];
        double[] idle = new double[ROUNDS];
        try (Jvm jvm = Jvm.of(jdk, Masses.class).withAgent().arguments(kind.kind(), Integer.toString(kind.count())).start()) {
            jvm.awaitOutput("ready");
            AgentClient agent = new AgentClient(jvm);
            BenchClient bench = new BenchClient(jvm);
            settle(bench, kind);
            for (int i = 0; i < ROUNDS; i++) {
                idle[i] = gap(bench, kind, () -> { });
                int round = i;
                gaps[i] = gap(bench, kind, () -> {
                    long start = System.nanoTime();
                    agent.installed("masses", kind.filter());
                    active[round] = (System.nanoTime() - start) / 1e6;
                });
                if (!kind.kind().equals("compute")) {
                    // all of them are moved: their very next job is hooked
                    long hits = (Long) agent.hooks("masses").get(0).get("hits");
                    bench.bean().command("feed " + kind.count());
                    Await.until("jobs done", () -> (Long) agent.hooks("masses").get(0).get("hits") == hits + kind.count());
                }
                agent.removed("masses");
                bench.assertUnharmed();
                settle(bench, kind);
            }
        }
        double[] plain = new double[ROUNDS];
        try (Jvm jvm = Jvm.of(jdk, Masses.class).options(jdk.hasVirtualThreads() ? "-XX:+EnableDynamicAgentLoading" : "-Dplain")
                .arguments(kind.kind(), Integer.toString(kind.count())).start()) {
            jvm.awaitOutput("ready");
            BenchClient bench = new BenchClient(jvm);
            OtherAgentMXBean other = OtherAgentJar.attach(jvm);
            settle(bench, kind);
            for (int i = 0; i < ROUNDS; i++) {
                plain[i] = gap(bench, kind, () -> other.retransform(Masses.class.getName()));
            }
        }
        System.out.printf("| %d | %s | %.0f | %s | %s | %s | %s |%n", jdk.feature(), kind.title(), active[0],
                shown(Arrays.copyOfRange(active, 1, ROUNDS)), shown(gaps), shown(plain), shown(idle));
    }

    private static void settle(BenchClient bench, Kind kind) throws InterruptedException {
        long beats = bench.bean().beatsOf(kind.beating());
        bench.awaitTurnsOf(kind.beating(), beats + 100);
        Thread.sleep(500);
    }

    /** The longest pause of the worker that beats while something is done, ms. */
    private static double gap(BenchClient bench, Kind kind, Runnable action) throws InterruptedException {
        bench.bean().takeLongestGapOf(kind.beating());
        long start = System.nanoTime();
        action.run();
        long left = WINDOW - (System.nanoTime() - start) / 1_000_000;
        if (left > 0) {
            Thread.sleep(left);
        }
        // a pause that goes on is seen by the next beat
        bench.awaitTurnsOf(kind.beating(), bench.bean().beatsOf(kind.beating()) + 2);
        return bench.bean().takeLongestGapOf(kind.beating()) / 1e6;
    }

    private static String shown(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        List<Double> pair = List.of(sorted[sorted.length / 2], sorted[sorted.length - 1]);
        return String.format("%.1f, %.1f", pair.get(0), pair.get(1));
    }
}
