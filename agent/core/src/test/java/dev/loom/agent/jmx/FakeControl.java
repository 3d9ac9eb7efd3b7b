package dev.loom.agent.jmx;

import dev.loom.agent.control.AgentStatus;
import dev.loom.agent.control.CodeListing;
import dev.loom.agent.control.FilterControl;
import dev.loom.agent.control.FilterEvent;
import dev.loom.agent.control.FilterState;
import dev.loom.agent.control.FilterStatus;
import dev.loom.agent.control.FindOptions;
import dev.loom.agent.control.FindStatus;
import dev.loom.agent.control.Finding;
import dev.loom.agent.control.FindingSide;
import dev.loom.agent.control.HookCounters;
import dev.loom.agent.control.InstallOptions;
import dev.loom.agent.control.OngoingWait;
import dev.loom.agent.control.Remark;
import dev.loom.agent.control.SeenInterleaving;
import dev.loom.agent.control.Straggler;
import dev.loom.agent.control.Suggestion;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** Filters that live in a map: a text with {@code wrong} in it is rejected, all others are active at once. */
public final class FakeControl implements FilterControl {

    private final Map<String, FilterStatus> filters = Collections.synchronizedMap(new LinkedHashMap<>());
    private volatile FindStatus finding = FindStatus.NONE;
    private final List<Consumer<FilterEvent>> listeners = new CopyOnWriteArrayList<>();

    @Override
    public FilterStatus install(String name, String text, InstallOptions options) {
        if (text.contains("fault")) {
            throw new IllegalStateException("broken", new ClassNotFoundException("not for clients"));
        }
        FilterState state = text.contains("wrong") ? FilterState.REJECTED : options.observe() ? FilterState.OBSERVING : FilterState.ACTIVE;
        return put(status(name.isEmpty() ? "unnamed" : name, state, text));
    }

    @Override
    public FilterStatus check(String text) {
        return status("checked", text.contains("wrong") ? FilterState.REJECTED : null, text);
    }

    @Override
    public String explain(String text) {
        return "weaves " + text;
    }

    @Override
    public String pinned(String text) {
        if (text.contains("wrong")) {
            throw new IllegalArgumentException("rejected");
        }
        return text + " pinned";
    }

    @Override
    public List<SeenInterleaving> interleavings(String name) {
        find(name);
        return List.of(new SeenInterleaving("PREVENTED", "h1", "app.Bank#transfer:1-2", "one", 1, List.of("app.Bank.transfer"), "two", 2, List.of(), 3, 4));
    }

    @Override
    public List<String> complete(String typed) {
        return List.of(typed + "Bank");
    }

    @Override
    public CodeListing listing(String type, String loader) {
        return new CodeListing(
                type, "com/acme/Bank.java", "app", List.of("app"), "",
                List.of(new CodeListing.Method(
                        type, "transfer", "(J)V", type + "#transfer", "void transfer(long amount)", List.of("this", "amount"), List.of(41, 42),
                        List.of("reads Bank.total", "returns"))),
                List.of(new CodeListing.Hook("bank", "h1", "region", type, "transfer(J)V", List.of(41), List.of(41, 42), List.of(42), List.of(), List.of())));
    }

    @Override
    public FilterStatus remove(String name) {
        return put(status(name, FilterState.REMOVED, find(name).text()));
    }

    @Override
    public List<FilterStatus> removeAll() {
        return new ArrayList<>(filters.keySet()).stream().map(this::remove).toList();
    }

    @Override
    public FilterStatus cancel(String name) {
        return remove(name);
    }

    @Override
    public FilterStatus acceptStragglers(String name, String why) {
        if (why.isBlank()) {
            throw new IllegalArgumentException("say why");
        }
        return find(name);
    }

    @Override
    public void resetCounters(String name) {
        find(name);
    }

    @Override
    public List<FilterStatus> filters() {
        return List.copyOf(filters.values());
    }

    @Override
    public Optional<FilterStatus> filter(String name) {
        return Optional.ofNullable(filters.get(name));
    }

    @Override
    public List<Suggestion> suggest(String text) {
        return List.of(new Suggestion("atomic " + text, "why", true));
    }

    @Override
    public FindStatus find(String classes, FindOptions options) {
        finding = new FindStatus("FINDING", classes, 1, options.time().toMillis(), options.budgetPercent(), 1.5, 0.5, 1, 2, 1, 1,
                List.of("one thing"), List.of());
        return finding;
    }

    @Override
    public FindStatus stopFinding() {
        FindingSide side = new FindingSide("com.acme.Bank.pay(Bank.java:7)", "write", "com.acme.Bank.sum", "main", false, List.of("frame"));
        finding = new FindStatus("ENDED", finding.classes(), 1, 1, 1, 1.5, 0.5, 1, 2, 1, 1, List.of(),
                List.of(new Finding("1", "DATA_RACE", "com.acme.Bank", 3, 1, List.of(side, side), "filter", "why",
                        List.of(new Suggestion("wider", "why", false)))));
        return finding;
    }

    @Override
    public FindStatus finding() {
        return finding;
    }

    @Override
    public AgentStatus agent() {
        return new AgentStatus("1.2.3", "PREMAIN", "shop", Map.of("env", "prod"), 12, 3, 4, 7, Map.of("too large", 2), 5, 0.5, 0);
    }

    @Override
    public void addListener(Consumer<FilterEvent> listener) {
        listeners.add(listener);
    }

    /** Forgets a filter, as when its name is used again after 100 others. */
    void forget(String name) {
        filters.remove(name);
    }

    void happens(FilterEvent.Kind kind, String message, FilterStatus status) {
        listeners.forEach(listener -> listener.accept(new FilterEvent(kind, message, status)));
    }

    private FilterStatus put(FilterStatus status) {
        filters.put(status.filter(), status);
        happens(FilterEvent.Kind.STATE, status.filter() + " is " + status.state(), status);
        return status;
    }

    private FilterStatus find(String name) {
        return filter(name).orElseThrow(() -> new IllegalArgumentException("there is no filter '" + name + "' in this JVM"));
    }

    static FilterStatus status(String name, FilterState state, String text) {
        return new FilterStatus(name, state, 1.0, "enforce", 1_000, "sha256:00", text, false, List.of("com.acme.Late"), "", "", 0.25, 0.15, 0.1, 1,
                List.of(new Remark("LOOM-051", "WARNING", name, 1, 8, 4, "not pinned", "pin it")),
                List.of(new Straggler("worker", 7, "WAITING", "com.acme.Bank.run(Bank.java:4)", List.of("a", "b"), 30, "asleep")),
                List.of(new HookCounters("h1", "region", "com.acme.Bank#run", 10, 2, 300, 200, 0, 0, 0, 0.15, 0.1)),
                List.of(new OngoingWait("teller", 8, "h1", "com.acme.Bank#run", 40, List.of("worker (7)"))), List.of());
    }
}
