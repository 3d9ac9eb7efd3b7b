package dev.loom.console.target;

import dev.loom.client.JvmAddress;
import dev.loom.console.audit.Actor;
import dev.loom.console.audit.EventLog;
import dev.loom.console.audit.Subject;
import dev.loom.console.contract.LoomProblem;
import dev.loom.console.contract.ProblemCode;
import dev.loom.console.jmx.Addresses;
import dev.loom.console.scope.Scope;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Service;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Registrations of agents.
 *
 * <p>A JVM is who enrolled it. The first registration is answered with a secret, of which a hash is kept; whoever shows it later is that
 * JVM, or the one that was started in its place, and may change what is stored of it. An enrolment token alone enrols JVMs and changes
 * nothing else: a registration without the secret is a new JVM, or the unchanged sign of life of an agent that knows no secrets (0.1.0).
 * The answer tells nothing that was not in the registration: not whether the JVM is reachable, nor who else is in the list.
 */
@Service
class Registrations {

    /** Signs of life are stored no more often than this, ms. */
    private static final long HEARTBEAT_STEP = 300_000;

    private static final int SECRET_BYTES = 24;

    private final TargetRepository repository;
    private final TargetMonitor monitor;
    private final PasswordSeal seal;
    private final EventLog events;
    private final TransactionTemplate transaction;
    private final Clock clock;
    private final int most;
    private final SecureRandom random = new SecureRandom();

    Registrations(
            TargetRepository repository,
            TargetMonitor monitor,
            PasswordSeal seal,
            EventLog events,
            TransactionTemplate transaction,
            Clock clock,
            @Value("${loom.targets.max:5000}") int most) {
        this.repository = repository;
        this.monitor = monitor;
        this.seal = seal;
        this.events = events;
        this.transaction = transaction;
        this.clock = clock;
        this.most = most;
    }

    /**
     * What became of a registration.
     *
     * @param changed whether something about it was stored
     * @param secret for the agent to keep; null if it has one
     */
    record Registered(TargetView target, boolean created, boolean changed, @Nullable String secret) {}

    /** What is done with a registration, and with which stored JVM. */
    private record Decision(@Nullable Target known, boolean change, boolean issue) {}

    /** An agent registers its JVM, or says that it is still there. */
    Registered register(Registration registration) {
        Registration checked = checked(registration);
        Scope.current().require(checked.name(), checked.labels() == null ? Map.of() : checked.labels());
        Registered registered = Objects.requireNonNull(transaction.execute(status -> {
            Decision decision = decide(checked);
            Target known = decision.known();
            if (known != null && !decision.change()) {
                return unchanged(known, decision.issue(), checked);
            }
            return stored(known, checked);
        }));
        if (registered.changed()) {
            repository.find(registered.target().id()).ifPresent(monitor::watch);
        }
        return registered;
    }

    private Decision decide(Registration r) {
        Target owner = r.secret() == null ? null : repository.findBySecret(hash(r.secret())).orElse(null);
        if (owner != null) {
            boolean same = sameProcess(owner, r);
            if (same || !monitor.snapshot(owner.id()).isReachable()) {
                return new Decision(owner, !same || changed(owner, r), false);
            }
            return new Decision(null, true, true); // its process lives: this is a copy that was started beside it
        }
        Optional<Target> same = repository.findNamed(r.host(), r.name()).stream()
                .filter(t -> t.source() == Target.Source.REGISTERED && sameProcess(t, r))
                .findFirst();
        if (same.isEmpty()) {
            return new Decision(null, true, true);
        }
        TargetRepository.Enrolment enrolment = repository.enrolment(same.get().id());
        if (changed(same.get(), r) || enrolment.shown()) {
            throw new LoomProblem(
                    ProblemCode.FORBIDDEN,
                    "This process is enrolled already, and the registration does not show its secret.",
                    "The secret was in the answer to its first registration. If it is lost, an operator takes the JVM off the list.");
        }
        return new Decision(same.get(), false, enrolment.secretHash() == null);
    }

    private Registered unchanged(Target known, boolean issue, Registration r) {
        long now = clock.millis();
        if (r.secret() != null && !issue) {
            repository.secretShown(known.id());
        }
        if (known.lastHeartbeat() == null || Math.abs(now - known.lastHeartbeat()) > HEARTBEAT_STEP) {
            repository.heartbeat(known.id(), now);
        }
        return new Registered(answer(known, r), false, false, issue ? issued(known.id()) : null);
    }

