package dev.loom.it.compiled

import dev.loom.it.targets.Bench
import dev.loom.it.targets.Board
import dev.loom.it.targets.Shapes

/** A loop that never ends, as groovyc compiles it: every call is dynamic. */
class Groovy implements Bench.Work {

    private static final Board BOARD = Board.of('Groovy')
    private long count

    void run(Bench.Worker worker) {
        long sum = 0
        double half = 0.5
        def names = ['a', 'b']
        while (!worker.isStopped()) {
            try {
                BOARD.in() // @groovy-in
                sum += names.size() - 1
                half += 1.0
                if (sum % 3 == 0) {
                    throw new IllegalStateException('expected')
                }
                BOARD.out()
            } catch (IllegalStateException expected) {
                BOARD.out()
            } finally {
                count++ // @groovy-finally
            }
            if (half != sum + 0.5d) {
                throw new Error("locals are not what they were: $sum $half")
            }
            worker.beat()
            Shapes.pause()
        }
    }
}
