package dev.loom.console.load;

import dev.loom.console.support.Postgres;
import dev.loom.console.support.TargetJvm;
import dev.loom.console.support.WebSession;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Kills a console, again and again, at random moments of writes and deployments, and looks after each start for what was answered: every
 * version of every filter, with the number that was given, every deployment, with what the JVMs have, and a session. Arguments: number of kills,
 * directory, and {@code nodes} for two consoles on one PostgreSQL, of which the one at work is killed. With one console a directory with a drill
 * in it goes on where that stopped. Exit status 1 if anything was lost, given twice, or does not agree.
 */
public final class KillDrill {

    /** What was answered: name and version to the note that was stored with it. */
    private static final Map<String, String> VERSIONS = new ConcurrentHashMap<>();
    private static final Set<String> DEPLOYMENTS = ConcurrentHashMap.newKeySet();
    private static final AtomicInteger TWICE = new AtomicInteger();
    private static final AtomicInteger NUMBER = new AtomicInteger();

    private static final int PAGE = 200;
    private static final Pattern VERSION = Pattern.compile("\"version\"\\s*:\\s*(\\d+)[^}]*?\"note\"\\s*:\\s*\"([^\"]*)\"");

    private KillDrill() {}

    public static void main(String[] arguments) throws Exception {
        boolean nodes = arguments.length > 2 && arguments[2].equals("nodes");
        System.exit(run(Integer.parseInt(arguments[0]), Path.of(arguments[1]), nodes) == 0 ? 0 : 1);
    }

    /** Returns what went wrong, counted. */
    static int run(int kills, Path directory, boolean nodes) throws Exception {
        VERSIONS.clear();
        DEPLOYMENTS.clear();
        TWICE.set(0);
        Files.createDirectories(directory);
        Path journal = directory.resolve("answered.txt");
        int done = resume(journal);
        int lost = 0;
        int disagree = 0;
        int open = 0;
        List<String> options = new ArrayList<>(List.of("--loom.targets.interval=200ms"));
        if (nodes) {
            options.addAll(List.of(Postgres.options(Postgres.shared().freshDatabase())));
            options.add("--loom.secret-key=of-the-drill");
        }
        try (TargetJvm one = TargetJvm.fake("name=one", "label=drill:yes");
                TargetJvm two = TargetJvm.fake("name=two", "label=drill:yes");
                ConsoleProcess first = new ConsoleProcess(directory.resolve("data"), options.toArray(String[]::new));
                ConsoleProcess second = new ConsoleProcess(directory.resolve("other"), options.toArray(String[]::new))) {
            ConsoleProcess console = first;
            console.start();
            if (nodes) {
                second.launch();
            }
            if (done > 0) {
                forgetJvms(console); // those of the drill that goes on here are gone
            }
            for (TargetJvm jvm : List.of(one, two)) {
                console.send("POST", "/api/v1/targets", "application/json", "{\"address\":\"" + jvm.address() + "\"}");
            }
            WebSession person = new WebSession(console.url());
            person.login("admin", ConsoleProcess.PASSWORD);
            for (int kill = done; kill < kills; kill++) {
                AtomicBoolean going = new AtomicBoolean(true);
                List<Thread> writers = new ArrayList<>();
                for (int i = 0; i < 3; i++) {
                    ConsoleProcess atWork = console;
                    Thread writer = new Thread(() -> write(atWork, journal, going));
                    writer.start();
                    writers.add(writer);
                }
                ConsoleProcess atWork = console;
                Thread deployer = new Thread(() -> deploy(atWork, going));
                deployer.start();
                writers.add(deployer);
                Thread.sleep(ThreadLocalRandom.current().nextInt(500, 4_000));
                console.kill();
                going.set(false);
                for (Thread writer : writers) {
                    writer.join();
                }
                long killed = System.nanoTime();
                if (nodes) {
                    ConsoleProcess dead = console;
                    console = console == first ? second : first;
                    console.awaitReady();
                    dead.launch();
                } else {
                    console.start();
                }
                long back = (System.nanoTime() - killed) / 1_000_000;
                lost += lost(console) + (isIn(person.at(console.url())) ? 0 : 1);
                open = settle(console);
                disagree += open;
                note(journal, "KILL " + (kill + 1));
                System.out.printf("kill %d: a console again after %d ms, %d versions and %d deployments answered so far, %d lost, %d twice, %d do not agree%n",
                        kill + 1, back, VERSIONS.size(), DEPLOYMENTS.size(), lost, TWICE.get(), disagree);
            }
        }
        if (VERSIONS.isEmpty()) {
            System.out.println("nothing was written, so nothing was tried");
            return 1;
        }
        return lost + TWICE.get() + disagree;
    }

    private static void forgetJvms(ConsoleProcess console) throws Exception {
        Matcher ids = Pattern.compile("\"id\"\\s*:\\s*(\\d+)").matcher(console.send("GET", "/api/v1/targets", null, null).body());
        while (ids.find()) {
            console.send("DELETE", "/api/v1/targets/" + ids.group(1), null, null);
        }
    }

    private static int resume(Path journal) throws Exception {
        int kills = 0;
        if (Files.exists(journal)) {
            for (String line : Files.readAllLines(journal)) {
                String[] parts = line.split(" ");
                if (parts[0].equals("KILL")) {
                    kills = Integer.parseInt(parts[1]);
                } else if (parts.length == 3) {
                    VERSIONS.put(parts[0] + " " + parts[1], parts[2]);
                    NUMBER.accumulateAndGet(Integer.parseInt(parts[2].substring(1)), Math::max);
                }
            }
        }
        return kills;
    }

