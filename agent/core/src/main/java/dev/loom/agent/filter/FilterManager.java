package dev.loom.agent.filter;

import dev.loom.agent.code.LaterPreparation;
import dev.loom.agent.code.LoadedBefore;
import dev.loom.agent.code.WovenCode;
import dev.loom.agent.config.AgentConfig;
import dev.loom.agent.config.AgentVersion;
import dev.loom.agent.config.PrepareOption;
import dev.loom.agent.control.AgentStatus;
import dev.loom.agent.control.CodeListing;
import dev.loom.agent.control.FilterControl;
import dev.loom.agent.control.FilterEvent;
import dev.loom.agent.control.FilterStatus;
import dev.loom.agent.control.FindOptions;
import dev.loom.agent.control.FindStatus;
import dev.loom.agent.control.InstallOptions;
import dev.loom.agent.control.SeenInterleaving;
import dev.loom.agent.control.Suggestion;
import dev.loom.agent.find.RaceFinder;
import dev.loom.agent.guard.DeadlockGuard;
import dev.loom.agent.stack.Threads;
import dev.loom.agent.support.AgentLog;
import dev.loom.agent.support.LoomThreads;
import dev.loom.agent.transform.Weaving;
import dev.loom.bootstrap.Faults;
import dev.loom.bootstrap.HookRegistry;
import java.lang.instrument.Instrumentation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The filters of this JVM. One thread of Loom's does all the work, one thing after the other; callers wait for the part of it that
 * they were promised.
 */
public final class FilterManager implements FilterControl, AutoCloseable {

    /** How long a caller waits for the check of a filter before it is told that it goes on, s. */
    private static final long CALL_SECONDS = 60;
    /** How often filters in force are looked after, ms. */
    private static final long WATCH_MILLIS = 1_000;
    /** When prepared classes are saved for the first time: most have come by then, ms. */
    private static final long FIRST_SAVE_MILLIS = 20_000;
    /** And then, if some have come since, ms. */
    private static final long SAVE_MILLIS = 600_000;
    /** How long detach waits for frames on their way, ms. */
    private static final long QUIET_MILLIS = 1_000;

    private final AgentConfig config;
    private final boolean attached;
    private final long started = System.nanoTime();
    private final Instrumentation instrumentation;
    private final Weaving weaving;
    private final Overhead overhead = new Overhead();
    private final InterleavingLog interleavings = new InterleavingLog();
    /** Null as long as nobody has asked for anything. */
    private volatile @Nullable Works works;
    /** Lets everybody go, so that {@code System.exit} inside a region does not wait for a thread that waits for the region. */
    private final Thread shutdown = LoomThreads.daemon("shutdown", new Runnable() {
        @Override
        public void run() {
            shutDown();
        }
    });
    private final List<Consumer<FilterEvent>> listeners = new CopyOnWriteArrayList<>();
    private final ScheduledThreadPoolExecutor worker;
    private @Nullable LaterPreparation preparation;
    private volatile boolean closing;

    /** What filters need: made when it is first needed, for a program that ends before that is not to pay for it. */
    private record Works(WovenCode code, FilterLifecycle lifecycle, FilterChecks checks, DeadlockGuard guard) {}

    /** Null as long as nobody has looked for races. */
    private volatile @Nullable RaceFinder finder;

    private FilterManager(Instrumentation instrumentation, AgentConfig config, boolean attached) {
        this.instrumentation = instrumentation;
        this.config = config;
        this.attached = attached;
        weaving = new Weaving(instrumentation, config);
        worker = new ScheduledThreadPoolExecutor(1, new ThreadFactory() {
            @Override
            public Thread newThread(Runnable task) {
                return LoomThreads.daemon("filters", task);
            }
        });
        worker.setRemoveOnCancelPolicy(true);
        Runtime.getRuntime().addShutdownHook(shutdown);
    }

    private synchronized Works works() {
        Works made = works;
        if (made == null) {
            if (closing) {
                throw new IllegalStateException("the agent is leaving this JVM");
            }
            Threads.open(instrumentation);
            WovenCode code = new WovenCode(weaving, instrumentation);
            Ticker ticker = new Ticker(this::later);
            FilterLifecycle lifecycle = new FilterLifecycle(code, ticker, new Announcements(this::publish));
            ticker.calls(lifecycle::step);
            made = new Works(code, lifecycle, new FilterChecks(weaving), DeadlockGuard.start(
                    broken -> later(() -> lifecycle.broken(broken), 0), lifecycle::mayHold));
            works = made;
            later(this::watch, WATCH_MILLIS);
        }
        return made;
    }

