package dev.loom.races;

import java.lang.management.ManagementFactory;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import javax.management.ObjectName;

/**
 * Runs one race: {@code RaceMain RACE [--exclusive] [--seconds N]}. Prints a JSON line with the counts since the start each second,
 * and ends after N seconds, or never. {@code --exclusive} takes a hand-written lock where the filter would put one.
 */
public final class RaceMain {

    /** By name. A lambda each, so that only the chosen race needs its library. */
    private static final Map<String, Function<Exclusion, Race>> RACES = new TreeMap<>(Map.ofEntries(
            Map.entry("lang481", exclusion -> new Lang481(exclusion)),
            Map.entry("gson764", exclusion -> new Gson764(exclusion)),
            Map.entry("netty8563", exclusion -> new Netty8563(exclusion)),
            Map.entry("dbcp369", exclusion -> new Dbcp369(exclusion)),
            Map.entry("mybatis384", exclusion -> new Mybatis384(exclusion)),
            Map.entry("log4j-iso8601", exclusion -> new Log4jIso8601(exclusion)),
            Map.entry("log4j2-date", exclusion -> new Log4j2Date(exclusion)),
            Map.entry("hikari1795", exclusion -> new Hikari1795(exclusion)),
            Map.entry("logback-interrupt", exclusion -> new LogbackInterrupt(exclusion)),
            Map.entry("logback-lost", exclusion -> new LogbackLost(exclusion)),
            Map.entry("tomcat53498", exclusion -> new Tomcat53498(exclusion)),
            Map.entry("lucene651", exclusion -> new Lucene651(exclusion)),
            Map.entry("guava1881", exclusion -> new Guava1881(exclusion)),
            Map.entry("pool12-evictor", exclusion -> new Pool12Evictor(exclusion))));

    private RaceMain() {}

    static Set<String> names() {
        return RACES.keySet();
    }

    public static void main(String[] arguments) throws Exception {
        String name = arguments.length == 0 ? "" : arguments[0];
        boolean exclusive = false;
        int seconds = 0;
        for (int i = 1; i < arguments.length; i++) {
            if (arguments[i].equals("--exclusive")) {
                exclusive = true;
            } else if (arguments[i].equals("--seconds") && i + 1 < arguments.length) {
                seconds = Integer.parseInt(arguments[++i]);
            } else {
                name = "";
            }
        }
        Function<Exclusion, Race> race = RACES.get(name);
        if (race == null) {
            System.err.println("usage: RaceMain RACE [--exclusive] [--seconds N], RACE being one of " + String.join(", ", RACES.keySet()));
            System.exit(2);
        }
        Counts counts = new Counts(name);
        ManagementFactory.getPlatformMBeanServer().registerMBean(counts, new ObjectName("dev.loom.races:type=Race"));
        Exclusion exclusion = exclusive ? Exclusion.lock() : Exclusion.none();
        Race first = race.apply(exclusion);
        new Rounds(first, counts).start(1);
        for (int pair = 2; pair <= first.pairs(); pair++) {
            new Rounds(race.apply(exclusion), counts).start(pair);
        }
        for (int second = 1; seconds == 0 || second <= seconds; second++) {
            Thread.sleep(1_000);
            System.out.printf(Locale.ROOT, "{\"race\":\"%s\",\"mode\":\"%s\",\"java\":%d,\"second\":%d,\"operations\":%d,\"failures\":%d}%n",
                    name, exclusive ? "exclusive" : "unfiltered", Runtime.version().feature(), second, counts.getOperations(),
                    counts.getFailures());
        }
        System.exit(0);
    }
}
