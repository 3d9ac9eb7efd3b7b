package dev.loom.console.load;

import dev.loom.console.support.WebSession;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;

/** Measures a console under many agents, and prints a line for each number. Argument: how many. */
public final class LoadRun {

    private static final int EACH = 250;
    /** Looks at each page: of twenty, the first ones of a console that has just started are the percentile. */
    private static final int ENOUGH = 300;
    private static final int MORE = 3;

    private LoadRun() {}

    public static void main(String[] arguments) throws Exception {
        int agents = Integer.parseInt(arguments[0]);
        int idleSeconds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 60;
        Path data = Files.createTempDirectory("loom-load").resolve("data");
        List<Process> fleets = new ArrayList<>();
        try (ConsoleProcess console = new ConsoleProcess(data)) {
            console.start();
            String token = console.send("POST", "/api/v1/tokens", "application/json", "{\"name\":\"fleet\",\"role\":\"agent\"}").member("secret");
            long began = System.nanoTime();
            for (int first = 0; first < agents; first += EACH) {
                fleets.add(fleet(console.url(), token, Math.min(EACH, agents - first), first));
            }
            System.out.printf("agents %d%n", agents);
            while (reachable(console) < agents && seconds(began) < 180) {
                Thread.sleep(500);
            }
            System.out.printf("REACHABLE %d after %.1f s%n", reachable(console), seconds(began));
            WebSession session = new WebSession(console.url());
            session.login("admin", ConsoleProcess.PASSWORD);
            deploy(console, session, agents);
            Thread.sleep(20_000);
            double cpu = console.cpuSeconds();
            long bytes = console.databaseBytes();
            began = System.nanoTime();
            Thread.sleep(idleSeconds * 1000L);
            double passed = seconds(began);
            System.out.printf("idle CPU %.2f cores over %.0f s%n", (console.cpuSeconds() - cpu) / passed, passed);
            System.out.printf("resident %d MiB%n", console.residentKib() / 1024);
            System.out.printf("database %d KiB, grows by %.1f MiB an hour%n", bytes / 1024, (console.databaseBytes() - bytes) / 1048576.0 * 3600 / passed);
        } finally {
            fleets.forEach(Process::destroy);
        }
    }

    private static void deploy(ConsoleProcess console, WebSession session, int agents) throws Exception {
        console.send("POST", "/api/v1/filters?name=load", "text/plain", "about \"load\"\nregion r = com.acme.Bank#transfer\natomic r\n");
        Map<String, List<Double>> millis = Collections.synchronizedMap(new LinkedHashMap<>());
        AtomicBoolean going = new AtomicBoolean(true);
        long began = System.nanoTime();
        AtomicReference<String> current = new AtomicReference<>(enable(console));
        System.out.printf("deployment answered after %.2f s%n", seconds(began));
        String[] paths = {"/", "/targets", "/deployments/ID", "/api/v1/targets", "/api/v1/deployments", "/api/v1/filters", "/actuator/health"};
        Thread looker = new Thread(() -> {
            while (going.get()) {
                for (String path : paths) {
                    try {
                        long start = System.nanoTime();
                        int status = session.send("GET", path.replace("ID", current.get()), null).statusCode();
                        if (status != 200) {
                            System.out.println(path + " answers " + status);
                        }
                        millis.computeIfAbsent(path, p -> new ArrayList<>()).add((System.nanoTime() - start) / 1e6);
                    } catch (Exception e) {
                        System.out.println(path + ": " + e);
                    }
                }
            }
        });
        looker.start();
        String state = await(console, current.get(), "ENABLED");
        System.out.printf("deployment to %d of %d after %.1f s%n", state.split("\"ACTIVE\"", -1).length - 1, agents, seconds(began));
        // enough looks that a percentile says something, each while filters come to all JVMs or go from them
        for (int again = 0; again < MORE || millis.get(paths[0]).size() < ENOUGH; again++) {
            succeed(console.send("DELETE", "/api/v1/deployments/" + current.get(), null, null));
            await(console, current.get(), "DISABLED");
            current.set(enable(console));
            await(console, current.get(), "ENABLED");
        }
        going.set(false);
        looker.join();
        millis.forEach((path, all) -> {
            List<Double> sorted = all.stream().sorted().toList();
            double median = sorted.get(sorted.size() / 2);
            double p95 = sorted.get((int) Math.min(sorted.size() - 1, sorted.size() * 0.95));
            System.out.printf("%-20s median %5.0f ms, p95 %5.0f ms of %d%n", path, median, p95, sorted.size());
        });
    }

    private static String enable(ConsoleProcess console) throws Exception {
        return succeed(console.send("POST", "/api/v1/deployments", "application/json", "{\"filter\":\"load\",\"selector\":\"fleet=load\"}")).member("id");
    }

    private static ConsoleProcess.Answer succeed(ConsoleProcess.Answer answer) {
        if (answer.status() / 100 != 2) {
            throw new IllegalStateException("answered " + answer.status() + ": " + answer.body());
        }
        return answer;
    }

    /** The deployment as soon as it is in a state, or after three minutes. */
    private static String await(ConsoleProcess console, String id, String wanted) throws Exception {
        long began = System.nanoTime();
        String body = "";
        while (seconds(began) < 180) {
            body = console.send("GET", "/api/v1/deployments/" + id + "?wait=5", null, null).body();
            if (body.replace(" ", "").contains("\"state\":\"" + wanted + "\"")) {
                return body;
            }
        }
        throw new IllegalStateException("not " + wanted + " after three minutes: " + body.substring(0, Math.min(300, body.length())));
    }

    private static Process fleet(String url, String token, int count, int first) throws Exception {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1",
                        "-cp", System.getProperty("java.class.path"), SimulatedAgents.class.getName(), url, token, Integer.toString(count),
                        Integer.toString(21_000 + first), Integer.toString(first))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    private static int reachable(ConsoleProcess console) throws Exception {
        for (String line : console.send("GET", "/actuator/prometheus", null, null).body().split("\n")) {
            if (line.startsWith("loom_targets{state=\"REACHABLE\"}")) {
                return (int) Double.parseDouble(line.substring(line.indexOf('}') + 1).strip());
            }
        }
        return 0;
    }

    private static double seconds(long began) {
        return (System.nanoTime() - began) / 1e9;
    }
}