    private synchronized void worksUnlessClosing() {
        if (!closing) {
            works();
        }
    }

    private FilterLifecycle lifecycle() {
        return works().lifecycle();
    }

    /** The filters, without asking for anything. */
    private List<InstalledFilter> present() {
        Works made = works;
        return made == null ? List.of() : made.lifecycle().filters();
    }

    /** The application has started. */
    public synchronized void settle() {
        if (closing) {
            return;
        }
        // what the first filter needs is there before most ask for one, and a program that has ended by then never pays for it
        later(this::worksUnlessClosing, LaterPreparation.FIRST_MILLIS);
        if (config.cache() != null) {
            later(this::saveCache, FIRST_SAVE_MILLIS);
        }
        if (config.prepare() == PrepareOption.LATER) {
            preparation = new LaterPreparation(weaving);
            later(this::prepareMore, LaterPreparation.FIRST_MILLIS);
        }
    }

    /**
     * Starts the work. Classes that are loaded from now on get their update points.
     *
     * @param attached whether the JVM was running already: then its classes are prepared in the background
     */
    public static FilterManager start(Instrumentation instrumentation, AgentConfig config, boolean attached) {
        FilterManager manager = new FilterManager(instrumentation, config, attached);
        if (attached) {
            manager.later(new LoadedBefore(manager.works().code())::prepare, 0);
        }
        return manager;
    }

    private void shutDown() {
        boolean mayHaveHooks;
        synchronized (this) {
            // from here on nobody makes any
            closing |= works == null;
            mayHaveHooks = works != null;
        }
        if (mayHaveHooks) {
            HookRegistry.passAll(true);
        }
        weaving.saveCache();
    }

    private void later(Runnable task, long millis) {
        if (!worker.isShutdown()) {
            try {
                worker.schedule(() -> guarded(task), millis, TimeUnit.MILLISECONDS);
            } catch (RejectedExecutionException e) {
                // detached meanwhile
            }
        }
    }

    /** Whatever happens, the thread goes on, and so does what it does every second. */
    private void guarded(Runnable task) {
        try {
            task.run();
        } catch (Throwable e) {
            weaving.statistics().fault();
            AgentLog.error("a fault in the filter manager", e);
        }
    }

    private void watch() {
        try {
            FilterLifecycle lifecycle = lifecycle();
            List<InstalledFilter> inForce = lifecycle.filters().stream().filter(InstalledFilter::isInForce).toList();
            if (!inForce.isEmpty()) {
                lifecycle.watch();
            }
            for (InstalledFilter filter : inForce) {
                filter.cost = overhead.cost(filter);
            }
            interleavings.look(inForce);
            lifecycle.filters().stream().filter(f -> !f.isInForce()).forEach(f -> f.cost = Overhead.Cost.NONE);
        } finally {
            later(this::watch, WATCH_MILLIS);
        }
    }

    private void saveCache() {
        weaving.saveCache();
        later(this::saveCache, SAVE_MILLIS);
    }

    private void prepareMore() {
        later(this::prepareMore, preparation.step());
    }

    private void publish(FilterEvent event) {
        for (Consumer<FilterEvent> listener : listeners) {
            try {
                listener.accept(event);
            } catch (RuntimeException e) {
                AgentLog.warn("a listener failed", e);
            }
        }
    }

    private <T> T call(Callable<T> task) {
        if (closing && worker.isShutdown()) {
            throw new IllegalStateException("the agent is leaving this JVM");
        }
        Future<T> future;
        try {
            future = worker.submit(task);
        } catch (RejectedExecutionException e) {
            throw new IllegalStateException("the agent is leaving this JVM");
        }
        try {
            return future.get(CALL_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new IllegalStateException("not done after " + CALL_SECONDS + " s: another agent's class transformer may be slow; the"
                    + " operation goes on, ask for the filter's state");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted; the operation goes on");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException mistake) {
                throw mistake;
            }
            throw new IllegalStateException("a fault in Loom: " + e.getCause(), e.getCause());
        }
    }

    @Override
    public FilterStatus install(String name, String text, InstallOptions options) {
        if (closing) {
            throw new IllegalStateException("the agent is leaving this JVM");
        }
        return call(() -> lifecycle().install(name == null ? "" : name, text == null ? "" : text, options));
    }

