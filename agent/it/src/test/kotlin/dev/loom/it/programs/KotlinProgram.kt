package dev.loom.it.programs

import kotlin.system.exitProcess
import kotlinx.coroutines.CoroutineExceptionHandler
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.Job
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.TimeoutCancellationException
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.asFlow
import kotlinx.coroutines.flow.buffer
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.flow.flowOn
import kotlinx.coroutines.flow.map
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.selects.select
import kotlinx.coroutines.sync.Mutex
import kotlinx.coroutines.sync.withLock
import kotlinx.coroutines.withContext
import kotlinx.coroutines.withTimeout
import kotlinx.coroutines.yield

/** Coroutines of many kinds: channels, flows, select, a mutex, timeouts, failures, deep suspended recursion; prints what they compute. */
object KotlinProgram {

    @JvmStatic
    fun main(args: Array<String>) {
        runBlocking { all() }
        exitProcess(0)
    }

    private suspend fun all() {
        println("RESULT pipeline ${pipeline()}")
        println("RESULT mutex ${mutex()}")
        println("RESULT flow ${flows()}")
        println("RESULT select ${selected()}")
        println("RESULT recursion ${recursion(400)}")
        println("RESULT timeout ${timeout()}")
        println("RESULT failure ${failure()}")
        println("RESULT sequence ${sequence { var a = 0L; var b = 1L; while (true) { yield(a); val c = a + b; a = b; b = c } }.take(60).last()}")
        println("END")
    }

    private suspend fun pipeline(): Long = coroutineScope {
        val numbers = Channel<Int>(4)
        val squares = Channel<Long>(4)
        launch(Dispatchers.Default) {
            for (i in 1..20_000) numbers.send(i)
            numbers.close()
        }
        val workers = List(4) {
            launch(Dispatchers.Default) { for (n in numbers) squares.send(n.toLong() * n) }
        }
        launch {
            workers.forEach { it.join() }
            squares.close()
        }
        var sum = 0L
        for (square in squares) sum += square
        sum
    }

    private suspend fun mutex(): Int {
        val mutex = Mutex()
        var count = 0
        withContext(Dispatchers.Default) {
            List(8) {
                launch {
                    repeat(2_000) {
                        mutex.withLock { count++ }
                        if (it % 50 == 0) yield()
                    }
                }
            }
        }
        return count
    }

    private suspend fun flows(): Int =
        flow { for (i in 1..3_000) { if (i % 100 == 0) delay(1); emit(i) } }
            .map { it * 3 }
            .buffer(16)
            .flowOn(Dispatchers.Default)
            .toList()
            .let { list -> list.hashCode() + (1..50).asFlow().map { it * it }.toList().sum() }

    private suspend fun selected(): Long = coroutineScope {
        val left = Channel<Int>()
        val right = Channel<Int>()
        launch(Dispatchers.Default) { for (i in 1..1_000) left.send(i) }
        launch(Dispatchers.Default) { for (i in 1..1_000) right.send(-2 * i) }
        var sum = 0L
        repeat(2_000) {
            sum += select<Int> {
                left.onReceive { it }
                right.onReceive { it }
            }
        }
        sum
    }

    private suspend fun recursion(depth: Int): Long {
        if (depth == 0) {
            yield()
            return 1
        }
        if (depth % 40 == 0) yield()
        return recursion(depth - 1) * 31 + depth
    }

    private suspend fun timeout(): String = try {
        withTimeout(50) {
            while (true) delay(5)
            @Suppress("UNREACHABLE_CODE")
            "never"
        }
    } catch (e: TimeoutCancellationException) {
        "cancelled"
    }

    private suspend fun failure(): String {
        val told = Channel<String>(1)
        val scope = CoroutineScope(SupervisorJob() + Dispatchers.Default + CoroutineExceptionHandler { _, e -> told.trySend("$e") })
        scope.launch { error("expected") }
        val seen = told.receive()
        val rest = List(100) { i -> scope.async { try { if (i % 3 == 0) error("no") else i } catch (e: IllegalStateException) { -1 } finally { yield() } } }
        val sum = rest.awaitAll().sum()
        scope.coroutineContext[Job]!!.cancel()
        return "$seen $sum"
    }
}
