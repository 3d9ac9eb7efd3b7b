package dev.loom.console.target;

import dev.loom.client.AgentInfo;
import dev.loom.client.FilterStatus;
import dev.loom.client.JvmAddress;
import dev.loom.client.JvmInfo;
import dev.loom.console.audit.Actor;
import dev.loom.console.audit.EventLog;
import dev.loom.console.audit.Subject;
import dev.loom.console.contract.LoomProblem;
import dev.loom.console.contract.Page;
import dev.loom.console.contract.ProblemCode;
import dev.loom.console.jmx.Addresses;
import dev.loom.console.jmx.AppBean;
import dev.loom.console.jmx.Unreachable;
import dev.loom.console.scope.Scope;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.management.MalformedObjectNameException;
import javax.management.ObjectName;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Service;
import org.springframework.transaction.support.TransactionTemplate;

/** Adds, shows and removes JVMs. */
@Service
public class TargetService {

    private static final Duration FIRST_ANSWER = Duration.ofSeconds(4);

    /** Whoever types does not wait longer for names. */
    private static final Duration NAMES_DEADLINE = Duration.ofSeconds(3);

    private static final int MAX_NAME = 200;
    private static final int MAX_LABELS = 50;
    private static final int MAX_LABEL = 200;

    private final TargetRepository repository;
    private final TargetMonitor monitor;
    private final Twins twins;
    private final PasswordSeal seal;
    private final LocalJvms localJvms;
    private final AgentJar agentJar;
    private final EventLog events;
    private final TransactionTemplate transaction;
    private final ObjectProvider<TargetUse> uses;
    private final Clock clock;
    private final Duration forgetAfter;

    TargetService(
            TargetRepository repository,
            TargetMonitor monitor,
            Twins twins,
            PasswordSeal seal,
            LocalJvms localJvms,
            AgentJar agentJar,
            EventLog events,
            TransactionTemplate transaction,
            ObjectProvider<TargetUse> uses,
            Clock clock,
            @Value("${loom.targets.forget-after:7d}") Duration forgetAfter) {
        this.repository = repository;
        this.monitor = monitor;
        this.twins = twins;
        this.seal = seal;
        this.localJvms = localJvms;
        this.agentJar = agentJar;
        this.events = events;
        this.transaction = transaction;
        this.uses = uses;
        this.clock = clock;
        this.forgetAfter = forgetAfter;
    }

    /** JVMs whose name, address or labels contain a text. */
    public Page<TargetView> list(String search, int page, int size) {
        Page.check(page, size);
        List<TargetView> views = repository.page(search, page, size).stream().map(this::view).toList();
        return new Page<>(views, page, size, repository.count(search));
    }

    /** One JVM. */
    public TargetView get(long id) {
        return view(stored(id));
    }

    /** Names of classes or methods of a JVM that begin as typed, for an editor. */
    public List<String> names(long id, String typed) {
        stored(id);
        return monitor.call(id, NAMES_DEADLINE, agent -> agent.complete(typed));
    }

    /** One JVM as stored. */
    public Target stored(long id) {
        return find(id).orElseThrow(() -> notFound(id));
    }

    /** Those of these JVMs that are there, by id. */
    public Map<Long, Target> stored(java.util.Collection<Long> ids) {
        return repository.find(ids).stream().collect(java.util.stream.Collectors.toMap(Target::id, t -> t));
    }

    /** One JVM as stored, if it is there. */
    public Optional<Target> find(long id) {
        return repository.find(id);
    }

    /** All JVMs as stored. */
    public List<Target> all() {
        return repository.all();
    }

    private static LoomProblem notFound(long id) {
        return new LoomProblem(ProblemCode.TARGET_NOT_FOUND, "There is no JVM " + id + ".", "It may have been taken off the list. By REST: GET /api/v1/targets lists them.");
    }

    /** Adds a JVM by its address. Connecting goes on afterwards. */
    public TargetView add(NewTarget wanted) {
        requireAdder();
        JvmAddress.Registry address = Addresses.parse(wanted.address());
        String url = address.url();
        if ((wanted.username() == null || wanted.username().isBlank()) != (wanted.password() == null || wanted.password().isEmpty())) {
            throw new LoomProblem(ProblemCode.BAD_REQUEST, "A user needs a password, and a password a user.", "Give both or none.");
        }
        AppBean bean = checked(wanted.appBean());
        String name = wanted.name() == null || wanted.name().isBlank() ? defaultName(url) : checkedName(wanted.name());
        Map<String, String> labels = checkedLabels(wanted.labels());
        Target added = transaction.execute(status -> {
            repository.findByUrl(url).ifPresent(there -> {
                throw new LoomProblem(
                        ProblemCode.TARGET_EXISTS,
                        "The JVM at " + address.host() + ":" + address.port() + " is already there as '" + there.name() + "' (" + there.id() + ").",
                        "Remove it first if its address or password has changed.");
            });
            boolean secret = wanted.username() != null && !wanted.username().isBlank() && wanted.password() != null;
            Target target = new Target(
                    0, name, labels, Target.Source.JMX, url, secret ? wanted.username() : null,
                    secret ? seal.seal(wanted.password()) : null, null, address.host(), null, null, "", bean, clock.millis(), Actor.current(), null,
                    null);
            Target stored = stored(repository.insert(target));
            events.audit("target.added", Subject.ofTarget(stored.id()), "Added JVM " + name + ".", Map.of("name", name, "url", url));
            return stored;
        });
        monitor.watch(added);
        return view(added);
    }

