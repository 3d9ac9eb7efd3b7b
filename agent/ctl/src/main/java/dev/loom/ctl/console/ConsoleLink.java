package dev.loom.ctl.console;

import dev.loom.ctl.failure.CommandFailure;
import dev.loom.ctl.output.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * A console, asked over its REST API with a token. What it refuses ends the command with what it says. Not thread-safe.
 *
 * <p>The JDK's old HTTP client serves it, as the newer one alone costs more than a short command. It follows no redirect: the token is for this
 * console and no other host.
 */
public final class ConsoleLink {

    private static final int CONNECT_MILLIS = 10_000;
    private static final int ANSWER_MILLIS = 30_000;
    private static final int MOST_BYTES = 16 << 20;

    private final String base;
    private final String token;

    private record Reply(int status, String body) {
        Answer answer() {
            return Answer.of(body);
        }
    }

    private ConsoleLink(String base, String token) {
        this.base = base;
        this.token = token;
    }

    /** The console at an address, such as {@code https://loom.example.com}; nothing is sent yet. */
    public static ConsoleLink to(String address, String token) {
        try {
            URI uri = new URI(address.strip());
            boolean http = "http".equalsIgnoreCase(uri.getScheme()) || "https".equalsIgnoreCase(uri.getScheme());
            if (http && uri.getHost() != null && uri.getQuery() == null && uri.getFragment() == null && uri.getUserInfo() == null) {
                return new ConsoleLink(uri.toString().replaceAll("/+$", ""), token);
            }
        } catch (URISyntaxException e) {
            // as any other that is none
        }
        throw CommandFailure.usage("--console: " + address + " is not the address of a console", "give it as https://HOST or http://HOST:8080");
    }

    /** Whether the token can be read on the way. */
    public boolean isInTheOpen() {
        String host = URI.create(base).getHost();
        return base.startsWith("http:") && !host.equals("localhost") && !host.startsWith("127.") && !host.equals("[::1]");
    }

    /**
     * Stores a text, as a new filter or as a new version, if the newest is another.
     *
     * @param name which is that in the text, if the text says one
     * @return its name and version
     */
    public Stored store(String name, String text) {
        Reply created = send("POST", "/filters?name=" + encoded(name), "text/plain;charset=utf-8", text, null);
        if (created.status() != 409) {
            return stored(accepted(created));
        }
        Answer newest = accepted(send("GET", "/filters/" + encoded(name), null, null, null));
        if (newest.text("text").equals(text)) {
            return stored(newest);
        }
        return stored(accepted(
                send("PUT", "/filters/" + encoded(name), "text/plain;charset=utf-8", text, "\"" + newest.number("version") + "\"")));
    }

    /** A filter in the console. */
    public record Stored(String name, long version) {}

    private static Stored stored(Answer filter) {
        return new Stored(filter.text("name"), filter.number("version"));
    }

    /** The numbers of JVMs with these names. */
    public List<Long> jvms(List<String> names) {
        List<Long> found = new ArrayList<>();
        for (String name : names) {
            List<Long> same = accepted(send("GET", "/targets?size=200&q=" + encoded(name), null, null, null)).items("items").stream()
                    .filter(jvm -> jvm.text("name").equals(name))
                    .map(jvm -> jvm.number("id"))
                    .toList();
            if (same.size() != 1) {
                throw CommandFailure.failed(
                        same.isEmpty() ? "the console has no JVM of the name " + name : "the console has " + same.size() + " JVMs of the name " + name,
                        same.isEmpty() ? "its page JVMs lists them" : "choose them by their labels: --selector");
            }
            found.addAll(same);
        }
        return found;
    }

    /**
     * Orders a deployment.
     *
     * @param order members with the names of REST
     * @param strategy JSON, as somebody wrote it; null without steps
     */
    public Deployment deploy(Map<String, Object> order, @Nullable String strategy) {
        String json = Json.write(order);
        String body = strategy == null ? json : json.substring(0, json.length() - 1) + ",\"strategy\":" + strategy + "}";
        return Deployment.of(accepted(send("POST", "/deployments", "application/json", body, null)));
    }

    /** What a deployment would do; nothing is stored. */
    public DryRun dryRun(Map<String, Object> order) {
        return DryRun.of(accepted(send("POST", "/deployments/dry-run", "application/json", Json.write(order), null)));
    }

    /** A deployment as it is, or as it is when it has come to rest or that time is over. */
    public Deployment deployment(long id, int waitSeconds) {
        return Deployment.of(accepted(send("GET", "/deployments/" + id + "?wait=" + waitSeconds, null, null, null)));
    }

    /** Pauses, resumes, approves, aborts, promotes, or sets back to observing. */
    public void act(long id, String act) {
        accepted(send("POST", "/deployments/" + id + "/" + act, "application/json", "", null));
    }

    /** Takes the filter out of the deployment's JVMs. */
    public void disable(long id) {
        accepted(send("DELETE", "/deployments/" + id, null, null, null));
    }

    private static Answer accepted(Reply reply) {
        if (reply.status() / 100 != 2) {
            throw refused(reply.status(), reply.answer());
        }
        return reply.answer();
    }

    private static CommandFailure refused(int status, Answer problem) {
        StringBuilder message = new StringBuilder("the console refuses: ");
        message.append(problem.text("detail").isEmpty() ? "status " + status : problem.text("detail"));
        for (Answer d : problem.items("diagnostics")) {
            message.append("\n  ").append(d.number("line")).append(':').append(d.number("column")).append(": ")
                    .append(d.text("severity").toLowerCase(java.util.Locale.ROOT)).append(' ').append(d.text("code")).append(": ").append(d.text("message"));
        }
        String hint = problem.text("hint");
        if (status / 100 == 3) {
            hint = "it answers with a redirect: is this the address of a console?";
        } else if (status == 401) {
            hint = "the token may be revoked or have expired; the page Access makes another";
        }
        return CommandFailure.failed(message.toString(), hint);
    }

    private Reply send(String method, String path, @Nullable String type, @Nullable String body, @Nullable String ifMatch) {
        try {
            HttpURLConnection connection = (HttpURLConnection) URI.create(base + "/api/v1" + path).toURL().openConnection();
            connection.setRequestMethod(method);
            connection.setInstanceFollowRedirects(false);
            connection.setConnectTimeout(CONNECT_MILLIS);
            connection.setReadTimeout(ANSWER_MILLIS);
            connection.setRequestProperty("Authorization", "Bearer " + token);
            connection.setRequestProperty("Accept", "application/json");
            if (ifMatch != null) {
                connection.setRequestProperty("If-Match", ifMatch);
            }
            if (body != null) {
                connection.setRequestProperty("Content-Type", type);
                connection.setDoOutput(true);
                try (OutputStream out = connection.getOutputStream()) {
                    out.write(body.getBytes(StandardCharsets.UTF_8));
                }
            }
            int status = connection.getResponseCode();
            try (InputStream in = status >= 400 ? connection.getErrorStream() : connection.getInputStream()) {
                return new Reply(status, in == null ? "" : new String(in.readNBytes(MOST_BYTES), StandardCharsets.UTF_8));
            }
        } catch (SSLException e) {
            throw CommandFailure.unreachable("the console at " + base + " is not trusted: " + e.getMessage(), "give its certificate with --trust");
        } catch (IOException e) {
            String why = e.getMessage() == null ? e.toString() : e.getMessage();
            throw CommandFailure.unreachable("the console at " + base + " does not answer: " + why, "is it running, and is this its address?");
        }
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
