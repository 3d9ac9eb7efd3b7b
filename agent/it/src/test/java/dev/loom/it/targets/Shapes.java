package dev.loom.it.targets;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongUnaryOperator;
import java.util.function.Supplier;

/**
 * Workers that are in their loops for ever, with regions of every shape. Arguments: threads for each shape, then the shapes, none for
 * all.
 */
public final class Shapes {

    private static final long PAUSE = 200_000;

    private Shapes() {}

    public static void main(String[] arguments) throws InterruptedException {
        int threads = arguments.length == 0 ? 2 : Integer.parseInt(arguments[0]);
        List<String> wanted = Arrays.asList(arguments).subList(Math.min(1, arguments.length), arguments.length);
        for (Shape shape : all(wanted.contains("slow"))) {
            if (wanted.isEmpty() || wanted.contains(shape.name)) {
                Bench.Work work = shape.maker.get();
                for (int i = 0; i < threads; i++) {
                    Bench.work(shape.name + "-" + i, work);
                }
            }
        }
        Bench.run();
    }

    private record Shape(String name, Supplier<Bench.Work> maker) {}

    private static List<Shape> all(boolean slow) {
        List<Shape> shapes = new ArrayList<>();
        shapes.add(new Shape("take", () -> new Take()::work));
        shapes.add(new Shape("compute", () -> Compute::work));
        shapes.add(new Shape("thrown", () -> new Thrown()::work));
        shapes.add(new Shape("caught", () -> new Caught()::work));
        shapes.add(new Shape("final", () -> new Final()::work));
        shapes.add(new Shape("jumps", () -> new Jumps()::work));
        shapes.add(new Shape("span", () -> new Span()::work));
        shapes.add(new Shape("sync", () -> new Sync()::work));
        shapes.add(new Shape("monitor", () -> new Monitor()::work));
        shapes.add(new Shape("methods", () -> new Methods()::work));
        shapes.add(new Shape("recursion", () -> new Recursion()::work));
        shapes.add(new Shape("self", () -> Keyed::workOnSelf));
        shapes.add(new Shape("argument", () -> Keyed::workOnArgument));
        shapes.add(new Shape("field", () -> Keyed::workOnField));
        shapes.add(new Shape("readers", () -> new Shared()::read));
        shapes.add(new Shape("writers", () -> new Shared()::write));
        shapes.add(new Shape("wide", () -> new Wide()::work));
        if (slow) {
            shapes.add(new Shape("slow", () -> new Slow()::work));
        }
        return shapes;
    }

    /** The filter for each shape is in ShapesTest. */
    public static void pause() {
        LockSupport.parkNanos(PAUSE);
    }

    /** A worker that waits for its next job. */
    static final class Take {
        private final Board board = Board.of("take");
        private final BlockingQueue<Integer> jobs = new ArrayBlockingQueue<>(4);

        Take() {
            Bench.work("take-feeder", worker -> {
                for (int i = 0; ; i++) {
                    jobs.put(i);
                    worker.beat();
                    pause();
                }
            });
        }

        void work(Bench.Worker worker) throws InterruptedException {
            long sum = 0;
            while (!worker.isStopped()) {
                int job = jobs.take();
                board.in(); // @take-in
                sum += job;
                board.out(); // @take-out
                worker.beat();
            }
            Bench.error("impossible " + sum);
        }
    }

    /** A loop that never waits; the JIT compiles it while it runs. */
    static final class Compute {
        private static final Board BOARD = Board.of("compute");

        static void work(Bench.Worker worker) {
            long x = 88172645463325252L;
            double sum = 0;
            while (true) {
                for (int i = 0; i < 2_000; i++) {
                    x ^= x << 13;
                    x ^= x >>> 7;
                    x ^= x << 17;
                    sum += x & 15;
                }
                BOARD.in(); // @compute-in
                sum = sum / 2;
                BOARD.out(); // @compute-out
                worker.beat();
                if (sum < 0) {
                    return;
                }
                if ((x & 15) == 0) {
                    pause();
                }
            }
        }
    }

    /** The region is left by an exception that goes out of the method. */
    static final class Thrown {
        private final Board board = Board.of("thrown");
        private final AtomicLong turn = new AtomicLong();

        void work(Bench.Worker worker) {
            while (!worker.isStopped()) {
                try {
                    step();
                } catch (IllegalStateException expected) {
                    worker.beat();
                }
                pause();
            }
        }

        private void step() {
            board.in(); // @thrown-in
            if (turn.incrementAndGet() % 3 != 0) {
                board.out();
                throw new IllegalStateException("expected"); // @thrown-throw
            }
            board.out(); // @thrown-out
        }
    }

