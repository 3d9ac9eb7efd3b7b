package dev.loom.console.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A client of the console's API. */
public final class Rest {

    private static final JsonMapper JSON = new JsonMapper();
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(Duration.ofSeconds(10)).build();

    private final String base;
    private final @Nullable String token;

    public Rest(String base, @Nullable String token) {
        this.base = base;
        this.token = token;
    }

    /** An answer. */
    public record Answer(int status, HttpResponse<byte[]> response) {
        public String text() {
            return new String(response.body(), StandardCharsets.UTF_8);
        }

        public JsonNode json() {
            return JSON.readTree(response.body());
        }

        public String header(String name) {
            return response.headers().firstValue(name).orElse("");
        }

        /** The code of a problem. */
        public String code() {
            return header("Content-Type").startsWith("application/problem+json") ? json().path("code").asString("") : "";
        }

        public Answer expect(int wanted) {
            if (status != wanted) {
                throw new AssertionError("status " + status + " instead of " + wanted + ": " + text());
            }
            return this;
        }
    }

    public Answer get(String path, String... headers) {
        return send("GET", path, null, null, headers);
    }

    public Answer postJson(String path, Object body, String... headers) {
        return send("POST", path, "application/json", JSON.writeValueAsBytes(body), headers);
    }

    public Answer post(String path, String... headers) {
        return send("POST", path, null, null, headers);
    }

    public Answer postText(String path, String text, String... headers) {
        return send("POST", path, "text/plain;charset=utf-8", text.getBytes(StandardCharsets.UTF_8), headers);
    }

    /** Sends a file. */
    public Answer postFile(String path, byte[] content, String... headers) {
        return send("POST", path, "application/octet-stream", content, headers);
    }

    public Answer putText(String path, String text, String... headers) {
        return send("PUT", path, "text/plain;charset=utf-8", text.getBytes(StandardCharsets.UTF_8), headers);
    }

    public Answer delete(String path, String... headers) {
        return send("DELETE", path, null, null, headers);
    }

    public Answer send(String method, String path, @Nullable String type, byte @Nullable [] body, String... headers) {
        HttpRequest.Builder request = request(path, headers).method(
                method, body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofByteArray(body));
        if (type != null) {
            request.header("Content-Type", type);
        }
        return send(request.build());
    }

    public Answer send(HttpRequest request) {
        try {
            HttpResponse<byte[]> response = CLIENT.send(request, HttpResponse.BodyHandlers.ofByteArray());
            return new Answer(response.statusCode(), response);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A request with the token, to be completed. Paths outside the API begin with {@code /} and its name; others are below it. */
    public HttpRequest.Builder request(String path, String... headers) {
        boolean outside = path.startsWith("/actuator") || path.startsWith("/agent") || path.startsWith("/v3") || path.startsWith("/api");
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(base + (outside ? path : "/api/v1" + path))).timeout(Duration.ofSeconds(90));
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        return request;
    }

    /** Asks until the answer is as wanted, or fails after a time. */
    public JsonNode await(String path, Predicate<JsonNode> wanted) {
        return Await.until(() -> get(path, "Accept", "application/json").json(), wanted, "GET " + path);
    }
}
