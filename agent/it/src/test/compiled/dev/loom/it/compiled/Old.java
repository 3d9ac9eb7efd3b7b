package dev.loom.it.compiled;

import dev.loom.it.targets.Bench;
import dev.loom.it.targets.Board;
import dev.loom.it.targets.Shapes;

/** A loop that never ends, in Java as it was in 2000; compiled by ecj, for several versions of class files, under several names. */
public class Old implements Bench.Work {

    private static final Board BOARD = Board.of("Old");
    private long count;

    public void run(Bench.Worker worker) throws Exception {
        long sum = 0;
        double half = 0.5;
        StringBuffer text = new StringBuffer();
        while (!worker.isStopped()) {
            try {
                BOARD.in(); // @old-in
                sum += step(text);
                half += 1.0;
                if (sum % 3 == 0) {
                    throw new IllegalStateException("expected");
                }
                BOARD.out(); // @old-out
            } catch (IllegalStateException expected) {
                BOARD.out(); // @old-handler
            } finally {
                count++;
            }
            if (half != sum + 0.5) {
                throw new Error("locals are not what they were: " + sum + " " + half);
            }
            worker.beat();
            Shapes.pause();
        }
    }

    private static int step(StringBuffer text) {
        text.append('x');
        int length = text.length();
        text.setLength(0);
        return length;
    }
}
