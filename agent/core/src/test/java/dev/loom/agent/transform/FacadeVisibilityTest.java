package dev.loom.agent.transform;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class FacadeVisibilityTest {

    private final FacadeVisibility visibility = new FacadeVisibility();

    /** Hides the facade, as module systems do. */
    private static final class Hiding extends ClassLoader {

        static {
            registerAsParallelCapable();
        }

        private final Consumer<ClassLoader> asked;

        Hiding(Consumer<ClassLoader> asked) {
            this.asked = asked;
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (name.startsWith("dev.loom.bootstrap.")) {
                asked.accept(this);
                throw new ClassNotFoundException(name);
            }
            return super.loadClass(name, resolve);
        }
    }

    @Test
    void while_one_thread_asks_a_loader_another_gets_no_hasty_answer() throws Exception {
        CountDownLatch answer = new CountDownLatch(1);
        AtomicInteger asked = new AtomicInteger();
        ClassLoader loader = new Hiding(self -> {
            asked.incrementAndGet();
            try {
                answer.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        List<Boolean> answers = new CopyOnWriteArrayList<>();
        Thread first = new Thread(() -> answers.add(visibility.isSeenBy(loader)));
        Thread second = new Thread(() -> answers.add(visibility.isSeenBy(loader)));
        first.start();
        while (asked.get() < 1) {
            Thread.yield();
        }
        second.start();
        while (asked.get() < 2 && second.isAlive()) {
            Thread.yield();
        }
        answer.countDown();
        first.join();
        second.join();
        assertEquals(List.of(false, false), answers, "a class was woven that fails with NoClassDefFoundError");
    }

    @Test
    void a_class_that_comes_while_its_thread_asks_stays_as_it_is() {
        List<Boolean> inner = new CopyOnWriteArrayList<>();
        ClassLoader loader = new Hiding(self -> inner.add(visibility.isSeenBy(self)));
        assertFalse(visibility.isSeenBy(loader));
        assertEquals(List.of(false), inner, "a class was woven before it was known whether it sees the facade");
    }
}
