package dev.loom.races;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import javax.management.ObjectName;

/**
 * Runs one race: {@code RaceMain RACE [--exclusive] [--seconds N]}. Prints a JSON line with the counts since the start each second,
 * and ends after N seconds, or never. Standard input takes commands (see obey). {@code --exclusive} takes a hand-written lock where the filter would put one.
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
            Map.entry("pool12-evictor", exclusion -> new Pool12Evictor(exclusion)),
            Map.entry("exec-cancel", exclusion -> new ExecCancel(exclusion)),
            Map.entry("slf4j-init", exclusion -> new Slf4jInit(exclusion)),
            Map.entry("logback139", exclusion -> new Logback139(exclusion)),
            Map.entry("koin-close", exclusion -> new KoinClose(exclusion)),
            Map.entry("caffeine193", exclusion -> new Caffeine193(exclusion)),
            Map.entry("quartz-twice", exclusion -> new QuartzTwice(exclusion))));

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
        List<Rounds> rounds = new ArrayList<>();
        rounds.add(new Rounds(first, counts));
        while (rounds.size() < first.pairs()) {
            rounds.add(new Rounds(race.apply(exclusion), counts));
        }
        for (int pair = 1; pair <= rounds.size(); pair++) {
            rounds.get(pair - 1).start(pair);
        }
        obey(counts, rounds);
        for (int second = 1; seconds == 0 || second <= seconds; second++) {
            Thread.sleep(1_000);
            System.out.printf(Locale.ROOT, "{\"race\":\"%s\",\"mode\":\"%s\",\"java\":%d,\"second\":%d,\"operations\":%d,\"failures\":%d}%n",
                    name, exclusive ? "exclusive" : "unfiltered", Runtime.version().feature(), second, counts.getOperations(),
                    counts.getFailures());
        }
        System.exit(0);
    }

    /** Commands on standard input: {@code counts} prints them at once, {@code restart} restarts all workers. */
    private static void obey(Counts counts, List<Rounds> rounds) {
        Thread commands = new Thread(() -> {
            try (BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
                for (String command = input.readLine(); command != null; command = input.readLine()) {
                    if (command.equals("restart")) {
                        rounds.forEach(Rounds::restart);
                    }
                    System.out.println(counts.reply());
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }, "commands");
        commands.setDaemon(true);
        commands.start();
    }
}
