package dev.loom.agent.stack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class ThreadsTest {

    private final AtomicReference<Throwable> asked = new AtomicReference<>();
    private final Object monitor = new Object();
    private final CountDownLatch held = new CountDownLatch(1);
    private final CountDownLatch end = new CountDownLatch(1);

    /** Holds a monitor, and counts who asks for its number. */
    private final class Odd extends Thread {
        @Override
        @SuppressWarnings("deprecation")
        public long getId() {
            Throwable here = new Throwable();
            // Threads itself asks in a JVM that was not opened for it, as this one
            if (Arrays.stream(here.getStackTrace()).anyMatch(frame -> frame.getClassName().startsWith("java.lang.management."))) {
                asked.set(here);
            }
            return 1;
        }

        @Override
        public void run() {
            synchronized (monitor) {
                held.countDown();
                try {
                    end.await();
                } catch (InterruptedException e) {
                    interrupt();
                }
            }
        }
    }

    @Test
    void aThreadThatWaitsForOneWithANumberOfItsOwnIsSeenWithoutAskingIt() throws InterruptedException {
        Odd odd = new Odd();
        Thread waiter = new Thread(() -> {
            synchronized (monitor) {
                end.countDown();
            }
        });
        try {
            odd.start();
            held.await();
            waiter.start();
            while (waiter.getState() != Thread.State.BLOCKED) {
                Thread.onSpinWait();
            }
            asked.set(null);
            assertTrue(Threads.platform().contains(odd), "the thread is not listed");
            Threads.info(waiter, 10);
            Threads.info(odd, 10);
            List<ThreadLook> looks = Threads.look(List.of(waiter, odd), 10);
            assertNull(asked.get(), () -> "the JDK called the application's getId for Loom: " + Arrays.toString(asked.get().getStackTrace()));
            assertEquals(2, looks.size(), "a thread is missing");
            assertEquals(Thread.State.BLOCKED, looks.get(0).state());
            assertTrue(looks.get(1).frames().length > 0, "the stack of the odd thread is missing");
        } finally {
            end.countDown();
            odd.join();
            waiter.join();
            Threads.platform();
        }
    }
}
