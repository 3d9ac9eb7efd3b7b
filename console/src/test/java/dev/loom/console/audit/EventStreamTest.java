package dev.loom.console.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loom.console.support.Await;
import dev.loom.console.support.ConsoleUnderTest;
import dev.loom.console.support.Filters;
import dev.loom.console.support.Rest;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class EventStreamTest {

    private final ConsoleUnderTest console = ConsoleUnderTest.shared();
    private final Rest rest = console.rest();

    /** A listener as a script has one. */
    private final class Listener implements AutoCloseable {

        final List<String> lines = Collections.synchronizedList(new ArrayList<>());
        private final InputStream body;

        Listener(String path, String... headers) throws Exception {
            HttpResponse<InputStream> response = HttpClient.newHttpClient()
                    .send(rest.request(path, headers).header("Accept", "text/event-stream").build(), HttpResponse.BodyHandlers.ofInputStream());
            assertThat(response.statusCode()).isEqualTo(200);
            body = response.body();
            Thread thread = new Thread(this::read);
            thread.setDaemon(true);
            thread.start();
        }

        private void read() {
            try (var reader = new java.io.BufferedReader(new java.io.InputStreamReader(body, java.nio.charset.StandardCharsets.UTF_8))) {
                String line;
                while ((line = reader.readLine()) != null) {
                    lines.add(line);
                }
            } catch (IOException e) {
                // closed
            }
        }

        List<String> ids() {
            synchronized (lines) {
                return lines.stream().filter(l -> l.startsWith("id:")).map(l -> l.substring(3)).toList();
            }
        }

        @Override
        public void close() {
            try {
                body.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @Test
    void eventsComeAsTheyHappenAndGoOnWhereAListenerLeftOff() throws Exception {
        String name = Filters.name("streamed");
        String first;
        try (Listener listener = new Listener("/events?filter=" + name)) {
            rest.postText("/filters?name=" + name, Filters.text("")).expect(201);
            Await.until(listener::ids, ids -> ids.size() == 1, "the first event");
            first = listener.ids().get(0);
            assertThat(listener.lines).contains("event:filter.created");
            assertThat(listener.lines.stream().filter(l -> l.startsWith("data:")).findFirst().orElse("")).contains("\"actor\":\"token:bootstrap\"");
        }
        rest.putText("/filters/" + name, Filters.text("2"), "If-Match", "\"1\"").expect(200);
        rest.putText("/filters/" + name, Filters.text("3"), "If-Match", "\"2\"").expect(200);
        try (Listener listener = new Listener("/events?filter=" + name, "Last-Event-ID", first)) {
            Await.until(listener::ids, ids -> ids.size() == 2, "the events meanwhile");
            assertThat(listener.ids()).doesNotContain(first);
            rest.delete("/filters/" + name).expect(204);
            Await.until(listener::ids, ids -> ids.size() == 3, "the event after them");
            assertThat(listener.lines).contains("event:filter.deleted");
        }
        try (Listener listener = new Listener("/events?after=0&type=filter.&filter=" + name)) {
            Await.until(listener::ids, ids -> ids.size() == 4, "all events");
        }
        assertThat(rest.get("/events", "Accept", "text/event-stream", "Last-Event-ID", "soon").expect(400).code()).isEqualTo("LOOM-851");
    }

    @Test
    void numbersOfEventsFollowTheCommitsEvenIfManyWriteAtOnce() throws Exception {
        EventLog log = console.bean(EventLog.class);
        long before = log.lastId();
        List<Long> seen = Collections.synchronizedList(new ArrayList<>());
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < 4; t++) {
            Thread thread = new Thread(() -> {
                for (int i = 0; i < 25; i++) {
                    seen.add(log.note("test.many", Subject.NONE, "one of many", java.util.Map.of()).id());
                }
            });
            thread.start();
            threads.add(thread);
        }
        // a reader that goes on from the last number it saw must miss none
        List<Long> read = new ArrayList<>();
        EventQuery query = new EventQuery(null, null, null, "test.many", false);
        Await.until(
                () -> {
                    long cursor = read.isEmpty() ? before : read.get(read.size() - 1);
                    log.after(cursor, query, 1000).forEach(e -> read.add(e.id()));
                    return read.size();
                },
                size -> size == 100,
                "the reader");
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(read).isSorted().containsExactlyInAnyOrderElementsOf(seen);
    }

    @Test
    void everyActIsInTheAuditLogWithItsActor() {
        String name = Filters.name("audited");
        rest.postText("/filters?name=" + name, Filters.text("")).expect(201);
        rest.delete("/filters/" + name).expect(204);
        var items = rest.get("/audit?filter=" + name).json().path("items");
        assertThat(items.valueStream().map(i -> i.path("type").asString()).toList()).containsExactly("filter.deleted", "filter.created");
        assertThat(items.valueStream().map(i -> i.path("actor").asString()).distinct().toList()).containsExactly("token:bootstrap");
    }
}
