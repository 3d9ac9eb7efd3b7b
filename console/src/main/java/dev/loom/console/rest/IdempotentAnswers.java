package dev.loom.console.rest;

import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Repository;

/** The table of answers to POSTs that may be repeated. */
@Repository
class IdempotentAnswers {

    /** How long an answer is kept. */
    private static final Duration KEEP = Duration.ofHours(24);
    /** After this a request without an answer is taken for dead. */
    private static final Duration AT_WORK = Duration.ofMinutes(2);

    private final JdbcClient jdbc;
    private final Clock clock;

    /** An answer; status null while the first request is at work. */
    record Answer(String hash, @Nullable Integer status, String headers, String body) {}

    IdempotentAnswers(JdbcClient jdbc, Clock clock) {
        this.jdbc = jdbc;
        this.clock = clock;
    }

    /** Whether this is the first request with that key. */
    boolean begin(String actor, String key, String hash) {
        jdbc.sql("delete from idempotent_answer where actor = ? and idem_key = ? and (created_at < ? or (status is null and created_at < ?))")
                .params(actor, key, clock.millis() - KEEP.toMillis(), clock.millis() - AT_WORK.toMillis())
                .update();
        try {
            jdbc.sql("insert into idempotent_answer (actor, idem_key, request_hash, created_at) values (?, ?, ?, ?)")
                    .params(actor, key, hash, clock.millis())
                    .update();
            return true;
        } catch (DuplicateKeyException e) {
            return false;
        }
    }

    void keep(String actor, String key, int status, String headers, String body) {
        jdbc.sql("update idempotent_answer set status = ?, headers = ?, body = ? where actor = ? and idem_key = ?")
                .params(status, headers, body, actor, key)
                .update();
    }

    void forget(String actor, String key) {
        jdbc.sql("delete from idempotent_answer where actor = ? and idem_key = ?").params(actor, key).update();
    }

    Optional<Answer> find(String actor, String key) {
        return jdbc.sql("select * from idempotent_answer where actor = ? and idem_key = ?")
                .params(actor, key)
                .query((row, n) -> new Answer(
                        row.getString("request_hash"), row.getObject("status", Integer.class), row.getString("headers"), row.getString("body")))
                .optional();
    }

    @Scheduled(fixedDelay = 3_600_000, initialDelay = 60_000)
    void prune() {
        jdbc.sql("delete from idempotent_answer where created_at < ?").param(clock.millis() - KEEP.toMillis()).update();
    }
}