    /**
     * Whoever adds a JVM says its labels: by labels nobody can be restricted there.
     *
     * @throws LoomProblem if whoever is at work is restricted to some JVMs
     */
    public void requireAdder() {
        Scope.current().requireEverywhere("To add JVMs");
    }

    /** One JVM as stored, that whoever is at work may act on. */
    public Target inScope(long id) {
        Target target = stored(id);
        Scope.current().require(target.name(), target.labels());
        return target;
    }

    /** A JVM as it is when it was first asked, or after a few seconds. */
    public TargetView afterFirstAnswer(long id) {
        monitor.firstAnswer(id, FIRST_ANSWER);
        return get(id);
    }

    /** The JVMs of this machine, and which of them are in the list already. */
    public List<LocalJvm> localJvms() {
        Map<Long, Long> known = new LinkedHashMap<>();
        monitor.snapshots().forEach((target, snapshot) -> {
            boolean here = target.source() == Target.Source.LOCAL || isThisHost(target.host());
            // one that somebody added by its address tells its process itself
            Long pid = target.pid() == null && snapshot.jvm() != null ? Long.valueOf(snapshot.jvm().pid()) : target.pid();
            if (here && pid != null && snapshot.state() != TargetState.UNREACHABLE) {
                known.put(pid, target.id());
            }
        });
        return localJvms.list().stream().map(jvm -> new LocalJvm(jvm.pid(), jvm.display(), known.get(jvm.pid()))).toList();
    }

    private static boolean isThisHost(String host) {
        return host.equals("localhost") || host.startsWith("127.") || host.equals("::1") || host.equals(Hosts.here());
    }

    /**
     * Puts the agent into a JVM of this machine and adds it.
     *
     * @param options the agent's options; empty for none
     */
    public TargetView attach(long pid, String options) {
        requireAdder();
        AgentJar.Extracted jar = agentJar.get();
        LocalJvms.Attached attached = localJvms.attach(pid, jar.file(), options);
        JvmInfo jvm = attached.jvm();
        Target target = transaction.execute(status -> {
            Optional<Target> known = repository.findProcess(Hosts.here(), pid, jvm.startMillis());
            String name = known.map(Target::name).orElse(shortened(displayName(attached.display(), pid)));
            boolean keepAddress = known.isPresent() && known.get().source() != Target.Source.LOCAL;
            Target stored = keepAddress
                    ? known.get()
                    : new Target(
                            known.map(Target::id).orElse(0L), name, known.map(Target::labels).orElse(Map.of()), Target.Source.LOCAL,
                            attached.jmxUrl(), null, null, null, Hosts.here(), pid, jvm.startMillis(), jar.version(),
                            known.map(Target::appBean).orElse(null), known.map(Target::createdAt).orElse(clock.millis()),
                            known.map(Target::createdBy).orElse(Actor.current()), null, null);
            if (known.isEmpty()) {
                stored = stored(repository.insert(stored));
            } else if (!keepAddress) {
                repository.update(stored);
            }
            events.audit(
                    "target.attached",
                    Subject.ofTarget(stored.id()),
                    attached.loaded() ? "Attached the agent to " + name + "." : "Found the agent in " + name + ".",
                    Map.of("pid", pid, "loaded", attached.loaded()));
            return stored;
        });
        monitor.watch(target);
        return view(target);
    }

    private static String displayName(String display, long pid) {
        String main = display.isBlank() ? "java" : display.strip().split("\\s+")[0];
        main = main.substring(main.lastIndexOf('/') + 1);
        return main + " " + pid;
    }

    /** Tries to reach a JVM now. */
    public TargetView retry(long id) {
        Target target = inScope(id);
        monitor.wake(id);
        return view(target);
    }

