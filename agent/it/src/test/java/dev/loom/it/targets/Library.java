package dev.loom.it.targets;

import java.util.Vector;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** Workers that meet in classes of the JDK: in a Vector that they fill, and in a logger. */
public final class Library {

    private static final Board LOG = Board.of("log");
    private static final Vector<String> VECTOR = new Vector<>();

    private Library() {}

    public static void main(String[] arguments) throws InterruptedException {
        Logger logger = Logger.getLogger("dev.loom.it.library");
        logger.setUseParentHandlers(false);
        logger.setLevel(Level.ALL);
        logger.addHandler(new Handler() {
            @Override
            public void publish(LogRecord line) {
                LOG.in();
                LOG.out();
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        });
        for (int i = 0; i < 3; i++) {
            Bench.work("worker-" + i, worker -> {
                while (!worker.isStopped()) {
                    logger.info("line");
                    VECTOR.addElement("x");
                    if (VECTOR.size() > 100) {
                        VECTOR.clear();
                    }
                    worker.beat();
                    Shapes.pause();
                }
            });
        }
        Bench.run();
    }
}