    private static synchronized void note(Path journal, String line) throws Exception {
        Files.writeString(journal, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    private static void write(ConsoleProcess console, Path journal, AtomicBoolean going) {
        while (going.get()) {
            String name = "drill-" + ThreadLocalRandom.current().nextInt(40);
            String note = "n" + NUMBER.incrementAndGet();
            String text = "about \"" + note + "\"\nregion r = com.acme.Bank#transfer\natomic r\n";
            try {
                ConsoleProcess.Answer answer = console.send("POST", "/api/v1/filters?name=" + name + "&note=" + note, "text/plain", text);
                if (answer.status() == 409) {
                    String version = console.send("GET", "/api/v1/filters/" + name, null, null).member("version");
                    answer = console.send("PUT", "/api/v1/filters/" + name + "?note=" + note, "text/plain", text, "If-Match", '"' + version + '"');
                }
                if (answer.status() == 200 || answer.status() == 201) {
                    String key = name + " " + answer.member("version");
                    if (VERSIONS.putIfAbsent(key, note) != null) {
                        TWICE.incrementAndGet();
                        System.out.println("given twice: " + key);
                    }
                    note(journal, key + " " + note);
                } else if (answer.status() >= 500) {
                    System.out.println("not written: " + answer);
                }
            } catch (Exception killed) {
                return; // not answered: it may be there or not
            }
        }
    }

    private static void deploy(ConsoleProcess console, AtomicBoolean going) {
        while (going.get()) {
            try {
                String name = "drill-" + ThreadLocalRandom.current().nextInt(40);
                ConsoleProcess.Answer answer = console.send(
                        "POST", "/api/v1/deployments?wait=1", "application/json", "{\"filter\":\"" + name + "\",\"selector\":\"drill=yes\"}");
                if (answer.status() == 201) {
                    DEPLOYMENTS.add(answer.member("id"));
                    if (ThreadLocalRandom.current().nextBoolean()) {
                        console.send("DELETE", "/api/v1/deployments/" + answer.member("id"), null, null);
                    }
                }
            } catch (Exception killed) {
                return;
            }
        }
    }

    private static boolean isIn(WebSession person) throws Exception {
        boolean in = person.isIn();
        if (!in) {
            System.out.println("lost: the session of who had logged in before the kill");
        }
        return in;
    }

    /** All versions of a filter: their notes, by its name and their number. */
    private static Map<String, String> versions(ConsoleProcess console, String name) throws Exception {
        Map<String, String> found = new HashMap<>();
        for (int page = 0; ; page++) {
            ConsoleProcess.Answer answer =
                    console.send("GET", "/api/v1/filters/" + name + "/versions?size=" + PAGE + "&page=" + page, null, null);
            Matcher each = VERSION.matcher(answer.body());
            int on = 0;
            for (; each.find(); on++) {
                found.put(name + " " + each.group(1), each.group(2));
            }
            if (answer.status() != 200 || on < PAGE) {
                return found;
            }
        }
    }

    private static int lost(ConsoleProcess console) throws Exception {
        int lost = 0;
        Map<String, String> there = new HashMap<>();
        Set<String> names = VERSIONS.keySet().stream().map(key -> key.split(" ")[0]).collect(Collectors.toSet());
        for (String name : names) {
            there.putAll(versions(console, name));
        }
        for (Map.Entry<String, String> version : VERSIONS.entrySet()) {
            String note = there.get(version.getKey());
            if (!version.getValue().equals(note)) {
                lost++;
                System.out.println("lost: " + version + ": there is " + note);
            }
        }
        for (String id : DEPLOYMENTS) {
            if (console.send("GET", "/api/v1/deployments/" + id, null, null).status() != 200) {
                lost++;
                System.out.println("lost: deployment " + id);
            }
        }
        return lost;
    }

    /** Waits until each deployment is at rest and the JVMs have what it says; returns the number of those that are not. */
    private static int settle(ConsoleProcess console) throws Exception {
        Set<String> wrong = new HashSet<>(DEPLOYMENTS);
        for (int i = 0; i < 300 && !wrong.isEmpty(); i++) {
            for (String id : List.copyOf(wrong)) {
                String body = console.send("GET", "/api/v1/deployments/" + id, null, null).body();
                if (body.matches("(?s).*\"state\"\\s*:\\s*\"(ENABLED|DISABLED|SUPERSEDED|ABORTED)\".*") && !body.matches(
                        "(?s).*\"state\"\\s*:\\s*\"(ENABLING|DISABLING|INSTALLING|PENDING|REMOVING|UNREACHABLE)\".*")) {
                    wrong.remove(id);
                }
            }
            Thread.sleep(100);
        }
        wrong.forEach(id -> System.out.println("not at rest: deployment " + id));
        int orphans = 0;
        String targets = console.send("GET", "/api/v1/targets", null, null).body();
        var ids = Pattern.compile("\"id\"\\s*:\\s*(\\d+)").matcher(targets);
        while (ids.find()) {
            String filters = console.send("GET", "/api/v1/targets/" + ids.group(1) + "/filters?x=" + ids.group(1), null, null).body();
            for (String filter : filters.split("\"target\"\\s*:")) {
                boolean there = filter.matches("(?s).*\"state\"\\s*:\\s*\"(ACTIVE|OBSERVING|EVACUATING)\".*");
                if (there && !filter.contains("\"deployment\"")) {
                    orphans++;
                    System.out.println("nobody wants: " + filter);
                }
            }
        }
        return wrong.size() + orphans;
    }
}
