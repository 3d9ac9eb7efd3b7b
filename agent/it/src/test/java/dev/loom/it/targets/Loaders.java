package dev.loom.it.targets;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/**
 * The same class in many loaders of its own. Command {@code load N}: N loaders define {@link Guest} at the same time, and a worker of
 * each runs it. Its class file is on the class path, or, with {@code -Dguest=DIRECTORY}, where only these loaders look; with {@code
 * -Dguest.hidden=true} they define it and do not give the file out.
 */
public final class Loaders {

    /** By name: this class must not need the guest itself. */
    private static final String GUEST = "dev.loom.it.targets.Loaders$Guest";

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
                Class<?> guest = loader.loadClass(GUEST);
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
        public InputStream getResourceAsStream(String name) {
            if (name.endsWith("Loaders$Guest.class") && System.getProperty("guest") != null) {
                try {
                    return Boolean.getBoolean("guest.hidden") ? null : open(name);
                } catch (IOException e) {
                    return null;
                }
            }
            return super.getResourceAsStream(name);
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            synchronized (getClassLoadingLock(name)) {
                Class<?> known = findLoadedClass(name);
                if (known != null) {
                    return known;
                }
                if (!name.equals(GUEST)) {
                    return super.loadClass(name, resolve);
                }
                try (InputStream in = open(name.replace('.', '/') + ".class")) {
                    byte[] bytes = in.readAllBytes();
                    return defineClass(name, bytes, 0, bytes.length);
                } catch (IOException e) {
                    throw new ClassNotFoundException(name, e);
                }
            }
        }
    }

    private static InputStream open(String file) throws IOException {
        String directory = System.getProperty("guest");
        return directory == null
                ? Loaders.class.getClassLoader().getResourceAsStream(file)
                : Files.newInputStream(Path.of(directory, file));
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
