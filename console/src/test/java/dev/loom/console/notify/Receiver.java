package dev.loom.console.notify;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** A web server that is told of events, and takes them or not. */
final class Receiver implements AutoCloseable {

    /** A request that came. */
    record Request(long event, String type, String signature, String body, int answered) {}

    private final HttpServer server;
    private final ExecutorService threads = Executors.newFixedThreadPool(4);
    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private final AtomicInteger refusals = new AtomicInteger();
    private volatile int refusal = 500;
    private volatile String redirect = "";

    Receiver() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", exchange -> {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            int status = refusals.getAndUpdate(n -> Math.max(0, n - 1)) > 0 ? refusal : 204;
            String event = exchange.getRequestHeaders().getFirst("Loom-Event");
            requests.add(new Request(
                    event == null ? -1 : Long.parseLong(event), exchange.getRequestHeaders().getFirst("Loom-Event-Type"),
                    exchange.getRequestHeaders().getFirst("Loom-Signature"), body, status));
            if (status / 100 == 3) {
                exchange.getResponseHeaders().set("Location", redirect);
            }
            exchange.sendResponseHeaders(status, -1);
            exchange.close();
        });
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/loom";
    }

    /** Answers so many requests with a status that takes nothing. */
    void refuse(int times, int status) {
        refusal = status;
        refusals.set(times);
    }

    void redirectTo(String url) {
        redirect = url;
    }

    List<Request> all() {
        return new ArrayList<>(requests);
    }

    List<Request> taken() {
        return requests.stream().filter(r -> r.answered() == 204).toList();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
