package dev.loom.console.storage;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.core.NestedRuntimeException;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Stores changes that have to be made one at a time in as few transactions as possible: while one is being written others gather, and the
 * next transaction writes them all. Who waits holds no connection meanwhile. A thousand JVMs that report at once would else queue for the
 * same row, each with a connection in its hands and a write to the disk of its own, and pages would wait for a connection behind them.
 *
 * <p>Thread-safe.
 *
 * @param <C> a change
 */
public final class GroupCommit<C> {

    private static final int MOST = 200;

    /** So many changes at once are a crowd: then the writer waits a moment for those that are about to come. */
    private static final int CROWD = 3;

    private static final long GATHER_NANOS = 20_000_000;

    private final Function<List<C>, List<Boolean>> write;
    private final ConcurrentLinkedQueue<Waiting<C>> queue = new ConcurrentLinkedQueue<>();
    private final ReentrantLock writing = new ReentrantLock();

    /** How many were written last; guarded by {@link #writing}. */
    private int last;

    private static final class Waiting<C> {
        private final C change;
        private boolean done;
        private boolean stored;
        private @Nullable RuntimeException failure;

        private Waiting(C change) {
            this.change = change;
        }
    }

    /** @param write writes changes in one transaction, and tells of each, in the same order, whether it was stored; all or none if it throws */
    public GroupCommit(Function<List<C>, List<Boolean>> write) {
        this.write = write;
    }

    /**
     * Returns when the change is durable, or was not to be made.
     *
     * @return whether it was stored
     */
    public boolean store(C change) {
        if (TransactionSynchronizationManager.isActualTransactionActive()) {
            throw new IllegalStateException("within a transaction, in which the changes of others would be written");
        }
        Waiting<C> mine = new Waiting<>(change);
        queue.add(mine);
        writing.lock(); // orders what others have written into mine before what is read of it below
        try {
            while (!mine.done) {
                writeNext();
            }
        } finally {
            writing.unlock();
        }
        if (mine.failure != null) {
            throw mine.failure;
        }
        return mine.stored;
    }

    private void writeNext() {
        if (last >= CROWD) {
            LockSupport.parkNanos(GATHER_NANOS);
        }
        List<Waiting<C>> group = new ArrayList<>();
        for (Waiting<C> next = queue.poll(); next != null; next = group.size() < MOST ? queue.poll() : null) {
            group.add(next);
        }
        last = group.size();
        try {
            write(group);
        } catch (RuntimeException e) {
            if (group.size() > 1 && mayBeOne(e)) {
                group.forEach(this::alone);
            } else {
                group.forEach(waiting -> waiting.failure = e);
            }
        } catch (Error e) {
            group.forEach(waiting -> waiting.failure = new IllegalStateException("not stored", e));
        } finally {
            group.forEach(waiting -> waiting.done = true);
        }
    }

    /** Whether one of the changes may be what cannot be stored. A database that is away, or a row that others hold, fails each of them, one after the other. */
    private static boolean mayBeOne(RuntimeException e) {
        return e instanceof DataIntegrityViolationException || !(e instanceof NestedRuntimeException);
    }

    private void alone(Waiting<C> waiting) {
        try {
            write(List.of(waiting));
        } catch (RuntimeException e) {
            waiting.failure = e;
        }
    }

    private void write(List<Waiting<C>> group) {
        List<Boolean> stored = write.apply(group.stream().map(waiting -> waiting.change).toList());
        for (int i = 0; i < stored.size(); i++) {
            group.get(i).stored = stored.get(i);
        }
    }
}
