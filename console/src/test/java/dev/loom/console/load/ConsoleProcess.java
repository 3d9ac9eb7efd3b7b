package dev.loom.console.load;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The console's jar as a process of its own, with a client. */
final class ConsoleProcess implements AutoCloseable {

    static final String TOKEN = "token-of-the-load-0123456789";
    static final String PASSWORD = "password-of-the-load";

    private static final boolean CLASSES = Boolean.getBoolean("loom.load.classes");

    private static final int TOO_MANY_REQUESTS = 429;

    private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(Duration.ofSeconds(5)).build();
    private final Path data;
    private final int port;
    private final List<String> options;
    private volatile Process process;

    record Answer(int status, String body) {
        String member(String name) {
            Matcher m = Pattern.compile("\"" + name + "\"\\s*:\\s*\"?([^\",}]*)").matcher(body);
            return m.find() ? m.group(1) : "";
        }
    }

    ConsoleProcess(Path data, String... options) throws IOException {
        this.data = data;
        this.port = freePort();
        this.options = List.of(options);
        // whoever stops the program in between leaves none behind
        Runtime.getRuntime().addShutdownHook(new Thread(() -> Optional.ofNullable(process).ifPresent(Process::destroyForcibly)));
    }

    /**
     * A port for all starts of this console. Of its own, as another console that runs meanwhile must not answer in its place, and below
     * those that the system gives to clients.
     */
    private static int freePort() throws IOException {
        while (true) {
            int port = ThreadLocalRandom.current().nextInt(20_000, 32_000);
            try (ServerSocket free = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return free.getLocalPort();
            } catch (BindException taken) {
                // another one
            }
        }
    }

    String url() {
        return "http://127.0.0.1:" + port;
    }

    /** Starts it and waits until it is ready. */
    void start() throws IOException, InterruptedException {
        launch();
        awaitReady();
    }

    /** Starts it. */
    void launch() throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                System.getProperty("loom.load.heap", "-Xmx384m"), "-XX:+UseSerialGC"));
        // in the build there is no jar yet: the class path of the tests has what is in it
        command.addAll(CLASSES
                ? List.of("-XX:TieredStopAtLevel=1", "-cp", System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        "dev.loom.console.LoomConsole")
                : List.of("-jar", System.getProperty("loom.console.jar", "console/target/loom-console.jar")));
        command.addAll(List.of(
                "--server.port=" + port, "--server.address=127.0.0.1", "--loom.data=" + data, "--loom.admin.password=" + PASSWORD,
                "--loom.bootstrap.token=" + TOKEN));
        command.addAll(options);
        process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile())).start();
    }

    private Path log() {
        return data.resolveSibling(data.getFileName() + ".log");
    }

    /** Waits until it is ready. */
    void awaitReady() throws IOException, InterruptedException {
        long end = System.nanoTime() + 90_000_000_000L;
        while (true) {
            try {
                if (send("GET", "/actuator/health/readiness", null, null).status() == 200) {
                    return;
                }
            } catch (IOException notYet) {
                // again
            }
            if (!process.isAlive() || System.nanoTime() > end) {
                throw new IllegalStateException("the console did not start, see " + log() + "\n" + Files.readString(log()));
            }
            Thread.sleep(100);
        }
    }

    Answer send(String method, String path, String type, String body, String... headers) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url() + path))
                .timeout(Duration.ofSeconds(70))
                .header("Authorization", "Bearer " + TOKEN)
                .method(method, body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body));
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        if (type != null) {
            request.header("Content-Type", type);
        }
        HttpRequest question = request.build();
        HttpResponse<String> answer = client.send(question, HttpResponse.BodyHandlers.ofString());
        while (answer.statusCode() == TOO_MANY_REQUESTS) {
            Thread.sleep(1_000 * answer.headers().firstValueAsLong("Retry-After").orElse(1));
            answer = client.send(question, HttpResponse.BodyHandlers.ofString());
        }
        return new Answer(answer.statusCode(), answer.body());
    }

    long pid() {
        return process.pid();
    }

    /** Its exit status, once it has ended. */
    int awaitEnd() throws InterruptedException {
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            throw new IllegalStateException("the console has not ended in 60 s, see " + log());
        }
        return process.exitValue();
    }

    /** Sends a signal by name, as {@code kill} does. */
    void signal(String name) throws IOException, InterruptedException {
        if (new ProcessBuilder("kill", "-" + name, Long.toString(pid())).inheritIO().start().waitFor() != 0) {
            throw new IllegalStateException("kill -" + name + " " + pid() + " failed");
        }
    }

    /** Resident memory, KiB. */
    long residentKib() throws IOException {
        return Files.readAllLines(Path.of("/proc/" + pid() + "/status")).stream()
                .filter(line -> line.startsWith("VmRSS"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElse(0);
    }

    /** CPU time so far, seconds. */
    double cpuSeconds() {
        return process.toHandle().info().totalCpuDuration().orElse(Duration.ZERO).toMillis() / 1000.0;
    }

    long databaseBytes() throws IOException {
        return Files.size(data.resolve("loom.mv.db"));
    }

    /** {@code kill -9}. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor(30, TimeUnit.SECONDS);
    }

    @Override
    public void close() throws InterruptedException {
        if (process != null) {
            process.destroy();
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                kill();
            }
        }
    }
}
