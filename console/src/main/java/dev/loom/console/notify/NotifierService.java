package dev.loom.console.notify;

import dev.loom.console.audit.Actor;
import dev.loom.console.audit.EventLog;
import dev.loom.console.audit.Subject;
import dev.loom.console.contract.LoomProblem;
import dev.loom.console.contract.ProblemCode;
import dev.loom.console.secret.Seal;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** Who is told of events: for administrators. */
@Service
public class NotifierService {

    /** What is told if nothing is said: what happens to deployments, filters and JVMs. */
    private static final List<String> USUAL = List.of("deployment.", "filter.", "target.");

    private static final int MOST = 100;
    private static final int MOST_TYPES = 50;
    private static final int SECRET_BYTES = 32;

    private final NotifierRepository repository;
    private final Deliveries deliveries;
    private final Destinations destinations;
    private final Mails mails;
    private final Seal seal;
    private final EventLog events;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();

    NotifierService(
            NotifierRepository repository, Deliveries deliveries, Destinations destinations, Mails mails, Seal seal, EventLog events, Clock clock) {
        this.repository = repository;
        this.deliveries = deliveries;
        this.destinations = destinations;
        this.mails = mails;
        this.seal = seal;
        this.events = events;
        this.clock = clock;
    }

    public List<NotifierView> list() {
        return repository.all().stream().map(NotifierView::of).toList();
    }

    public NotifierView get(long id) {
        return NotifierView.of(stored(id));
    }

    private Notifier stored(long id) {
        return repository.find(id).orElseThrow(
                () -> new LoomProblem(ProblemCode.NOTIFIER_NOT_FOUND, "There is no notifier " + id + ".", "It may have been deleted. By REST: GET /api/v1/notifiers lists them."));
    }

    /** Adds one, which is told of what happens from now on. The secret of a webhook is in the answer, and told never again. */
    @Transactional
    public CreatedNotifier create(NewNotifier wanted) {
        Notifier.Kind kind = kind(wanted.kind());
        if (repository.count() >= MOST) {
            throw bad("There are " + MOST + " notifiers already.", "Delete one.");
        }
        String secret = kind == Notifier.Kind.WEBHOOK ? secret() : null;
        Notifier made = new Notifier(
                0, name(wanted.name()), kind, destination(kind, wanted.destination()), types(wanted.types()), sealed(secret),
                !Boolean.FALSE.equals(wanted.enabled()), events.lastId(), 0, 0, 0, "", null, clock.millis(), Actor.current());
        long id = repository.insert(made);
        audit("created", id, made, "Events are told to " + made.name() + " (" + made.destination() + ").");
        return new CreatedNotifier(get(id), secret);
    }

    /** Changes what is said of name, destination, types and whether it is told at all. What was not told meanwhile is told then. */
    @Transactional
    public NotifierView change(long id, NewNotifier wanted) {
        Notifier n = stored(id);
        Notifier changed = with(
                n, wanted.name() == null ? n.name() : name(wanted.name()),
                wanted.destination() == null ? n.destination() : destination(n.kind(), wanted.destination()),
                wanted.types() == null ? n.types() : types(wanted.types()), n.secretSealed(), wanted.enabled() == null ? n.enabled() : wanted.enabled());
        repository.change(changed);
        audit("changed", id, changed, "Changed how events are told to " + changed.name() + " (" + changed.destination() + (changed.enabled() ? ")." : "): paused."));
        deliveries.forgetPause(id);
        return get(id);
    }

    /** Gives a webhook a new secret; the old one is worth nothing from now on. */
    @Transactional
    public CreatedNotifier renewSecret(long id) {
        Notifier n = stored(id);
        if (n.kind() != Notifier.Kind.WEBHOOK) {
            throw bad("Mail is not signed: " + n.name() + " has no secret.", "");
        }
        String secret = secret();
        Notifier changed = with(n, n.name(), n.destination(), n.types(), sealed(secret), n.enabled());
        repository.change(changed);
        audit("secret-renewed", id, changed, changed.name() + " has a new secret.");
        deliveries.forgetPause(id);
        return new CreatedNotifier(get(id), secret);
    }

    @Transactional
    public void delete(long id) {
        Notifier n = stored(id);
        repository.delete(id);
        audit("deleted", id, n, "Events are no longer told to " + n.name() + ".");
    }

    /** Sends something made up now; the reason why it was not taken, or empty. */
    public CompletableFuture<String> test(long id) {
        Notifier n = stored(id);
        audit("tested", id, n, "Sent a test to " + n.name() + ".");
        return deliveries.tryOut(n);
    }

    private void audit(String what, long id, Notifier n, String message) {
        events.audit(Notifier.OWN + what, Subject.NONE, message, Map.of("notifier", id, "destination", n.destination(), "types", n.types()));
    }

    private static Notifier with(
            Notifier n, String name, String destination, List<String> types, @Nullable String secretSealed, boolean enabled) {
        return new Notifier(
                n.id(), name, n.kind(), destination, types, secretSealed, enabled, n.lastEvent(), n.attempts(), n.told(), n.passedOver(), n.lastError(),
                n.lastToldAt(), n.createdAt(), n.createdBy());
    }

    // What users may write ---------------------------------------------------------------------------------------------------

    private static Notifier.Kind kind(@Nullable String word) {
        try {
            return Notifier.Kind.valueOf(String.valueOf(word).strip().toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw bad("There is no kind '" + word + "' of notifier.", "Say WEBHOOK or MAIL.");
        }
    }

    private static String name(@Nullable String name) {
        String stripped = name == null ? "" : name.strip();
        if (stripped.isEmpty() || stripped.length() > 100 || stripped.chars().anyMatch(Character::isISOControl)) {
            throw bad("The name of a notifier has 1 to 100 characters and no control characters.", "");
        }
        return stripped;
    }

    private String destination(Notifier.Kind kind, @Nullable String destination) {
        String given = destination == null ? "" : destination.strip();
        if (kind == Notifier.Kind.WEBHOOK) {
            return destinations.checked(given).toString();
        }
        if (!mails.isPossible()) {
            throw new LoomProblem(
                    ProblemCode.BAD_DESTINATION, "This console cannot send mail: no server is configured.", "Start it with spring.mail.host and loom.notify.mail-from.");
        }
        String addresses = Mails.checked(given);
        if (addresses == null || addresses.length() > 2_000) {
            throw new LoomProblem(
                    ProblemCode.BAD_DESTINATION, "'" + given + "' are not addresses for mail.", "Write up to 20, with commas between: ops@example.org,ada@example.org.");
        }
        return addresses;
    }

    private static List<String> types(@Nullable List<String> types) {
        if (types == null || types.isEmpty()) {
            return USUAL;
        }
        boolean wrong = types.size() > MOST_TYPES || types.stream().anyMatch(t -> t == null || !t.matches("[a-z-]{1,30}\\.([a-z-]{1,40})?"));
        if (wrong) {
            throw bad("Types of events are such as deployment. or filter.accepted, " + MOST_TYPES + " at most.", "A type that ends in a dot stands for all that begin so.");
        }
        return types.stream().distinct().toList();
    }

    private static LoomProblem bad(String message, String hint) {
        return new LoomProblem(ProblemCode.BAD_REQUEST, message, hint);
    }

    private String secret() {
        byte[] bytes = new byte[SECRET_BYTES];
        random.nextBytes(bytes);
        return "whsec_" + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private @Nullable String sealed(@Nullable String secret) {
        return secret == null ? null : seal.seal(Objects.requireNonNull(secret).getBytes(StandardCharsets.UTF_8), Webhooks.PLACE);
    }
}
