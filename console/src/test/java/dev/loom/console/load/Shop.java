package dev.loom.console.load;

import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.management.ObjectName;

/**
 * A program under the real agent, which does well until a file of a fault's name is there: then threads wait for each other, run a hot method, lock
 * two things in both orders, or count errors. With {@code stuck} a thread is in {@link #stay} from the beginning. Arguments: the directory of
 * the files, and {@code stuck} or nothing. Ends with its standard input.
 */
public final class Shop implements ShopMBean {

    private static final Object TILL = new Object();

    private static volatile long errors;
    private static volatile long turns;

    private Shop() {}

    public static void main(String[] arguments) throws Exception {
        Path faults = Path.of(arguments[0]);
        ManagementFactory.getPlatformMBeanServer().registerMBean(new Shop(), new ObjectName("com.acme:type=Shop"));
        run(() -> {
            quiet();
            Thread.sleep(20);
        });
        for (int i = 0; i < 3; i++) {
            run(() -> when(faults, "waits", Shop::contended));
        }
        run(() -> when(faults, "overhead", () -> {
            for (int i = 0; i < 1_000_000; i++) {
                hot();
            }
        }));
        run(() -> when(faults, "deadlock", () -> {
            synchronized (TILL) {
                Thread.sleep(5);
                pay();
            }
        }));
        run(() -> when(faults, "deadlock", Shop::pay));
        run(() -> when(faults, "errors", () -> {
            errors = errors + 1;
            Thread.sleep(100);
        }));
        if (arguments.length > 1 && arguments[1].equals("stuck")) {
            run(Shop::stay);
        }
        while (System.in.read() >= 0) {
            // until the other end closes
        }
        System.exit(0);
    }

    private interface Work {
        void run() throws InterruptedException;
    }

    private static void run(Work work) {
        Thread thread = new Thread(() -> {
            try {
                while (true) {
                    work.run();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    private static void when(Path faults, String fault, Work work) throws InterruptedException {
        if (Files.exists(faults.resolve(fault))) {
            work.run();
        } else {
            Thread.sleep(50);
        }
    }

    static void quiet() {
        turns = turns + 1;
    }

    static void contended() throws InterruptedException {
        Thread.sleep(10);
    }

    static void hot() {
        turns = turns + 1;
    }

    static void pay() throws InterruptedException {
        Thread.sleep(5);
        synchronized (TILL) {
            turns = turns + 1;
        }
    }

    static void stay() throws InterruptedException {
        Thread.sleep(Long.MAX_VALUE);
    }

    @Override
    public long getErrors() {
        return errors;
    }
}
