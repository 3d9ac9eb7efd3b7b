package com.acme

class Counter {
    var n = 0

    suspend fun inc() {
        val v = n
        kotlinx.coroutines.yield()
        n = v + 1
    }
}
