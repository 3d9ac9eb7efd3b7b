package host;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Threads that overlap in {@code region}, and a rotation in which nobody is to count. Says twice a second how often each went wrong; ends
 * when its standard input does.
 */
public final class Host {

    private static final AtomicInteger INSIDE = new AtomicInteger();
    private static final AtomicLong OVERLAPS = new AtomicLong();
    private static final AtomicLong VIOLATIONS = new AtomicLong();
    private static final AtomicLong TURNS = new AtomicLong();
    private static final AtomicLong ROTATIONS = new AtomicLong();
    private static volatile boolean rotating;

    private Host() {}

    static void region() {
        if (INSIDE.incrementAndGet() > 1) {
            OVERLAPS.incrementAndGet();
        }
        Thread.yield();
        INSIDE.decrementAndGet();
    }

    static void count() {
        if (rotating) {
            VIOLATIONS.incrementAndGet();
        }
        TURNS.incrementAndGet();
    }

    static void rotate() throws InterruptedException {
        rotating = true;
        Thread.sleep(10);
        rotating = false;
        ROTATIONS.incrementAndGet();
    }

    private static void worker() {
        while (true) {
            region();
            count();
            try {
                Thread.sleep(0, 200_000);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private static void say() {
        long overlaps = 0;
        long violations = 0;
        long turns = 0;
        long rotations = 0;
        while (true) {
            try {
                Thread.sleep(500);
            } catch (InterruptedException e) {
                return;
            }
            System.out.println("overlaps " + (OVERLAPS.get() - overlaps) + " violations " + (VIOLATIONS.get() - violations) + " turns "
                    + (TURNS.get() - turns) + " rotations " + (ROTATIONS.get() - rotations));
            overlaps = OVERLAPS.get();
            violations = VIOLATIONS.get();
            turns = TURNS.get();
            rotations = ROTATIONS.get();
        }
    }

    /** @param args {@code mocks}: has Mockito, which is then on the class path, instrument classes of the JDK */
    public static void main(String[] args) throws Exception {
        if (args.length > 0 && args[0].equals("mocks")) {
            for (String type : new String[] {"java.lang.Thread", "java.util.concurrent.locks.ReentrantLock", "java.lang.Object"}) {
                Class.forName("org.mockito.Mockito").getMethod("mock", Class.class).invoke(null, Class.forName(type));
            }
        }
        for (int i = 0; i < 3; i++) {
            daemon(Host::worker, "worker-" + i);
        }
        daemon(Host::say, "says");
        daemon(() -> {
            try {
                while (true) {
                    rotate();
                    Thread.sleep(90);
                }
            } catch (InterruptedException e) {
                // it ends
            }
        }, "rotates");
        while (System.in.read() >= 0) {
            // until it is closed
        }
        System.out.println("CLEAN");
    }

    private static void daemon(Runnable body, String name) {
        Thread thread = new Thread(body, name);
        thread.setDaemon(true);
        thread.start();
    }
}
