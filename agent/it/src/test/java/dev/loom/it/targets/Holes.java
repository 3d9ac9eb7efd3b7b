package dev.loom.it.targets;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Constructor;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * One worker, "a", or two, in a situation that the first argument names; {@code virtual} as the second makes them virtual threads.
 * Commands: {@code job NAME}, {@code turn NAME}, {@code leave NAME}: what a worker finds in its queue; {@code linking}: whether a worker is
 * held up where it links its first update point; {@code link}: lets it go on.
 */
public final class Holes {

    private static final Board BOARD = Board.of("holes");

    private static final LinkingLoader LINKING = new LinkingLoader();

    private final BlockingQueue<String> jobs = new LinkedBlockingQueue<>();

    private Holes() {}

    public static void main(String[] arguments) throws Exception {
        Holes a = new Holes();
        Holes b = new Holes();
        boolean isVirtual = arguments.length > 1;
        start(arguments[0], "a", a, isVirtual);
        start(arguments[0], "b", b, isVirtual);
        Bench.commands(text -> {
            if (text.equals("linking")) {
                return Boolean.toString(LINKING.reached.getCount() == 0);
            }
            if (text.equals("link")) {
                LINKING.goOn.countDown();
                return "done";
            }
            String[] words = text.split(" ");
            (words[1].equals("a") ? a : b).jobs.add(words[0]);
            return "done";
        });
        Bench.run();
    }

    private static void start(String situation, String name, Holes holes, boolean isVirtual) throws Exception {
        Bench.Work work = switch (situation) {
            case "inside" -> holes::inside;
            case "hidden" -> holes::hidden;
            case "deep" -> holes::deep;
            case "linking" -> LINKING.work(holes.jobs);
            default -> throw new IllegalArgumentException(situation);
        };
        if (isVirtual) {
            Thread.class.getMethod("startVirtualThread", Runnable.class).invoke(null, Bench.prepare(name, work));
        } else {
            Bench.work(name, work);
        }
    }

    /** A loop with an update point of its own inside the region. */
    private void inside(Bench.Worker worker) throws InterruptedException {
        while (!worker.isStopped()) {
            if (jobs.take().equals("job")) {
                BOARD.in(); // @inside-in
                String turn = "turn";
                while (turn.equals("turn")) {
                    worker.beat();
                    // not take(): of a virtual thread that waits only the name of the call tells
                    turn = jobs.poll(1, TimeUnit.HOURS); // @inside-wait
                }
                BOARD.out(); // @inside-out
                worker.beat();
            }
        }
    }

    /** A local whose type to the verifier is a class that this one may not name. */
    private void hidden(Bench.Worker worker) throws InterruptedException, IOException {
        while (!worker.isStopped()) {
            hiddenLoop(worker);
        }
    }

    private void hiddenLoop(Bench.Worker worker) throws InterruptedException, IOException {
        var text = jobs.hashCode() == 0 ? new StringBuilder("a") : new StringBuffer("b");
        String job = "";
        while (!job.equals("leave")) {
            job = jobs.take();
            BOARD.in(); // @hidden-in
            ((Appendable) (Object) text).append(job);
            BOARD.out(); // @hidden-out
            worker.beat();
        }
    }

    /** A region that stands far below the top of the stack. */
    private void deep(Bench.Worker worker) throws InterruptedException {
        while (!worker.isStopped()) {
            String job = jobs.take();
            BOARD.in(); // @deep-in
            down(3_000, worker, job);
            BOARD.out(); // @deep-out
            worker.beat();
        }
    }

    private int down(int depth, Bench.Worker worker, String job) throws InterruptedException {
        if (depth > 0) {
            return 1 + down(depth - 1, worker, job);
        }
        worker.beat();
        if (job.equals("turn")) {
            // never waits: the JVM shows of a virtual thread that runs only the upper part of its stack
            while (jobs.isEmpty()) {
                Thread.onSpinWait();
            }
            jobs.take();
        }
        return 0;
    }

    /** The first update point that it comes to stands on a line inside the region which calls nothing. In a package of its own. */
    static final class Linking implements Bench.Work {

        private final Board board = Board.of("holes");
        private final BlockingQueue<String> jobs;

        Linking(BlockingQueue<String> jobs) {
            this.jobs = jobs;
        }

        @Override
        public void run(Bench.Worker worker) throws InterruptedException {
            long turns = 0;
            String job = "";
            while (true) {
                board.in(); // @linking-in
                turns++; // @linking-here
                board.out(); // @linking-out
                worker.beat();
                job = jobs.take();
                if (job.equals("leave")) {
                    throw new IllegalStateException("left after " + turns);
                }
            }
        }
    }

    /** Defines {@link Linking} itself, and takes its time over the class that links update points. */
    static final class LinkingLoader extends ClassLoader {

        private static final String LINKING_CLASS = "dev.loom.it.targets.Holes$Linking";

        static {
            // else the JVM holds its lock while it loads, and every verification waits for that
            registerAsParallelCapable();
        }

        final CountDownLatch reached = new CountDownLatch(1);
        final CountDownLatch goOn = new CountDownLatch(1);

        LinkingLoader() {
            super(Holes.class.getClassLoader());
        }

        Bench.Work work(BlockingQueue<String> jobs) throws ReflectiveOperationException {
            Constructor<?> maker = loadClass(LINKING_CLASS).getDeclaredConstructor(BlockingQueue.class);
            maker.setAccessible(true);
            return (Bench.Work) maker.newInstance(jobs);
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (name.equals("dev.loom.bootstrap.UpdatePointSites")) {
                reached.countDown();
                try {
                    goOn.await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }
            if (!name.equals(LINKING_CLASS)) {
                return super.loadClass(name, resolve);
            }
            synchronized (getClassLoadingLock(name)) {
                Class<?> known = findLoadedClass(name);
                if (known != null) {
                    return known;
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
}