    /**
     * Takes a JVM out of the list.
     *
     * @param evenIfEnabled also while filters are enabled there: they stay in force as long as that JVM lives
     */
    public void remove(long id, boolean evenIfEnabled) {
        Target target = inScope(id);
        List<String> filters = uses.stream().flatMap(use -> use.filtersOn(id).stream()).distinct().toList();
        if (!filters.isEmpty() && !evenIfEnabled && monitor.snapshot(id).isReachable()) {
            throw new LoomProblem(
                    ProblemCode.TARGET_IN_USE,
                    "Filters are enabled in " + target.name() + ": " + String.join(", ", filters) + ".",
                    "Disable them first, or say that it shall go even so: then they stay in force as long as the JVM lives. By REST: force=true.");
        }
        transaction.executeWithoutResult(status -> {
            repository.delete(id);
            events.audit("target.removed", Subject.ofTarget(id), "Removed JVM " + target.name() + ".", Map.of("name", target.name()));
        });
        monitor.forget(id);
    }

    /** Takes JVMs out of the list that came by themselves and have been gone for long, unless a filter shall be enabled there. */
    @Scheduled(fixedDelay = 3_600_000, initialDelay = 300_000)
    void forgetTheLongGone() {
        long before = clock.millis() - forgetAfter.toMillis();
        for (Target target : repository.all()) {
            long seen = Math.max(
                    Math.max(target.createdAt(), target.lastSeen() == null ? 0 : target.lastSeen()),
                    target.lastHeartbeat() == null ? 0 : target.lastHeartbeat());
            boolean came = target.source() != Target.Source.JMX;
            boolean wanted = uses.stream().anyMatch(use -> !use.filtersOn(target.id()).isEmpty());
            if (came && !forgetAfter.isZero() && seen < before && !wanted && !monitor.snapshot(target.id()).isReachable()) {
                remove(target.id(), false);
            }
        }
    }

    /** Where the application of a JVM counts its failures; null to look for the usual place. */
    public TargetView setAppBean(long id, @Nullable AppBean bean) {
        Target known = inScope(id);
        AppBean checked = checked(bean);
        Target changed = new Target(
                known.id(), known.name(), known.labels(), known.source(), known.jmxUrl(), known.username(), known.passwordSealed(),
                known.fingerprint(), known.host(), known.pid(), known.jvmStart(), known.agentVersion(), checked, known.createdAt(), known.createdBy(),
                known.lastSeen(), known.lastHeartbeat());
        transaction.executeWithoutResult(status -> {
            repository.update(changed);
            events.audit(
                    "target.changed",
                    Subject.ofTarget(id),
                    "The failures of " + known.name() + (checked == null ? " are looked for." : " are read from " + checked.name() + "."),
                    Map.of("bean", checked == null ? "" : checked.name()));
        });
        monitor.watch(changed);
        return view(changed);
    }

    /** Changes name, labels, or user and password of a JVM. An agent that registers says its own itself, so there it is refused. */
    public TargetView change(long id, TargetChange wanted) {
        Target known = inScope(id);
        if (known.source() == Target.Source.REGISTERED) {
            throw new LoomProblem(
                    ProblemCode.BAD_REQUEST,
                    "The agent in " + known.name() + " registers by itself and says its name, labels and password again and again.",
                    "Change them where the JVM is started: name= and label= in the agent's options.");
        }
        boolean none = wanted.changesLogin() && isEmpty(wanted.username()) && isEmpty(wanted.password());
        if (wanted.changesLogin() && !none && (isEmpty(wanted.password()) || isEmpty(wanted.username()) && isEmpty(known.username()))) {
            throw new LoomProblem(ProblemCode.BAD_REQUEST, "A user needs a password, and a password a user.", "Give both or none.");
        }
        String username = !wanted.changesLogin() ? known.username() : none ? null : isEmpty(wanted.username()) ? known.username() : wanted.username();
        String sealed = !wanted.changesLogin() ? known.passwordSealed() : none ? null : seal.seal(String.valueOf(wanted.password()));
        Target changed = new Target(
                id, wanted.name() == null ? known.name() : checkedName(wanted.name()),
                wanted.labels() == null ? known.labels() : checkedLabels(wanted.labels()), known.source(), known.jmxUrl(), username, sealed,
                known.fingerprint(), known.host(), known.pid(), known.jvmStart(), known.agentVersion(), known.appBean(), known.createdAt(),
                known.createdBy(), known.lastSeen(), known.lastHeartbeat());
        Scope.current().require(changed.name() + " with these labels", changed.labels()); // nobody takes a JVM out of their own scope, into another's
        transaction.executeWithoutResult(status -> {
            repository.update(changed);
            events.audit(
                    "target.changed", Subject.ofTarget(id), "Changed JVM " + changed.name() + ".",
                    Map.of("name", changed.name(), "before", known.name(), "labels", changed.labels(), "login", wanted.changesLogin()));
        });
        monitor.watch(changed);
        return view(changed);
    }

    private static boolean isEmpty(@Nullable String text) {
        return text == null || text.isEmpty();
    }