    /** The region is left by an exception that the same method catches; its loop never ends. */
    static final class Caught {
        private final Board board = Board.of("caught");

        void work(Bench.Worker worker) {
            int turn = 0;
            while (!worker.isStopped()) {
                try {
                    board.in(); // @caught-in
                    fail(++turn);
                    board.out(); // @caught-out
                } catch (IllegalStateException expected) {
                    board.out(); // @caught-handler
                }
                worker.beat();
                pause();
            }
        }

        private static void fail(int turn) {
            if (turn % 2 == 0) {
                throw new IllegalStateException("expected");
            }
        }
    }

    /** The exit line is in a finally block. */
    static final class Final {
        private final Board board = Board.of("final");

        void work(Bench.Worker worker) {
            int turn = 0;
            while (!worker.isStopped()) {
                try {
                    step(++turn);
                } catch (IllegalStateException expected) {
                    worker.beat();
                }
                worker.beat();
                pause();
            }
        }

        private int step(int turn) {
            try {
                board.in(); // @final-in
                if (turn % 3 == 0) {
                    throw new IllegalStateException("expected");
                }
                if (turn % 3 == 1) {
                    return turn;
                }
            } finally {
                board.out(); // @final-out
            }
            return 0;
        }
    }

    /** The region is left by break, continue and return, in loops of its own. */
    static final class Jumps {
        private final Board board = Board.of("jumps");

        void work(Bench.Worker worker) {
            int turn = 0;
            while (!worker.isStopped()) {
                turn += step(turn);
                worker.beat();
                pause();
            }
        }

        private int step(int turn) {
            outer:
            for (int i = 0; ; i++) {
                board.in(); // @jumps-in
                if ((turn + i) % 4 == 0) {
                    board.out(); // @jumps-continue
                    continue;
                }
                if ((turn + i) % 4 == 1) {
                    board.out(); // @jumps-break
                    break outer;
                }
                if ((turn + i) % 4 == 2) {
                    board.out();
                    return 1; // @jumps-return
                }
                board.out(); // @jumps-out
            }
            return 2;
        }
    }

    /** Enters in one method and leaves in another; what both have in common is their caller. */
    static final class Span {
        private final Board board = Board.of("span");

        void work(Bench.Worker worker) {
            while (!worker.isStopped()) {
                both();
                worker.beat();
                pause();
            }
        }

        void both() {
            enter();
            leave();
        }

        private void enter() {
            board.in();
        }

        private void leave() {
            board.out();
        }
    }

    /** A synchronized method, of an object that each worker has for itself. */
    static final class Sync {
        private final Board board = Board.of("sync");

        void work(Bench.Worker worker) {
            Own own = new Own();
            while (!worker.isStopped()) {
                own.step(board);
                worker.beat();
                pause();
            }
        }

        static final class Own {
            private int count;

            synchronized void step(Board board) {
                count++;
                board.in(); // @sync-in
                count++;
                board.out(); // @sync-out
            }
        }
    }

    /** A region behind, and one around, a synchronized block. */
    static final class Monitor {
        private final Board board = Board.of("monitor");
        private int count;

        void work(Bench.Worker worker) {
            Object own = new Object();
            while (!worker.isStopped()) {
                synchronized (own) {
                    count++;
                }
                board.in(); // @monitor-in
                synchronized (own) {
                    count++;
                }
                board.out(); // @monitor-out
                worker.beat();
                pause();
            }
        }
    }

    /** Whole methods of every kind: static, private, varargs, generic with a bridge, a default of an interface, a lambda. */
    static final class Methods {
        private static final Board BOARD = Board.of("methods");
        private final Hook<String> hook = new Hooked();
        private final LongUnaryOperator lambda = x -> {
            BOARD.in(); // @methods-lambda-in
            long y = x + 1;
            BOARD.out(); // @methods-lambda-out
            return y;
        };

        void work(Bench.Worker worker) {
            while (!worker.isStopped()) {
                ofClass(1, 2.0);
                ofObject(3L);
                many("a", "b");
                hook.apply("x");
                hook.twice("y");
                lambda.applyAsLong(1);
                worker.beat();
                pause();
            }
        }

        private static double ofClass(int a, double b) {
            BOARD.in();
            double c = a + b;
            BOARD.out();
            return c;
        }

        private long ofObject(long a) {
            BOARD.in();
            long b = a + 1;
            BOARD.out();
            return b;
        }

        private int many(String... some) {
            BOARD.in();
            int count = some.length;
            BOARD.out();
            return count;
        }

