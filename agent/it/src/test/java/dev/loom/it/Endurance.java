package dev.loom.it;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.loom.it.harness.AgentClient;
import dev.loom.it.harness.BenchClient;
import dev.loom.it.harness.Jdk;
import dev.loom.it.harness.Jvm;
import dev.loom.it.harness.Marks;
import dev.loom.it.targets.Shapes;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Installs and removes a filter of several shapes in one JVM under load, again and again, and looks at what the JVM holds meanwhile.
 * (All shapes, fewer times: {@link ShapesTest}.)
 *
 * <p>{@code Endurance JDK PID LOG CYCLES EVERY FILE} does it to a running JVM with {@link Shapes} and goes on where FILE, which it writes,
 * ends; evaluation/cycles.sh starts it. What fails is thrown.
 */
public final class Endurance {

    /** Arguments of the program: two threads for each of these shapes. */
    static final String[] SHAPES = {"2", "take", "compute", "caught", "final", "self", "wide"};
    private static final String S = Shapes.class.getName() + "$";
    private static final String FILTER = Marks.fill(Shapes.class,
            "atomic { " + S + "Take:@take-in ; " + S + "Take:@take-out }\n"
                    + "atomic { " + S + "Compute:@compute-in ; " + S + "Compute:@compute-out }\n"
                    + "atomic { " + S + "Caught:@caught-in ; " + S + "Caught:@caught-out, " + S + "Caught:@caught-handler }\n"
                    + "atomic { " + S + "Final:@final-in ; " + S + "Final:@final-out }\n"
                    + "atomic { " + S + "Keyed:@self-in ; " + S + "Keyed:@self-out } by this\n"
                    + "atomic { " + S + "Wide:@wide-in ; " + S + "Wide:@wide-out }");

    /** Turns of each worker that are awaited while the filter is ACTIVE. */
    private static final int TURNS = 2;
    private static final long MB = 1_000_000;
    /** Metaspace that HotSpot itself may keep of a cycle's redefinitions: 130 seen without Loom (docs/proof.md); a class version has 6,000. */
    private static final long METASPACE_A_CYCLE = 250;

    private final Jvm jvm;
    private final AgentClient agent;
    private final BenchClient bench;

    Endurance(Jvm jvm) {
        this.jvm = jvm;
        jvm.awaitOutput("ready");
        agent = new AgentClient(jvm);
        bench = new BenchClient(jvm);
    }

    /** Does the cycles from one number to another, and takes the footprint after each so many. */
    void run(int from, int to, int every, Consumer<Footprint> footprints) {
        bench.awaitTurns(5);
        for (int cycle = from + 1; cycle <= to; cycle++) {
            int now = cycle;
            agent.installed("shapes", FILTER);
            Map<String, Long> atActive = bench.overlaps();
            bench.awaitTurns(TURNS);
            bench.assertNoOverlaps(atActive, "in cycle " + cycle);
            agent.removed("shapes");
            bench.assertUnharmed();
            if (cycle % every == 0) {
                assertEquals(0, agent.faults(), () -> "faults of the agent by cycle " + now + "\n" + jvm.output());
                footprints.accept(Footprint.of(jvm, cycle));
            }
        }
        bench.awaitTurns(20);
        bench.assertUnharmed();
        assertEquals(List.of(), agent.stragglers("shapes"));
    }

    /**
     * What has grown since a cycle, beyond what it may; empty if nothing has. The JIT goes on to find something worth compiling after
     * the hundredth cycle, and keeps its profiles in metaspace: that much is allowed at any time, and no more however long it takes.
     */
    static List<String> growth(List<Footprint> footprints, int since) {
        Footprint base = footprints.stream().filter(f -> f.cycle() >= since).findFirst().orElseThrow();
        int cycles = footprints.get(footprints.size() - 1).cycle() - base.cycle();
        List<Footprint> last = footprints.subList(Math.max(0, footprints.size() - 3), footprints.size());
        List<String> grown = new ArrayList<>();
        long heap = last.stream().mapToLong(Footprint::heap).min().orElseThrow() - base.heap();
        long metaspace = last.stream().mapToLong(Footprint::metaspace).min().orElseThrow() - base.metaspace();
        long codeCache = last.stream().mapToLong(Footprint::codeCache).min().orElseThrow() - base.codeCache();
        if (heap > 2 * MB) {
            grown.add("heap grew by " + heap + " bytes");
        }
        if (metaspace > 2 * MB + cycles * METASPACE_A_CYCLE) {
            grown.add("metaspace grew by " + metaspace + " bytes");
        }
        if (codeCache > 10 * MB) {
            grown.add("code cache grew by " + codeCache + " bytes");
        }
        return grown;
    }

    public static void main(String[] arguments) throws Exception {
        Path home = Path.of(arguments[0]);
        Jdk jdk = new Jdk(Runtime.version().feature(), home);
        Jvm jvm = Jvm.running(jdk, Long.parseLong(arguments[1]), Path.of(arguments[2]));
        int cycles = Integer.parseInt(arguments[3]);
        int every = Integer.parseInt(arguments[4]);
        Path file = Path.of(arguments[5]);
        List<Footprint> all = new ArrayList<>();
        if (Files.exists(file)) {
            Files.readAllLines(file).stream().filter(line -> Character.isDigit(line.charAt(0))).map(Footprint::ofCsv).forEach(all::add);
        } else {
            Files.writeString(file, Footprint.HEADER + "\n");
        }
        int done = all.isEmpty() ? 0 : all.get(all.size() - 1).cycle();
        try {
            new Endurance(jvm).run(done, cycles, every, footprint -> {
                all.add(footprint);
                System.out.println(footprint);
                try {
                    Files.writeString(file, footprint.csv() + "\n", StandardOpenOption.APPEND);
                } catch (java.io.IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            });
        } finally {
            jvm.leave();
        }
        List<String> grown = growth(all, Math.min(100, cycles));
        System.out.println("JDK " + jdk.feature() + ": " + cycles + " cycles, 0 overlaps while ACTIVE, 0 exceptions, 0 dead workers; "
                + (grown.isEmpty() ? "nothing grew" : grown));
        System.exit(grown.isEmpty() ? 0 : 1);
    }
}
