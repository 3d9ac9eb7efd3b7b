package dev.loom.it.compiled

import dev.loom.it.targets.Bench
import dev.loom.it.targets.Board
import dev.loom.it.targets.Shapes
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.yield

/** A loop that never ends, as kotlinc compiles it. */
class KotlinLoop : Bench.Work {

    private var count = 0L

    override fun run(worker: Bench.Worker) {
        var sum = 0L
        var half = 0.5
        val names = ArrayList<String>()
        while (!worker.isStopped) {
            try {
                BOARD.`in`() // @kotlin-in
                sum += names.size + 1
                half += 1.0
                check(sum % 3 != 0L) { "expected" }
                BOARD.out() // @kotlin-out
            } catch (expected: IllegalStateException) {
                BOARD.out() // @kotlin-handler
            } finally {
                count++
            }
            if (half != sum + 0.5) {
                throw AssertionError("locals are not what they were: $sum $half")
            }
            worker.beat()
            Shapes.pause()
        }
    }

    private companion object {
        val BOARD: Board = Board.of("KotlinLoop")
    }
}

/** A coroutine that never ends: its body is resumed at times, and then loops for a while. */
class KotlinCoroutine : Bench.Work {

    override fun run(worker: Bench.Worker) = runBlocking { loop(worker) }

    private suspend fun loop(worker: Bench.Worker) {
        var sum = 0L
        var half = 0.5
        while (!worker.isStopped) {
            BOARD.`in`() // @coroutine-in
            sum += 1
            half += 1.0
            BOARD.out() // @coroutine-out
            if (half != sum + 0.5) {
                throw AssertionError("locals are not what they were: $sum $half")
            }
            worker.beat()
            if (sum % 16 == 0L) {
                yield()
            }
            Shapes.pause()
        }
    }

    private companion object {
        val BOARD: Board = Board.of("KotlinCoroutine")
    }
}
