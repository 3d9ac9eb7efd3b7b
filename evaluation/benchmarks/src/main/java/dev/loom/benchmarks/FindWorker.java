package dev.loom.benchmarks;

import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import javax.management.openmbean.CompositeData;

/**
 * What runs in each JVM of the suite of {@code find}: {@code FindWorker APPLICATION WARMUP_SECONDS SECONDS THREADS}, with the agent and with {@link
 * ClassBytes} behind it. Two threads work; it measures before a search, while it goes on for {@code -Dbenchmark.search} seconds with its default
 * budget, and after it; then it searches once more, briefly, to see whether anything grows from one to the next. With {@code
 * -Dbenchmark.find=false} it does not search, and measures at the same times.
 */
public final class FindWorker {

    /** What is searched of each application. */
    static final Map<String, List<String>> PACKAGES = Map.of(
            "h2", List.of("org.h2."),
            "tomcat", List.of("org.apache.catalina.", "org.apache.coyote.", "org.apache.tomcat."),
            "lucene", List.of("org.apache.lucene."),
            "jackson", List.of("tools.jackson."),
            "netty", List.of("io.netty."));

    static final int SEARCH_SECONDS = Integer.getInteger("benchmark.search", 60);
    private static final boolean SEARCHES = !System.getProperty("benchmark.find", "").equals("false");
    private static final long PREPARED_NANOS = 180_000_000_000L;
    private static final long AGAIN_MILLIS = 5_000;
    private static final long SETTLE_MILLIS = 2_000;
    private static final MBeanServer BEANS = ManagementFactory.getPlatformMBeanServer();

    private final Crew crew;
    private final Beats beats = Beats.start();

    private FindWorker(Crew crew) {
        this.crew = crew;
    }

    public static void main(String[] arguments) throws Exception {
        List<String> packages = PACKAGES.get(arguments[0]);
        double warmUp = Double.parseDouble(arguments[1]);
        double seconds = Double.parseDouble(arguments[2]);
        FindWorker worker = new FindWorker(Crew.start(arguments[0], Integer.parseInt(arguments[3])));
        awaitPrepared();
        ClassBytes bytes = ClassBytes.of(packages);
        // so long that the compilers are through, with two threads on two processors
        Thread.sleep((long) (10_000 * warmUp));
        worker.measure(packages, seconds, bytes);
        System.exit(0);
    }

    /** The agent gives some classes their update points only when nothing else is to be done: that is no change that a search made. */
    private static void awaitPrepared() throws Exception {
        long begun = System.nanoTime();
        ObjectName agent = new ObjectName("dev.loom:type=Agent");
        // it registers when JMX is used, which begins here
        while (!(BEANS.isRegistered(agent) && Integer.valueOf(0).equals(BEANS.getAttribute(agent, "UnpreparedClasses")))
                && System.nanoTime() - begun < PREPARED_NANOS) {
            Thread.sleep(200);
        }
    }

    private void measure(List<String> packages, double seconds, ClassBytes bytes) throws Exception {
        Memory start = memory();
        phase("BEFORE", () -> Thread.sleep((long) (5_000 * seconds)));
        String classes = String.join(";", packages.stream().map(p -> p + "**").toList());
        long half = SEARCH_SECONDS * 500L;
        Marks during = new Marks();
        phase("BEGIN", () -> {
            begin(classes);
            Thread.sleep(SETTLE_MILLIS);
        });
        phase("FIRST", () -> Thread.sleep(Math.max(0, half - SETTLE_MILLIS)));
        phase("SECOND", () -> Thread.sleep(half));
        phase("END", () -> {
            tell(end());
            Thread.sleep(SETTLE_MILLIS);
        });
        say("DURING", during.perSecond());
        phase("AFTER", () -> Thread.sleep((long) (5_000 * seconds)));
        Memory after = memory();
        begin(classes);
        Thread.sleep(AGAIN_MILLIS);
        end();
        Memory again = memory();
        say("CLASSES", bytes.count());
        say("CHANGED", bytes.everChanged());
        say("DIFFERING", bytes.differing().size());
        new TreeSet<>(bytes.differing()).forEach(name -> System.out.println("DIFFERS " + name));
        say("HEAP", after.heap() - start.heap());
        say("HEAPAGAIN", again.heap() - after.heap());
        say("META", after.metaspace() - start.metaspace());
        say("METAAGAIN", again.metaspace() - after.metaspace());
        say("THREADS", again.threads() - start.threads());
    }

    private interface Body {
        void run() throws Exception;
    }

    private final class Marks {
        private final long begun = System.nanoTime();
        private final long turns = crew.turns();

        double perSecond() {
            return (crew.turns() - turns) / ((System.nanoTime() - begun) / 1e9);
        }
    }

    /** Measures what happens meanwhile: turns a second, the longest gap of beats, the longest turn. */
    private void phase(String name, Body body) throws Exception {
        Marks marks = new Marks();
        beats.longest();
        crew.longest();
        body.run();
        say(name, marks.perSecond());
        say(name + "GAP", beats.longest());
        say(name + "TURN", crew.longest());
    }

    private Memory memory() throws InterruptedException {
        crew.halt();
        try {
            return Memory.now();
        } finally {
            crew.goOn();
        }
    }

    private static void say(String name, double value) {
        System.out.printf(Locale.ROOT, "%s %.3f%n", name, value);
    }

    private static void begin(String classes) throws Exception {
        if (SEARCHES) {
            call("find", classes, "for=1h");
        }
    }

    private static CompositeData end() throws Exception {
        return SEARCHES ? (CompositeData) call("stopFinding") : null;
    }

    private static Object call(String operation, String... values) throws Exception {
        String[] types = new String[values.length];
        Arrays.fill(types, String.class.getName());
        return BEANS.invoke(new ObjectName("dev.loom:type=Agent"), operation, values, types);
    }

    private static void tell(CompositeData status) {
        if (status == null) {
            return;
        }
        say("PLACES", (Integer) status.get("places"));
        say("WATCHED", (Integer) status.get("watchedClasses"));
        say("REACHED", (Integer) status.get("reached"));
        say("PAUSED", (Integer) status.get("paused"));
        say("PAUSES", (Double) status.get("pausePercent"));
        say("WATCHING", (Double) status.get("watchPercent"));
        for (String line : (String[]) status.get("uncovered")) {
            System.out.println("UNCOVERED " + line);
        }
        for (CompositeData finding : (CompositeData[]) status.get("findings")) {
            System.out.println("FINDING " + FoundText.of(finding));
        }
    }
}
