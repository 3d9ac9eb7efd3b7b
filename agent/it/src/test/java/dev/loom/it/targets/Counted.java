package dev.loom.it.targets;

/**
 * Workers in a counted loop that does not end for years, and that nothing in it shows to wait. Commands: {@code start NAME} and {@code finish
 * NAME}: the loop ends, and is begun anew.
 */
public final class Counted {

    private static final Board BOARD = Board.of("counted");

    private Counted() {}

    public static void main(String[] arguments) throws InterruptedException {
        Bench.commands(text -> {
            String[] words = text.split(" ");
            if (words[0].equals("start")) {
                start(words[1]);
            } else {
                Pace.finishing = words[1];
            }
            return "done";
        });
        start("old");
        Bench.run();
    }

    private static void start(String name) {
        Bench.work(name, worker -> {
            while (!worker.isStopped()) {
                loop(worker, name);
            }
        });
    }

    private static void loop(Bench.Worker worker, String name) {
        for (int turn = 0; turn < Integer.MAX_VALUE; turn++) {
            BOARD.in(); // @counted-in
            BOARD.out(); // @counted-out
            if (Pace.isOver(worker, name)) {
                return;
            }
        }
    }

    /** Waits a little, where the loop does not show it. */
    private static final class Pace {
        private static volatile String finishing = "";

        private static boolean isOver(Bench.Worker worker, String name) {
            worker.beat();
            try {
                Thread.sleep(1);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            boolean isOver = finishing.equals(name);
            if (isOver) {
                finishing = "";
            }
            return isOver;
        }
    }
}
