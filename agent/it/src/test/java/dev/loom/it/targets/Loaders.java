package dev.loom.it.targets;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/**
 * The same class in many loaders of its own. Commands: {@code load N}: N loaders define {@link Guest} at the same time, and a worker of
 * each runs it; {@code redefine}: nothing here does that, another agent does.
 */
public final class Loaders {

    static final List<Own> LOADERS = new ArrayList<>();

    private Loaders() {}

    public static void main(String[] arguments) throws InterruptedException {
        if (arguments.length > 0) {
            load(Integer.parseInt(arguments[0]));
        }
        Bench.commands(text -> {
            load(Integer.parseInt(text.substring("load ".length())));
            return Integer.toString(LOADERS.size());
        });
        Bench.run();
    }

    private static synchronized void load(int count) {
        CountDownLatch together = new CountDownLatch(1);
        for (int i = 0; i < count; i++) {
            Own loader = new Own();
            LOADERS.add(loader);
            int number = LOADERS.size();
            Bench.work("guest-" + number, worker -> {
                together.await();
                Class<?> guest = loader.loadClass(Guest.class.getName());
                ((Bench.Work) guest.getDeclaredConstructor().newInstance()).run(worker);
            });
        }
        together.countDown();
    }

    /** Defines the guest itself and leaves the rest to its parent. */
    static final class Own extends ClassLoader {
        Own() {
            super(Loaders.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            synchronized (getClassLoadingLock(name)) {
                Class<?> known = findLoadedClass(name);
                if (known != null) {
                    return known;
                }
                if (!name.equals(Guest.class.getName())) {
                    return super.loadClass(name, resolve);
                }
                try (InputStream in = getResourceAsStream(name.replace('.', '/') + ".class")) {
                    byte[] bytes = in.readAllBytes();
                    return defineClass(name, bytes, 0, bytes.length);
                } catch (IOException e) {
                    throw new ClassNotFoundException(name, e);
                }
            }
        }
    }

    /** Work that comes in many copies. */
    public static final class Guest implements Bench.Work {
        private static final Object PAUSE = new Object();

        @Override
        public void run(Bench.Worker worker) throws Exception {
            while (!worker.isStopped()) {
                Board.of("guest").in(); // @guest-in
                Board.of("guest").out(); // @guest-out
                worker.beat();
                synchronized (PAUSE) {
                    PAUSE.wait(1);
                }
            }
        }
    }
}
