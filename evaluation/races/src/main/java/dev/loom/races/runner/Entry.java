package dev.loom.races.runner;

import java.util.List;

/**
 * A race, as the tables name it.
 *
 * @param race its name
 * @param library with the race
 * @param kind of race
 * @param symptom that a user sees
 */
record Entry(String race, String library, String kind, String symptom) {

    /** In the order of the tables. */
    static final List<Entry> ALL = List.of(
            new Entry("caffeine193", "Caffeine 2.9.3", "atomicity, on virtual threads", "an invalidated entry comes back"),
            new Entry("dbcp369", "commons-dbcp 1.4", "data race", "ConcurrentModificationException"),
            new Entry("exec-cancel", "commons-exec 1.1", "order", "a cancelled program runs on"),
            new Entry("gson764", "gson 2.8.0", "order or atomicity", "IllegalStateException from an incomplete adapter"),
            new Entry("guava1881", "guava 19.0", "atomicity", "a stale value stays in the cache"),
            new Entry("hikari1795", "HikariCP 3.4.5", "atomicity", "a closed data source leaves a live pool"),
            new Entry("koin-close", "Koin 3.0.1 (Kotlin)", "atomicity", "a component lives in a closed scope"),
            new Entry("lang481", "commons-lang 2.4", "data race", "a partial hash code"),
            new Entry("log4j-iso8601", "log4j 1.2.17", "data race", "a wrong time in the log"),
            new Entry("log4j2-date", "log4j-core 2.0.2", "data race", "another event's time in the log"),
            new Entry("logback-interrupt", "logback-core 1.0.13", "atomicity, in a live loop", "a log line is lost"),
            new Entry("logback-lost", "logback-core 1.2.3", "atomicity", "an accepted event is never written"),
            new Entry("logback139", "logback 0.9.15", "deadlock", "two threads wait for each other"),
            new Entry("lucene651", "lucene-core 2.0.0", "atomicity", "callers go on with different arrays"),
            new Entry("mybatis384", "mybatis 3.2.2", "atomicity", "IllegalAccessException from a getter"),
            new Entry("netty8563", "netty-buffer 4.1.20", "atomicity", "retain() of a freed buffer succeeds"),
            new Entry("pool12-evictor", "commons-pool 1.2", "atomicity, in a live loop", "an object leaks after close()"),
            new Entry("quartz-twice", "Quartz 2.3.2", "atomicity", "a scheduler is made twice, one caller fails"),
            new Entry("slf4j-init", "slf4j-api 1.7.12", "order", "events are thrown away"),
            new Entry("tomcat53498", "tomcat-embed-core 7.0.28", "atomicity", "an attribute is removed twice"));
}
