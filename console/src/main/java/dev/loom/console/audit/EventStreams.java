package dev.loom.console.audit;

import dev.loom.console.stream.Callers;
import dev.loom.console.stream.Slots;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.http.MediaType;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.security.core.Authentication;
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
    private static final int MAX_EACH = 20;
    private static final int SENDERS = 64;
    private static final int BATCH = 200;
    private static final long RETRY_MILLIS = 2_000;

    private final EventLog log;
    private final Callers callers;
    private final Slots slots = new Slots("event streams", MAX_LISTENERS, MAX_EACH);
    private final Set<Listener> listeners = ConcurrentHashMap.newKeySet();
    private final ThreadPoolExecutor senders;

    EventStreams(EventLog log, Callers callers) {
        this.log = log;
        this.callers = callers;
        this.senders = new ThreadPoolExecutor(SENDERS, SENDERS, 30, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
            Thread thread = new Thread(task, "loom-event-stream");
            thread.setDaemon(true);
            return thread;
        });
        senders.allowCoreThreadTimeOut(true);
        log.subscribe(event -> {
            if (event.type().startsWith(EventQuery.ACCESS)) {
                listeners.forEach(listener -> listener.unsure = true); // an account or token has changed: whose?
            }
            listeners.forEach(Listener::wake);
        });
    }

    /** Begins to send the events after a number. */
    SseEmitter open(long after, EventQuery query, Authentication caller) {
        Slots.Slot slot = slots.take(caller.getName());
        Listener listener = new Listener(new SseEmitter(0L), query, after, callers.stillAllowed(caller), slot);
        listeners.add(listener);
        listener.emitter.onCompletion(listener::leave);
        listener.emitter.onError(e -> listener.leave());
        listener.wake();
        return listener.emitter;
    }

    /** A comment now and then: proxies keep the connection, and a listener that is gone is noticed. */
    @Scheduled(fixedDelay = 15_000)
    void ping() {
        listeners.forEach(listener -> {
            listener.unsure = true;
            send(() -> listener.comment("ping"));
        });
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
        private final BooleanSupplier allowed;
        private final Slots.Slot slot;

        /** Whether it must be looked up again who listens. */
        private volatile boolean unsure;

        /** Of the thread that sends; one at a time. */
        private long cursor;

        private boolean greeted;

        // under this object's lock
        private boolean sending;
        private boolean again;

        Listener(SseEmitter emitter, EventQuery query, long cursor, BooleanSupplier allowed, Slots.Slot slot) {
            this.emitter = emitter;
            this.query = query;
            this.cursor = cursor;
            this.allowed = allowed;
            this.slot = slot;
        }

        void leave() {
            listeners.remove(this);
            slot.close();
        }

        /** Ends the stream of somebody who would not be let in any more. */
        private boolean endedForGood() {
            if (unsure) {
                unsure = false;
                if (!allowed.getAsBoolean()) {
                    leave();
                    emitter.complete();
                    return true;
                }
            }
            return false;
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
                    if (endedForGood()) {
                        return;
                    }
                    sendNew();
                } catch (IOException | IllegalStateException e) {
                    leave();
                    return; // gone; the container completes the emitter
                } catch (RuntimeException e) {
                    leave();
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
                List<LoggedEvent> events = log.after(cursor, query, BATCH);
                for (LoggedEvent event : events) {
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
                if (endedForGood()) {
                    return;
                }
                emitter.send(SseEmitter.event().comment(text));
            } catch (IOException | IllegalStateException e) {
                leave();
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
