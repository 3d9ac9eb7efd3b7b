package dev.loom.console.notify;

import dev.loom.console.audit.LoggedEvent;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** A way to tell somebody of events. */
sealed interface Channel permits Webhooks, Mails {

    /** The kind of those whom it serves. */
    Notifier.Kind kind();

    /** Most events that it tells at once. */
    int most();

    /** Tells of events, oldest first. The result never fails. */
    CompletableFuture<Outcome> tell(Notifier to, List<LoggedEvent> events);
}
