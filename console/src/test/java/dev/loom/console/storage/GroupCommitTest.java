package dev.loom.console.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.transaction.support.TransactionSynchronizationManager;

@DisplayName("Changes that come in crowds")
@Timeout(60)
class GroupCommitTest {

    private final ExecutorService callers = Executors.newCachedThreadPool();

    @AfterEach
    void end() {
        callers.shutdownNow();
    }

    @Test
    @DisplayName("are each written once, by one writer at a time, and each caller is told of its own")
    void eachIsWrittenOnce() throws Exception {
        ConcurrentHashMap<Integer, Integer> written = new ConcurrentHashMap<>();
        AtomicInteger writers = new AtomicInteger();
        AtomicInteger overlaps = new AtomicInteger();
        GroupCommit<Integer> commit = new GroupCommit<>(group -> {
            if (writers.incrementAndGet() > 1) {
                overlaps.incrementAndGet();
            }
            group.forEach(change -> written.merge(change, 1, Integer::sum));
            writers.decrementAndGet();
            return group.stream().map(change -> change % 3 != 0).toList();
        });
        List<Future<List<Integer>>> wrong = new ArrayList<>();
        for (int caller = 0; caller < 16; caller++) {
            int first = caller * 500;
            wrong.add(callers.submit(() -> IntStream.range(first, first + 500)
                    .filter(change -> commit.store(change) != (change % 3 != 0))
                    .boxed()
                    .toList()));
        }
        for (Future<List<Integer>> each : wrong) {
            assertThat(each.get()).as("changes whose callers were told the wrong thing").isEmpty();
        }
        assertThat(overlaps).as("writers at the same time").hasValue(0);
        assertThat(written).as("changes that were written").hasSize(8_000).allSatisfy((change, times) -> assertThat(times).isEqualTo(1));
    }

    @Test
    @DisplayName("gather while one is being written, and go together in the next")
    void theyGather() throws Exception {
        List<Integer> sizes = new ArrayList<>();
        for (Future<Boolean> outcome : ten(group -> sizes.add(group.size()))) {
            assertThat(outcome.get()).isTrue();
        }
        assertThat(sizes).as("sizes of what was written together").containsExactly(1, 9);
    }

    /** The first is being written while nine others come; then {@code write} has all nine at once. */
    private List<Future<Boolean>> ten(Consumer<List<Integer>> write) throws Exception {
        CountDownLatch first = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        GroupCommit<Integer> commit = new GroupCommit<>(group -> {
            first.countDown();
            awaitOrFail(goOn);
            write.accept(group);
            return group.stream().map(change -> true).toList();
        });
        List<Future<Boolean>> all = new ArrayList<>();
        List<Thread> threads = new ArrayList<>();
        for (int change = 0; change < 10; change++) {
            int mine = change;
            FutureTask<Boolean> task = new FutureTask<>(() -> commit.store(mine));
            all.add(task);
            threads.add(new Thread(task));
        }
        threads.get(0).start();
        awaitOrFail(first);
        threads.subList(1, 10).forEach(Thread::start);
        for (Thread thread : threads.subList(1, 10)) {
            while (thread.getState() != Thread.State.WAITING) {
                Thread.onSpinWait();
            }
        }
        goOn.countDown();
        for (Thread thread : threads) {
            thread.join();
        }
        return all;
    }

    @Test
    @DisplayName("fail alone: one that cannot be stored takes no other with it")
    void oneFailsAlone() throws Exception {
        List<Future<Boolean>> all = ten(group -> {
            if (group.contains(7)) {
                throw new DataIntegrityViolationException("seven");
            }
        });
        for (int change = 0; change < 10; change++) {
            Future<Boolean> outcome = all.get(change);
            if (change == 7) {
                assertThatThrownBy(outcome::get).hasRootCauseMessage("seven");
            } else {
                assertThat(outcome.get()).as("change %d was stored", change).isTrue();
            }
        }
    }

    @Test
    @DisplayName("fail together, and once, where the database is away")
    void aDatabaseThatIsAwayIsAskedOnce() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        List<Future<Boolean>> all = ten(group -> {
            asked.incrementAndGet();
            throw new CannotCreateTransactionException("away");
        });
        for (Future<Boolean> outcome : all) {
            assertThatThrownBy(outcome::get).hasRootCauseMessage("away");
        }
        assertThat(asked).as("how often the database was asked, for one and then for nine").hasValue(2);
    }

    @Test
    @DisplayName("are refused within a transaction, which would hold what others have written")
    void notWithinATransaction() {
        GroupCommit<Integer> commit = new GroupCommit<>(group -> List.of(true));
        TransactionSynchronizationManager.setActualTransactionActive(true);
        try {
            assertThatThrownBy(() -> commit.store(1)).isInstanceOf(IllegalStateException.class).hasMessageContaining("transaction");
        } finally {
            TransactionSynchronizationManager.setActualTransactionActive(false);
        }
    }

    private static void awaitOrFail(CountDownLatch latch) {
        try {
            assertThat(latch.await(30, TimeUnit.SECONDS)).as("the others came").isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