    /** A JVM as users see it, with what it last said. */
    public TargetView view(Target target) {
        return view(target, monitor.snapshot(target.id()), twins.insteadOf(target.id()));
    }

    static TargetView view(Target target, Snapshot snapshot, @Nullable Long sameAs) {
        Unreachable failure = snapshot.failure();
        AgentInfo agent = snapshot.agent();
        JvmInfo jvm = snapshot.jvm();
        Long lastSeen = snapshot.state() == TargetState.REACHABLE || snapshot.state() == TargetState.NO_AGENT
                ? Long.valueOf(snapshot.atMillis())
                : target.lastSeen();
        return new TargetView(
                target.id(),
                target.name(),
                target.labels(),
                target.source().name(),
                target.source() == Target.Source.LOCAL ? "" : target.jmxUrl(),
                target.username(),
                target.host(),
                target.pid(),
                sameAs,
                snapshot.state(),
                failure == null ? null : failure.code().code(),
                failure == null ? null : failure.reason(),
                failure == null ? null : failure.hint(),
                lastSeen == null ? null : Instant.ofEpochMilli(lastSeen),
                Instant.ofEpochMilli(target.createdAt()),
                target.createdBy(),
                jvm == null ? null : new TargetView.Jvm(jvm.vmName(), jvm.javaVersion(), Instant.ofEpochMilli(jvm.startMillis())),
                agent == null ? null : agent(agent),
                agent == null ? List.of() : agent.filters().stream().map(TargetService::filter).toList(),
                snapshot.app() == null
                        ? null
                        : new TargetView.App(snapshot.app().bean(), snapshot.app().operations(), snapshot.app().failures()));
    }

    private static TargetView.Agent agent(AgentInfo agent) {
        return new TargetView.Agent(
                agent.version(), agent.mode(), agent.uptimeMillis(), agent.instrumentedClasses(), agent.instrumentedMethods(),
                agent.skippedMethods(), agent.transformTimeMillis(), agent.overheadPercent(), agent.agentFaults(),
                agent.remarks());
    }

    private static TargetView.Filter filter(FilterStatus filter) {
        return new TargetView.Filter(
                filter.filter(), filter.state().word(), filter.progress(), filter.mode(), filter.stragglers().size(), filter.harmful());
    }

    // What users may write ---------------------------------------------------------------------------------------------------

    static String defaultName(String url) {
        JvmAddress.Registry address = Addresses.parse(url);
        return address.host() + ":" + address.port();
    }

    static String shortened(String name) {
        return name.length() > MAX_NAME ? name.substring(0, MAX_NAME) : name;
    }

    static String checkedName(String name) {
        String stripped = name.strip();
        if (stripped.isEmpty() || stripped.length() > MAX_NAME || stripped.chars().anyMatch(Character::isISOControl)) {
            throw new LoomProblem(ProblemCode.BAD_REQUEST, "The name of a JVM has 1 to " + MAX_NAME + " characters and no control characters.");
        }
        return stripped;
    }

    static Map<String, String> checkedLabels(@Nullable Map<String, String> labels) {
        if (labels == null) {
            return Map.of();
        }
        boolean bad = labels.size() > MAX_LABELS
                || labels.entrySet().stream().anyMatch(e -> !e.getKey().matches("[A-Za-z0-9._/-]{1,100}") || e.getValue() == null
                        || e.getValue().length() > MAX_LABEL || e.getValue().chars().anyMatch(c -> Character.isISOControl(c)));
        if (bad) {
            throw new LoomProblem(
                    ProblemCode.BAD_REQUEST,
                    "Labels are at most " + MAX_LABELS + "; a key is letters, digits, '.', '_', '/' and '-', a value has at most " + MAX_LABEL
                            + " characters.");
        }
        return new LinkedHashMap<>(labels);
    }

    private static @Nullable AppBean checked(@Nullable AppBean bean) {
        if (bean == null) {
            return null;
        }
        if (bean.name() == null || bean.operations() == null || bean.failures() == null) {
            throw new LoomProblem(ProblemCode.BAD_REQUEST, "An appBean has name, operations and failures.");
        }
        try {
            if (new ObjectName(bean.name()).isPattern() || bean.failures().isBlank() || bean.failures().length() > 100
                    || bean.operations().length() > 100 || bean.name().length() > 500) {
                throw new MalformedObjectNameException("must name one MBean and its attributes");
            }
            return bean;
        } catch (MalformedObjectNameException e) {
            throw new LoomProblem(
                    ProblemCode.BAD_REQUEST,
                    "'" + bean.name() + "' is not the name of an MBean: " + e.getMessage() + ".",
                    "For example com.acme:type=Orders, with the attributes Processed and Failed.");
        }
    }
}
