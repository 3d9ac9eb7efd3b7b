package dev.loom.console.notify;

import dev.loom.console.audit.EventView;
import dev.loom.console.audit.LoggedEvent;
import dev.loom.console.secret.Seal;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** Tells by a signed HTTP request, one event each. Follows no redirect, and reads nothing of the answer but its status. */
@Component
final class Webhooks implements Channel {

    /** For a secret as it is sealed: it opens nowhere else. */
    static final String PLACE = "notifier";

    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final Duration ANSWER = Duration.ofSeconds(10);

    private final Destinations destinations;
    private final Seal seal;
    private final JsonMapper json;
    private final Clock clock;
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(CONNECT)
            .build();

    Webhooks(Destinations destinations, Seal seal, JsonMapper json, Clock clock) {
        this.destinations = destinations;
        this.seal = seal;
        this.json = json;
        this.clock = clock;
    }

    @Override
    public Notifier.Kind kind() {
        return Notifier.Kind.WEBHOOK;
    }

    @Override
    public int most() {
        return 1;
    }

    @Override
    public CompletableFuture<Outcome> tell(Notifier to, List<LoggedEvent> events) {
        LoggedEvent event = events.get(0);
        byte[] secret = to.secretSealed() == null ? null : seal.open(to.secretSealed(), PLACE);
        if (secret == null) {
            return failed("Its secret cannot be read: the console's secret.key is not the one it was stored with. Make a new secret.");
        }
        try {
            URI uri = destinations.checked(to.destination());
            byte[] body = json.writeValueAsBytes(EventView.of(event));
            HttpRequest request = HttpRequest.newBuilder(uri)
                    .timeout(ANSWER)
                    .header("Content-Type", "application/json")
                    .header("User-Agent", "loom-console")
                    .header("Loom-Event", Long.toString(event.id()))
                    .header("Loom-Event-Type", event.type())
                    .header("Loom-Signature", Signature.of(new String(secret, StandardCharsets.UTF_8), clock.millis() / 1_000, body))
                    .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                    .build();
            return client.sendAsync(request, HttpResponse.BodyHandlers.discarding())
                    .thenApply(answer -> outcome(answer.statusCode()))
                    .exceptionally(e -> new Outcome.Failed(reason(e)));
        } catch (RuntimeException e) {
            return failed(String.valueOf(e.getMessage()));
        }
    }

    private static CompletableFuture<Outcome> failed(String reason) {
        return CompletableFuture.completedFuture(new Outcome.Failed(reason));
    }

    private static Outcome outcome(int status) {
        return status / 100 == 2 ? new Outcome.Told() : new Outcome.Failed("It answered with status " + status + ".");
    }

    private static String reason(Throwable failure) {
        Throwable cause = failure.getCause() == null ? failure : failure.getCause();
        return cause instanceof java.net.http.HttpTimeoutException
                ? "It has not answered within " + ANSWER.toSeconds() + " s."
                : cause instanceof java.net.ConnectException ? "It cannot be reached." : cause.getClass().getSimpleName() + ": " + cause.getMessage();
    }
}
