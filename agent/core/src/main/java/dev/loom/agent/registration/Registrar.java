package dev.loom.agent.registration;

import dev.loom.agent.config.AgentConfig;
import dev.loom.agent.config.AgentVersion;
import dev.loom.agent.config.ConsoleOptions;
import dev.loom.agent.support.AgentLog;
import dev.loom.agent.support.JsonWriter;
import dev.loom.agent.support.LoomThreads;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Registers this JVM with a console, and again every 30 s, which is the heartbeat. After a failure it waits longer each time, up to
 * five minutes, and says once in the log that it cannot get through and once that it can again.
 */
public final class Registrar implements AutoCloseable {

    private static final Duration HEARTBEAT = Duration.ofSeconds(30);
    private static final Duration FIRST_RETRY = Duration.ofSeconds(2);
    private static final Duration LAST_RETRY = Duration.ofMinutes(5);

    private final ConsoleOptions console;
    private final URI url;
    private final String body;
    private final KeptSecret secret;
    private final Thread thread;
    private final AtomicBoolean closed = new AtomicBoolean();
    private boolean failing;

    private Registrar(ConsoleOptions console, String body, KeptSecret secret) {
        this.console = console;
        this.url = URI.create(console.url() + "/api/v1/targets");
        this.body = body;
        this.secret = secret;
        this.thread = LoomThreads.daemon("registration", this::run);
    }

    /**
     * How the console reaches this JVM.
     *
     * @param fingerprint of the connector's certificate; empty without TLS
     */
    public record Access(String jmxUrl, String username, String password, String fingerprint) {}

    /** Starts to register, on a thread of its own. */
    public static Registrar start(AgentConfig config, ConsoleOptions console, Access access) {
        Registrar registration = new Registrar(
                console, body(config, access), KeptSecret.of(console.url() + " " + host() + " " + config.name()));
        registration.thread.start();
        return registration;
    }

    static String body(AgentConfig config, Access access) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("name", config.name());
        body.put("labels", config.labels());
        body.put("jmxUrl", access.jmxUrl);
        body.put("pid", ProcessHandle.current().pid());
        body.put("host", host());
        body.put("startTime", ManagementFactory.getRuntimeMXBean().getStartTime());
        if (!access.username.isEmpty()) {
            body.put("username", access.username);
            body.put("password", access.password);
        }
        body.put("version", AgentVersion.get());
        if (!access.fingerprint.isEmpty()) {
            body.put("fingerprint", access.fingerprint);
        }
        return JsonWriter.write(body);
    }

    private static String host() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }

    private void run() {
        Duration retry = FIRST_RETRY;
        while (!closed.get()) {
            boolean there = post();
            Duration pause = there ? HEARTBEAT : retry;
            retry = there ? FIRST_RETRY : retry.multipliedBy(2).compareTo(LAST_RETRY) > 0 ? LAST_RETRY : retry.multipliedBy(2);
            try {
                // a fifth more or less, so that many JVMs do not come in step
                Thread.sleep((long) (pause.toMillis() * ThreadLocalRandom.current().nextDouble(0.8, 1.2)));
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private boolean post() {
        try {
            HttpPost.Answer answer = HttpPost.send(url, console.token(), secret.get(), body);
            if (answer.status() >= 200 && answer.status() < 300) {
                if (!answer.secret().isEmpty()) {
                    secret.keep(answer.secret());
                }
                if (failing) {
                    AgentLog.warn("console " + console.url() + " is reached again");
                }
                failing = false;
                return true;
            }
            failed(reason(answer));
        } catch (IOException | RuntimeException e) {
            failed(e.toString());
        }
        return false;
    }

    private static String reason(HttpPost.Answer answer) {
        return switch (answer.status()) {
            case 401, 403 -> "it does not accept the token (" + answer.status() + "); see token and token-file";
            case 404 -> "there is no Loom console at this URL (404)";
            default -> "it answers " + answer.status() + ": " + answer.body().lines().findFirst().orElse("");
        };
    }

    private void failed(String reason) {
        if (!failing) {
            AgentLog.warn("cannot register with console " + console.url() + ": " + reason + "; trying again from time to time");
        } else {
            AgentLog.debug("console " + console.url() + ": " + reason);
        }
        failing = true;
    }

    @Override
    public void close() {
        closed.set(true);
        thread.interrupt();
    }
}