    private Registered stored(@Nullable Target known, Registration r) {
        if (known == null && repository.count() >= most) {
            throw new LoomProblem(
                    ProblemCode.UNAVAILABLE, "The list of JVMs is full: " + most + ".", "Take JVMs off the list, or raise loom.targets.max.");
        }
        long now = clock.millis();
        boolean secret = r.username() != null && r.password() != null;
        Target target = new Target(
                known == null ? 0 : known.id(), r.name(), r.labels() == null ? Map.of() : r.labels(), Target.Source.REGISTERED,
                Objects.requireNonNullElse(r.jmxUrl(), ""), secret ? r.username() : null, secret ? seal.seal(r.password()) : null,
                r.fingerprint(), r.host(), r.pid(), r.startTime(), r.version() == null ? "" : r.version(),
                known == null ? null : known.appBean(), known == null ? now : known.createdAt(),
                known == null ? Actor.current() : known.createdBy(), known == null ? null : known.lastSeen(), now);
        long id = target.id();
        boolean again = known != null && sameProcess(known, r);
        if (known == null) {
            id = repository.insert(target);
        } else {
            repository.update(target);
            repository.secretShown(id);
        }
        repository.registeredStart(id, r.startTime());
        String what = known == null ? " registered." : again ? " has changed." : " is back.";
        events.audit(
                "target.registered", Subject.ofTarget(id), r.name() + what, Map.of("name", r.name(), "host", r.host(), "pid", r.pid()));
        Target kept = repository.find(id).orElseThrow();
        return new Registered(answer(kept, r), known == null, true, known == null ? issued(id) : null);
    }

    /** What the agent sent, with its number: the state of the JVM is not for whoever has an enrolment token. */
    private static TargetView answer(Target kept, Registration r) {
        Target shown = new Target(
                kept.id(), r.name(), r.labels() == null ? Map.of() : r.labels(), Target.Source.REGISTERED,
                Objects.requireNonNullElse(r.jmxUrl(), ""), r.username(), null, null, r.host(), r.pid(), r.startTime(), "", null,
                kept.createdAt(), kept.createdBy(), null, null);
        return TargetService.view(shown, Snapshot.NONE, null);
    }

    private String issued(long id) {
        byte[] bytes = new byte[SECRET_BYTES];
        random.nextBytes(bytes);
        String secret = "jvm_" + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        repository.secret(id, hash(secret));
        return secret;
    }

    private boolean sameProcess(Target known, Registration r) {
        return known.host().equals(r.host())
                && known.pid() != null
                && known.pid() == r.pid()
                && (r.startTime() == null
                        || known.jvmStart() == null
                        || known.jvmStart().equals(r.startTime())
                        || r.startTime().equals(repository.enrolment(known.id()).registeredStart()));
    }

    private boolean changed(Target known, Registration r) {
        String password = r.password();
        return !known.jmxUrl().equals(Objects.requireNonNullElse(r.jmxUrl(), ""))
                || !known.name().equals(r.name())
                || !Objects.equals(known.fingerprint(), r.fingerprint())
                || (r.labels() != null && !known.labels().entrySet().containsAll(r.labels().entrySet()))
                || (password != null
                        && (known.passwordSealed() == null
                                || !Objects.equals(known.username(), r.username())
                                || !password.equals(seal.opened(known.passwordSealed()))));
    }

    private static Registration checked(Registration r) {
        if (r.host().isBlank() || r.host().length() > 300 || r.host().chars().anyMatch(Character::isISOControl) || r.pid() < 0) {
            throw new LoomProblem(ProblemCode.BAD_REQUEST, "A registration needs a host, of 300 characters at most, and a pid.");
        }
        for (String text : new String[] {r.username(), r.password(), r.version()}) {
            if (text != null && (text.length() > 200 || text.chars().anyMatch(Character::isISOControl))) {
                throw new LoomProblem(
                        ProblemCode.BAD_REQUEST, "User, password and version have 200 characters at most and no control characters.");
            }
        }
        String fingerprint = r.fingerprint() == null || r.fingerprint().isBlank() ? null : r.fingerprint();
        if (fingerprint != null && !fingerprint.matches("sha256:[0-9a-f]{64}")) {
            throw new LoomProblem(ProblemCode.BAD_REQUEST, "A fingerprint is sha256: and 64 hexadecimal digits.");
        }
        String url = r.jmxUrl() == null || r.jmxUrl().isBlank() ? "" : Addresses.parse(r.jmxUrl()).url();
        return new Registration(
                TargetService.checkedName(r.name()), TargetService.checkedLabels(r.labels()), url, r.pid(), r.host(), r.startTime(),
                r.username(), r.password(), fingerprint, r.version() == null ? "" : r.version().substring(0, Math.min(100, r.version().length())),
                r.secret());
    }

    private static String hash(String secret) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
