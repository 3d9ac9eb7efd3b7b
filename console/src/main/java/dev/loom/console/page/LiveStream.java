package dev.loom.console.page;

import dev.loom.console.audit.EventLog;
import dev.loom.console.audit.EventQuery;
import dev.loom.console.audit.LoggedEvent;
import dev.loom.console.audit.Subject;
import dev.loom.console.stream.Callers;
import dev.loom.console.stream.Slots;
import dev.loom.console.target.Snapshot;
import dev.loom.console.target.Target;
import dev.loom.console.target.TargetListener;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.http.MediaType;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.security.core.Authentication;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/**
 * Tells open pages that there is something new, and no more than that: {@code change} after an event, {@code metrics} after a
 * reading of the JVM that the page looks at. The page then fetches the part anew, so that there is one way to make it. (Programs
 * that want the events themselves read {@code /api/v1/events}.)
 */
@Controller
class LiveStream implements TargetListener {

    /** A proxy or a browser that sees nothing for long takes the connection for dead; and writing shows which are, ms. */
    private static final int PING_EVERY = 15_000;
    /** Writing to a page that reads slowly blocks; others should not wait for it. */
    private static final int WRITERS = 32;
    private static final int MAX_VIEWERS = 500;
    private static final int MAX_EACH = 20;

    private final Set<Viewer> viewers = ConcurrentHashMap.newKeySet();
    private final ExecutorService writers = Executors.newFixedThreadPool(WRITERS, task -> {
        Thread thread = new Thread(task, "loom-pages");
        thread.setDaemon(true);
        return thread;
    });
    private final Runnable unsubscribe;
    private final Callers callers;
    private final Slots slots = new Slots("open pages", MAX_VIEWERS, MAX_EACH);

    LiveStream(EventLog events, Callers callers) {
        this.callers = callers;
        unsubscribe = events.subscribe(this::onEvent);
    }

    @GetMapping(path = "/live", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
    SseEmitter live(@RequestParam(required = false) @Nullable Long target,
            @RequestParam(required = false) @Nullable Long deployment,
            Authentication caller,
            HttpServletResponse response) {
        response.setHeader("X-Accel-Buffering", "no"); // nginx would keep the signals back
        Slots.Slot slot = slots.take(caller.getName());
        Viewer viewer = new Viewer(new SseEmitter(0L), target, deployment, callers.stillAllowed(caller));
        Runnable leave = () -> {
            viewers.remove(viewer);
            slot.close();
        };
        viewer.emitter.onCompletion(leave);
        viewer.emitter.onTimeout(leave);
        viewer.emitter.onError(e -> leave.run());
        viewers.add(viewer);
        viewer.tell("change", writers); // what happened between the page and this connection
        return viewer.emitter;
    }

    private void onEvent(LoggedEvent event) {
        boolean access = event.type().startsWith(EventQuery.ACCESS);
        for (Viewer viewer : viewers) {
            viewer.unsure |= access;
            if (access || viewer.wants(event.subject())) {
                viewer.tell("change", writers);
            }
        }
    }

    @Override
    public void onSnapshot(Target target, Snapshot before, Snapshot now) {
        for (Viewer viewer : viewers) {
            if (viewer.target != null && viewer.target == target.id()) {
                viewer.tell("metrics", writers);
            }
        }
    }

    @Scheduled(fixedDelay = PING_EVERY)
    void ping() {
        viewers.forEach(viewer -> {
            viewer.unsure = true;
            viewer.tell("ping", writers);
        });
    }

    /** A graceful end waits for requests; these would never end by themselves. */
    @EventListener(ContextClosedEvent.class)
    void closed() {
        unsubscribe.run();
        viewers.forEach(viewer -> viewer.emitter.complete());
        writers.shutdown();
    }

    /** A page that listens. What it was not told yet is told once, however often it happens: a slow reader has no queue. */
    private static final class Viewer {
        final SseEmitter emitter;
        final @Nullable Long target;
        private final @Nullable Long deployment;
        private final BooleanSupplier allowed;

        /** Whether it must be looked up again who looks. */
        private volatile boolean unsure;

        private final Set<String> untold = ConcurrentHashMap.newKeySet();

        Viewer(SseEmitter emitter, @Nullable Long target, @Nullable Long deployment, BooleanSupplier allowed) {
            this.allowed = allowed;
            this.emitter = emitter;
            this.target = target;
            this.deployment = deployment;
        }

        boolean wants(Subject subject) {
            return deployment != null
                    ? deployment.equals(subject.deployment())
                    : target == null || target.equals(subject.target());
        }

        void tell(String what, ExecutorService writers) {
            if (untold.add(what)) {
                run(writers, () -> {
                    untold.remove(what);
                    try {
                        if (unsure) {
                            unsure = false;
                            if (!allowed.getAsBoolean()) {
                                emitter.complete();
                                return;
                            }
                        }
                        emitter.send(SseEmitter.event().name(what).data("-"));
                    } catch (Exception e) {
                        emitter.completeWithError(e); // the page is gone
                    }
                });
            }
        }

        private static void run(ExecutorService writers, Runnable task) {
            try {
                writers.execute(task);
            } catch (RejectedExecutionException e) {
                // the console stops
            }
        }
    }
}
