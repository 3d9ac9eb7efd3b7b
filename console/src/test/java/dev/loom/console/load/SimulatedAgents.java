package dev.loom.console.load;

import dev.loom.console.support.FakeAgent;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * Many played agents in one JVM, each with its MBeans behind a real RMI connector on a port of its own, and with the registrations of a real
 * agent. Arguments: the console's URL, an enrolment token, the number of agents, the first port, the number of the first. Ends with its
 * standard input.
 */
public final class SimulatedAgents {

    private static final HttpClient CLIENT = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static final Map<Integer, String> SECRETS = new ConcurrentHashMap<>();

    private SimulatedAgents() {}

    public static void main(String[] arguments) throws Exception {
        String console = arguments[0];
        String token = arguments[1];
        int count = Integer.parseInt(arguments[2]);
        int port = Integer.parseInt(arguments[3]);
        int first = Integer.parseInt(arguments[4]);
        System.setProperty("java.rmi.server.hostname", "127.0.0.1");
        ScheduledExecutorService beats = Executors.newScheduledThreadPool(4);
        for (int i = 0; i < count; i++) {
            int number = first + i;
            int own = port + i;
            FakeAgent.serve("jvm-" + number, new java.util.HashMap<>(Map.of("fleet", "load", "half", "h" + number % 2)), own);
            beats.execute(() -> beat(beats, console, token, number, own));
        }
        System.out.println("READY " + count);
        while (System.in.read() >= 0) {
            // until the other end closes
        }
        System.exit(0);
    }

    private static void beat(ScheduledExecutorService beats, String console, String token, int number, int port) {
        long pause = 2_000;
        try {
            String body = "{\"name\":\"jvm-" + number + "\",\"labels\":{\"fleet\":\"load\",\"half\":\"h" + number % 2
                    + "\"},\"jmxUrl\":\"service:jmx:rmi:///jndi/rmi://127.0.0.1:" + port + "/jmxrmi\",\"pid\":" + ProcessHandle.current().pid()
                    + ",\"host\":\"load\",\"startTime\":" + java.lang.management.ManagementFactory.getRuntimeMXBean().getStartTime()
                    + ",\"version\":\"0.2.0\"}";
            HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(console + "/api/v1/targets"))
                    .header("Authorization", "Bearer " + token)
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString(body));
            if (SECRETS.containsKey(number)) {
                request.header("Loom-JVM-Secret", SECRETS.get(number));
            }
            HttpResponse<String> answer = CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
            answer.headers().firstValue("Loom-JVM-Secret").ifPresent(secret -> SECRETS.put(number, secret));
            if (answer.statusCode() < 300) {
                pause = 30_000;
            } else {
                System.err.println(answer.statusCode() + " " + answer.body());
            }
        } catch (Exception e) {
            // the console is not there: again in a moment
        }
        beats.schedule(
                () -> beat(beats, console, token, number, port),
                (long) (pause * ThreadLocalRandom.current().nextDouble(0.8, 1.2)),
                TimeUnit.MILLISECONDS);
    }
}
