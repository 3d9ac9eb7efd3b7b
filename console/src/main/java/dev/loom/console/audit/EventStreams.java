package dev.loom.console.audit;

import dev.loom.console.contract.LoomProblem;
import dev.loom.console.contract.ProblemCode;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.http.MediaType;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/**
 * Sends events to those who listen over HTTP.
 *
 * <p>Each listener has a cursor, the number of the last event that was sent to it, and reads on from there in the table; a new
 * event is only a signal to do so. So nothing is lost or sent twice, whether the listener is new, slow, or back after a break.
 */
@Component
class EventStreams {

    private static final int MAX_LISTENERS = 500;
    private static final int BATCH = 200;
    private static final long RETRY_MILLIS = 2_000;

    private final EventLog log;
    private final Set<Listener> listeners = ConcurrentHashMap.newKeySet();
    private final ThreadPoolExecutor senders;

    EventStreams(EventLog log) {
        this.log = log;
        this.senders = new ThreadPoolExecutor(8, 8, 30, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
            Thread thread = new Thread(task, "loom-event-stream");
            thread.setDaemon(true);
            return thread;
        });
        senders.allowCoreThreadTimeOut(true);
        log.subscribe(event -> listeners.forEach(Listener::wake));
    }

    /** Begins to send the events after a number. */
    SseEmitter open(long after, EventQuery query) {
        if (listeners.size() >= MAX_LISTENERS) {
            throw new LoomProblem(ProblemCode.UNAVAILABLE, "Too many listen to events already.", "Try again later.");
        }
        Listener listener = new Listener(new SseEmitter(0L), query, after);
        listeners.add(listener);
        listener.emitter.onCompletion(() -> listeners.remove(listener));
        listener.emitter.onError(e -> listeners.remove(listener));
        listener.wake();
        return listener.emitter;
    }

    /** A comment now and then: proxies keep the connection, and a listener that is gone is noticed. */
    @Scheduled(fixedDelay = 15_000)
    void ping() {
        listeners.forEach(listener -> send(() -> listener.comment("ping")));
    }

    /** A graceful end waits for requests; these would never end by themselves. */
    @EventListener(ContextClosedEvent.class)
    void closed() {
        listeners.forEach(listener -> listener.emitter.complete());
        senders.shutdown();
    }

    private void send(Runnable task) {
        try {
            senders.execute(task);
        } catch (RejectedExecutionException e) {
            // the console stops
        }
    }

    private final class Listener {

        private final SseEmitter emitter;
        private final EventQuery query;

        /** Of the thread that sends; one at a time. */
        private long cursor;

        private boolean greeted;

        // under this object's lock
        private boolean sending;
        private boolean again;

        Listener(SseEmitter emitter, EventQuery query, long cursor) {
            this.emitter = emitter;
            this.query = query;
            this.cursor = cursor;
        }

        void wake() {
            synchronized (this) {
                if (sending) {
                    again = true;
                    return;
                }
                sending = true;
            }
            send(this::run);
        }

        private void run() {
            while (true) {
                synchronized (this) {
                    again = false;
                }
                try {
                    sendNew();
                } catch (IOException | IllegalStateException e) {
                    listeners.remove(this);
                    return; // gone; the container completes the emitter
                } catch (RuntimeException e) {
                    listeners.remove(this);
                    emitter.completeWithError(e);
                    return;
                }
                synchronized (this) {
                    if (!again) {
                        sending = false;
                        return;
                    }
                }
            }
        }

        private void sendNew() throws IOException {
            if (!greeted) {
                greeted = true;
                emitter.send(SseEmitter.event().reconnectTime(RETRY_MILLIS).comment("events after " + cursor));
            }
            while (true) {
                long last = log.lastId(); // all events up to this one are visible, for numbers are in the order of the commits
                List<Event> events = log.after(cursor, query, BATCH);
                for (Event event : events) {
                    emitter.send(SseEmitter.event()
                            .id(Long.toString(event.id()))
                            .name(event.type())
                            .data(EventView.of(event), MediaType.APPLICATION_JSON));
                    cursor = event.id();
                }
                if (events.size() < BATCH) {
                    cursor = Math.max(cursor, last);
                    return;
                }
            }
        }

        void comment(String text) {
            synchronized (this) {
                if (sending) {
                    return; // it is sent to anyway
                }
                sending = true;
            }
            try {
                emitter.send(SseEmitter.event().comment(text));
            } catch (IOException | IllegalStateException e) {
                listeners.remove(this);
                return;
            }
            boolean more;
            synchronized (this) {
                sending = again;
                more = again;
            }
            if (more) {
                run();
            }
        }
    }
}
