package dev.loom.console.filter;

import dev.loom.client.FilterStatus;
import dev.loom.client.Remark;
import dev.loom.console.audit.Actor;
import dev.loom.console.audit.EventLog;
import dev.loom.console.audit.Subject;
import dev.loom.console.contract.LoomProblem;
import dev.loom.console.contract.Page;
import dev.loom.console.contract.ProblemCode;
import dev.loom.console.target.InTime;
import dev.loom.console.target.TargetMonitor;
import dev.loom.console.target.TargetService;
import dev.loom.filter.diagnostic.Diagnostic;
import dev.loom.filter.diagnostic.Diagnostics;
import dev.loom.filter.diagnostic.Span;
import dev.loom.filter.syntax.FilterParser;
import dev.loom.filter.syntax.FilterText;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** Stores filters: every change is a new immutable version, and a text with errors is not stored at all. */
@Service
public class FilterService {

    private static final int MAX_NOTE = 2_000;
    private static final Duration CHECK_DEADLINE = Duration.ofSeconds(10);

    private final FilterRepository repository;
    private final EventLog events;
    private final TargetMonitor monitor;
    private final TargetService targets;
    private final ObjectProvider<FilterUse> uses;
    private final Clock clock;

    FilterService(
            FilterRepository repository,
            EventLog events,
            TargetMonitor monitor,
            TargetService targets,
            ObjectProvider<FilterUse> uses,
            Clock clock) {
        this.repository = repository;
        this.events = events;
        this.monitor = monitor;
        this.targets = targets;
        this.uses = uses;
        this.clock = clock;
    }

    /** The text that an upload holds. */
    public static String decode(byte[] upload) {
        Diagnostics diagnostics = new Diagnostics("upload");
        return FilterText.decode(upload, diagnostics).orElseThrow(() -> {
            Diagnostic why = diagnostics.sorted().get(0);
            ProblemCode code = why.code().equals(ProblemCode.NOT_UTF8.code()) ? ProblemCode.NOT_UTF8 : ProblemCode.TOO_LARGE;
            return new LoomProblem(code, sentence(why.message()), sentence(why.hint()), List.of(FilterChecker.remark(why)));
        });
    }

    /** Current versions of the filters whose name, purpose or ticket contains a text. */
    @Transactional(readOnly = true)
    public Page<FilterSummary> list(String search, int page, int size) {
        Page.check(page, size);
        List<FilterSummary> found = repository.page(search, page, size).stream()
                .map(r -> new FilterSummary(
                        r.name(), r.version(), r.about(), r.ticket(), r.digest(), r.warnings(), r.createdAt(), r.createdBy()))
                .toList();
        return new Page<>(found, page, size, repository.count(search));
    }

    /** Those of these filters that are there and not deleted. */
    @Transactional(readOnly = true)
    public Set<String> existing(Set<String> names) {
        return repository.existing(names);
    }

    /** The current version of a filter. */
    @Transactional(readOnly = true)
    public FilterView get(String name) {
        return view(current(name));
    }

    /** One version of a filter, also of a deleted one. */
    @Transactional(readOnly = true)
    public FilterView version(String name, int version) {
        return view(repository.version(name, version).orElseThrow(() -> new LoomProblem(
                ProblemCode.FILTER_VERSION_NOT_FOUND,
                "There is no version " + version + " of a filter '" + name + "'.",
                "By REST: GET /api/v1/filters/" + name + "/versions lists them.")));
    }

    /** The version of a filter that has this digest; the newest of several. */
    public java.util.Optional<Integer> versionWith(String name, String digest) {
        return repository.versionWith(name, digest);
    }

    /** The text of one version of a filter, without a check of it. */
    public String text(String name, int version) {
        return repository.text(name, version);
    }

    /** The versions of a filter, newest first. */
    @Transactional(readOnly = true)
    public Page<FilterVersionView> versions(String name, int page, int size) {
        Page.check(page, size);
        current(name);
        List<FilterVersionView> found = repository.versions(name, page, size).stream()
                .map(r -> new FilterVersionView(r.version(), r.digest(), r.note(), r.warnings(), r.createdAt(), r.createdBy()))
                .toList();
        return new Page<>(found, page, size, repository.countVersions(name));
    }

    /**
     * Stores a new filter.
     *
     * @param name empty to take the name that the text gives itself
     * @throws LoomProblem with the checker's remarks if the text has errors
     */
    @Transactional
    public FilterView create(String name, String text, String note) {
        FilterChecker.Checked checked = checked(name, text);
        String chosen = name.isBlank() ? nameOf(checked) : name.strip();
        checkName(chosen);
        accepted(checked);
        int version;
        try {
            version = repository.begin(chosen, clock.millis()).orElseThrow(() -> exists(chosen));
        } catch (DuplicateKeyException e) {
            throw exists(chosen);
        }
        return store(chosen, version, text, checked, note, "filter.created", "Created filter " + chosen + ".");
    }

    /** Stores a new version of a filter, if nobody else did since {@code expectedVersion}. */
    @Transactional
    public FilterView update(String name, int expectedVersion, String text, String note) {
        FilterRepository.Row current = current(name);
        FilterChecker.Checked checked = checked(name, text);
        accepted(checked);
        if (current.version() != expectedVersion || !repository.advance(name, expectedVersion, clock.millis())) {
            throw changed(name, expectedVersion);
        }
        int version = expectedVersion + 1;
        return store(name, version, text, checked, note, "filter.changed", "Filter " + name + " has version " + version + ".");
    }