        interface Hook<T> {
            T apply(T value);

            default T twice(T value) {
                BOARD.in();
                T same = value;
                BOARD.out();
                return same;
            }
        }

        static final class Hooked implements Hook<String> {
            @Override
            public String apply(String value) {
                BOARD.in();
                String more = value + "!";
                BOARD.out();
                return more;
            }
        }
    }

    /** A method that calls itself inside its region. */
    static final class Recursion {
        private final Board board = Board.of("recursion");

        void work(Bench.Worker worker) {
            while (!worker.isStopped()) {
                down(4);
                worker.beat();
                pause();
            }
        }

        void down(int depth) {
            if (depth == 4) {
                board.in();
            }
            if (depth > 0) {
                down(depth - 1);
            }
            if (depth == 4) {
                board.out();
            }
        }
    }

    /** Regions with keys: the same key excludes, others do not. */
    static final class Keyed {
        private static final Keyed[] SOME = {new Keyed(0), new Keyed(1)};
        private final Board board;
        private final Board argumentBoard;
        private final Board fieldBoard;
        private final Keyed other;
        private final AtomicLong turn = new AtomicLong();

        Keyed(int number) {
            board = Board.of("self").another(number);
            argumentBoard = Board.of("argument").another(number);
            fieldBoard = Board.of("field").another(number);
            other = this;
        }

        static void workOnSelf(Bench.Worker worker) {
            for (int i = 0; !worker.isStopped(); i++) {
                SOME[i & 1].self();
                worker.beat();
                pause();
            }
        }

        static void workOnArgument(Bench.Worker worker) {
            for (int i = 0; !worker.isStopped(); i++) {
                argument(SOME[i & 1]);
                worker.beat();
                pause();
            }
        }

        static void workOnField(Bench.Worker worker) {
            for (int i = 0; !worker.isStopped(); i++) {
                SOME[i & 1].field();
                worker.beat();
                pause();
            }
        }

        void self() {
            board.in(); // @self-in
            turn.incrementAndGet();
            board.out(); // @self-out
        }

        static void argument(Keyed some) {
            some.argumentBoard.in();
            some.turn.incrementAndGet();
            some.argumentBoard.out();
        }

        void field() {
            fieldBoard.in(); // @field-in
            turn.incrementAndGet();
            fieldBoard.out(); // @field-out
        }
    }

    /** Readers that may be together, writers that may not. */
    static final class Shared {
        private static final Board BOARD = Board.of("shared");

        void read(Bench.Worker worker) {
            while (!worker.isStopped()) {
                BOARD.sharedIn(); // @read-in
                Thread.yield();
                BOARD.sharedOut(); // @read-out
                worker.beat();
                pause();
            }
        }

        void write(Bench.Worker worker) {
            while (!worker.isStopped()) {
                BOARD.in(); // @write-in
                BOARD.out(); // @write-out
                worker.beat();
                pause();
            }
        }
    }

    /** Locals of every type, checked after each turn. */
    static final class Wide {
        private final Board board = Board.of("wide");

        void work(Bench.Worker worker) {
            long a = 1;
            double b = 2;
            float c = 3;
            byte d = 4;
            char e = '5';
            boolean f = true;
            int[] g = {6};
            String h = "7";
            Object nothing = null;
            List<String> list = new ArrayList<>();
            long turn = 0;
            while (!worker.isStopped()) {
                board.in(); // @wide-in
                a++;
                b += 1;
                c = (float) (c + 1);
                if (c > 1_000_000) {
                    c = 3;
                }
                d++;
                g[0]++;
                list.add(h);
                board.out(); // @wide-out
                turn++;
                boolean right = a == turn + 1 && b == turn + 2 && (byte) (turn + 4) == d && e == '5' && f && g[0] == turn + 6
                        && nothing == null && list.size() == 1 && list.get(0).equals("7");
                if (!right) {
                    throw new AssertionError("locals are not what they were: " + a + " " + b + " " + c + " " + d + " " + e + " " + f
                            + " " + g[0] + " " + list + " at turn " + turn);
                }
                list.clear();
                worker.beat();
                pause();
            }
        }
    }

    /** Regions that last, so that there is nearly always somebody inside. */
    static final class Slow {
        private static final long INSIDE = 20_000_000;
        private final Board board = Board.of("slow");

        void work(Bench.Worker worker) {
            while (!worker.isStopped()) {
                board.in(); // @slow-in
                LockSupport.parkNanos(INSIDE);
                board.out(); // @slow-out
                worker.beat();
            }
        }
    }
}