    @Override
    public FilterStatus check(String text) {
        return call(() -> works().checks().check(text == null ? "" : text));
    }

    @Override
    public String explain(String text) {
        return call(() -> works().checks().explain(text == null ? "" : text));
    }

    @Override
    public List<Suggestion> suggest(String text) {
        return call(() -> works().checks().suggest(text == null ? "" : text));
    }

    @Override
    public String pinned(String text) {
        return call(() -> works().checks().pinned(text == null ? "" : text));
    }

    @Override
    public List<String> complete(String typed) {
        return call(() -> works().checks().complete(typed == null ? "" : typed));
    }

    @Override
    public CodeListing listing(String type, String loader) {
        return call(() -> LiveListing.of(type == null ? "" : type, loader == null ? "" : loader, present(), weaving));
    }

    @Override
    public FilterStatus remove(String name) {
        return call(() -> lifecycle().remove(name));
    }

    @Override
    public List<FilterStatus> removeAll() {
        return call(() -> lifecycle().removeAll());
    }

    @Override
    public FilterStatus cancel(String name) {
        return call(() -> lifecycle().cancel(name));
    }

    @Override
    public FilterStatus acceptStragglers(String name, String why) {
        return call(() -> lifecycle().accept(name, why));
    }

    @Override
    public void resetCounters(String name) {
        call(() -> {
            lifecycle().resetCounters(name);
            return null;
        });
    }

    @Override
    public FindStatus find(String classes, FindOptions options) {
        if (closing) {
            throw new IllegalStateException("the agent is leaving this JVM");
        }
        return call(() -> {
            RaceFinder made = finder;
            if (made == null) {
                made = new RaceFinder(works().code(), this::later);
                finder = made;
            }
            return made.start(classes == null ? "" : classes, options);
        });
    }

    @Override
    public FindStatus stopFinding() {
        return finder == null ? FindStatus.NONE : call(() -> finder.stop());
    }

    @Override
    public FindStatus finding() {
        RaceFinder made = finder;
        return made == null ? FindStatus.NONE : made.status();
    }

    @Override
    public List<FilterStatus> filters() {
        List<FilterStatus> result = new ArrayList<>();
        present().forEach(f -> result.add(f.status()));
        return result;
    }

    @Override
    public Optional<FilterStatus> filter(String name) {
        return present().stream().filter(f -> f.name.equals(name)).findFirst().map(InstalledFilter::status);
    }

    @Override
    public List<SeenInterleaving> interleavings(String name) {
        if (filter(name).isEmpty()) {
            throw new IllegalArgumentException("there is no filter '" + name + "' in this JVM");
        }
        return interleavings.of(name);
    }

    @Override
    public AgentStatus agent() {
        var statistics = weaving.statistics();
        double overhead = present().stream().mapToDouble(f -> f.cost.all().total()).sum();
        return new AgentStatus(
                AgentVersion.get(), attached ? "ATTACHED" : "PREMAIN", config.name(), config.labels(),
                (System.nanoTime() - started) / 1_000_000, statistics.classes(), statistics.methods(), weaving.unprepared(), statistics.skipped(),
                statistics.millis(), overhead, statistics.faults() + (works == null ? 0 : Faults.total()));
    }

    @Override
    public void addListener(Consumer<FilterEvent> listener) {
        listeners.add(listener);
    }

    /** Ends the work: filters should be gone by then. What Loom wove is taken back, and its thread ends. */
    @Override
    public void close() {
        synchronized (this) {
            closing = true;
        }
        try {
            worker.submit(() -> guarded(this::leave)).get(30, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException | RejectedExecutionException e) {
            AgentLog.warn("detach: the filter manager did not end in time", e);
        }
        worker.shutdownNow();
        listeners.clear();
    }

    private void leave() {
        RaceFinder looking = finder;
        if (looking != null) {
            looking.close();
        }
        interleavings.look(List.of());
        Works made = works;
        if (made != null) {
            long deadline = System.nanoTime() + QUIET_MILLIS * 1_000_000;
            while (!made.lifecycle().stop() && System.nanoTime() < deadline) {
                Thread.onSpinWait();
            }
            made.lifecycle().close();
            made.guard().close();
        }
        weaving.saveCache();
        weaving.close();
        try {
            Runtime.getRuntime().removeShutdownHook(shutdown);
        } catch (IllegalStateException e) {
            // the JVM is going down anyway
        }
    }
}