    private FilterView store(
            String name, int version, String text, FilterChecker.Checked checked, String note, String type, String message) {
        if (note.length() > MAX_NOTE) {
            throw new LoomProblem(ProblemCode.BAD_REQUEST, "A note has at most " + MAX_NOTE + " characters.");
        }
        repository.insert(name, version, text, checked, note, clock.millis(), Actor.current());
        events.audit(
                type, Subject.ofFilter(name), message, Map.of("version", version, "digest", checked.digest(), "warnings", checked.warnings()));
        return view(current(name));
    }

    /** Deletes a filter that is enabled nowhere. Its versions stay readable for the deployments that used them. */
    @Transactional
    public void delete(String name, @Nullable Integer expectedVersion) {
        FilterRepository.Row current = current(name);
        if (uses.stream().anyMatch(use -> use.isEnabled(name))) {
            throw new LoomProblem(
                    ProblemCode.FILTER_IN_USE, "Filter " + name + " is enabled in a JVM.", "Disable its deployments first.");
        }
        int expected = expectedVersion == null ? current.version() : expectedVersion;
        if (!repository.delete(name, expected, clock.millis())) {
            throw changed(name, expected);
        }
        events.audit("filter.deleted", Subject.ofFilter(name), "Deleted filter " + name + ".", Map.of("version", expected));
    }

    /**
     * What the checker says of a text; nothing is stored.
     *
     * @param targetId a JVM whose loaded classes to check against; null for a check of the text alone
     */
    public CheckResult check(String name, String text, @Nullable Long targetId) {
        FilterChecker.Checked checked = checked(name, text);
        String shown = name.isBlank() ? checked.wrapperName() == null ? "" : checked.wrapperName() : name.strip();
        if (targetId == null) {
            return new CheckResult(checked.isAccepted(), shown, null, checked.diagnostics());
        }
        targets.stored(targetId);
        FilterStatus status = monitor.call(targetId, CHECK_DEADLINE, agent -> agent.check(text));
        List<Remark> all = new ArrayList<>(status.diagnostics());
        if (!checked.isAccepted()) {
            // the agent reads the text, and knows nothing of the name beside it
            checked.diagnostics().stream().filter(Remark::rejects)
                    .filter(own -> all.stream().noneMatch(r -> r.code().equals(own.code()) && r.line() == own.line() && r.column() == own.column()))
                    .forEach(all::add);
        }
        return new CheckResult(!status.isRejected() && checked.isAccepted(), shown, targetId, all);
    }

    /** The text with pins for the methods that it would weave in a JVM; nothing is stored. */
    public CompletableFuture<String> pinned(String text, long targetId) {
        return InTime.of(targets.stored(targetId), CHECK_DEADLINE.toMillis(), monitor.submit(targetId, agent -> agent.pinned(text)));
    }

    private static FilterChecker.Checked checked(String name, String text) {
        return FilterChecker.check(name.strip(), text);
    }

    private static void accepted(FilterChecker.Checked checked) {
        if (!checked.isAccepted()) {
            long errors = checked.diagnostics().stream().filter(Remark::rejects).count();
            throw new LoomProblem(
                    ProblemCode.FILTER_REJECTED,
                    errors == 1 ? "The filter has an error and was not stored." : "The filter has " + errors + " errors and was not stored.",
                    "Each is listed with its line.",
                    checked.diagnostics());
        }
    }

    private static String nameOf(FilterChecker.Checked checked) {
        if (checked.wrapperName() == null) {
            accepted(checked); // a text that is broken before its name: say that instead
            throw new LoomProblem(
                    ProblemCode.BAD_FILTER_NAME, "The filter has no name.", "Write filter \"NAME\" { … } around it, or give a name with it.");
        }
        return checked.wrapperName();
    }

    private static void checkName(String name) {
        if (!FilterParser.isFilterName(name)) {
            Diagnostics diagnostics = new Diagnostics("name");
            FilterParser.checkFilterName(name, Span.START, diagnostics);
            Diagnostic why = diagnostics.sorted().get(0);
            throw new LoomProblem(
                    ProblemCode.BAD_FILTER_NAME, sentence(why.message()), sentence(why.hint()), List.of(FilterChecker.remark(why)));
        }
    }

    private FilterRepository.Row current(String name) {
        return repository.current(name).orElseThrow(() -> new LoomProblem(
                ProblemCode.FILTER_NOT_FOUND, "There is no filter '" + shortened(name) + "'.", "It may have been deleted. By REST: GET /api/v1/filters lists them."));
    }

    private static LoomProblem exists(String name) {
        return new LoomProblem(
                ProblemCode.FILTER_EXISTS, "There is a filter '" + name + "' already.", "Store your text as a new version of that one, or choose another name.");
    }

    private static LoomProblem changed(String name, int expected) {
        return new LoomProblem(
                ProblemCode.VERSION_CHANGED,
                "Filter " + name + " is no longer at version " + expected + ".",
                "Read it again, and make your change to what is there now.");
    }

    private FilterView view(FilterRepository.Row row) {
        return new FilterView(
                row.name(),
                row.version(),
                row.text(),
                row.digest(),
                row.about(),
                row.ticket(),
                row.note(),
                row.warnings(),
                row.createdAt(),
                row.createdBy(),
                row.version() == row.currentVersion() && !row.deleted(),
                FilterChecker.check(row.name(), row.text()).diagnostics());
    }

    private static String shortened(String text) {
        return text.length() > 100 ? text.substring(0, 100) + "…" : text;
    }

    private static String sentence(String text) {
        return text.isEmpty() ? text : Character.toUpperCase(text.charAt(0)) + text.substring(1) + (text.endsWith(".") || text.endsWith("?") ? "" : ".");
    }
}
