package dev.loom.races;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Constructor;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.slf4j.LoggerFactory;

/**
 * SLF4J 1.7.12: who asks for a logger while another thread initializes SLF4J gets one that throws events away. Each round is an
 * application of its own, as in a server that deploys them: SLF4J, its binding and the application in a class loader of their own.
 */
final class Slf4jInit implements Race {

    /** Applications that were stopped and that the server has not yet forgotten; it has a few of them, not thousands. */
    private static final int MOST_STOPPED = 10;

    /** Held, as java.util.logging does not hold its loggers. */
    private final Logger log;

    private final AtomicInteger written = new AtomicInteger();
    private final Exclusion exclusion;
    private final URL[] classPath;
    private Consumer<String> application;
    private CountDownLatch begun;
    private int stopped;

    Slf4jInit(Exclusion exclusion) {
        this.exclusion = exclusion;
        this.log = Logger.getLogger("dev.loom.races.slf4j-" + System.identityHashCode(this));
        this.classPath = classPath();
        log.setUseParentHandlers(false);
        log.addHandler(new Handler() {
            @Override
            public void publish(LogRecord event) {
                written.incrementAndGet();
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        });
    }

    private static URL[] classPath() {
        List<URL> urls = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            try {
                urls.add(new File(entry).toURI().toURL());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return urls.toArray(URL[]::new);
    }

    @Override
    @SuppressWarnings("unchecked")
    public void prepare() throws Exception {
        if (++stopped % MOST_STOPPED == 0) {
            // else they stay until metaspace is full
            System.gc();
        }
        written.set(0);
        begun = new CountDownLatch(1);
        ClassLoader loader = new URLClassLoader(classPath, ClassLoader.getPlatformClassLoader());
        Class<?> type = loader.loadClass(Application.class.getName());
        Constructor<?> constructor = type.getDeclaredConstructor();
        constructor.setAccessible(true);
        this.application = (Consumer<String>) constructor.newInstance();
    }

    @Override
    public void first() {
        exclusion.alone(() -> {
            begun.countDown();
            application.accept(log.getName());
        });
    }

    @Override
    public void second() throws InterruptedException {
        begun.await();
        exclusion.alone(() -> application.accept(log.getName()));
    }

    @Override
    public int failures() {
        return 2 - written.get();
    }

    @Override
    public int operations() {
        return 2;
    }

    /** An application, made in a loader of its own. */
    static final class Application implements Consumer<String> {

        @Override
        public void accept(String logger) {
            LoggerFactory.getLogger(logger).info("a request");
        }
    }
}
