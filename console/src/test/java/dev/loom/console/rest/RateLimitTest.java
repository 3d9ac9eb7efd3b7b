package dev.loom.console.rest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loom.console.support.ConsoleUnderTest;
import dev.loom.console.support.Filters;
import dev.loom.console.support.Rest;
import dev.loom.console.support.WebSession;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.mockito.Mockito;

/** One token or account cannot take the API from the others. */
class RateLimitTest {

    private static final long SECOND = 1_000_000_000L;

    @Test
    void tenSecondsWorthMayComeAtOnceAndThenAsMuchAsTheRate() {
        AtomicLong now = new AtomicLong(-5 * SECOND); // nanoTime may be anything
        RateLimit limit = new RateLimit(Mockito.mock(Problems.class), 2, now::get);
        for (int i = 0; i < 20; i++) {
            assertThat(limit.waitSeconds("a")).isZero();
        }
        assertThat(limit.waitSeconds("a")).isEqualTo(1);
        assertThat(limit.waitSeconds("b")).as("of another").isZero();
        now.addAndGet(SECOND);
        assertThat(limit.waitSeconds("a")).isZero();
        assertThat(limit.waitSeconds("a")).isZero();
        assertThat(limit.waitSeconds("a")).isEqualTo(1);
        now.addAndGet(3_600 * SECOND);
        int passed = 0;
        while (limit.waitSeconds("a") == 0) {
            passed++;
        }
        assertThat(passed).as("after an hour's rest").isEqualTo(20);
        RateLimit slow = new RateLimit(Mockito.mock(Problems.class), 0.1, now::get);
        assertThat(slow.waitSeconds("a")).isZero();
        assertThat(slow.waitSeconds("a")).isEqualTo(10);
    }

    @Test
    void whoAsksTooOftenIsToldWhenToComeAgainAndNobodyElseNoticesIt() throws Exception {
        try (ConsoleUnderTest own = ConsoleUnderTest.fresh("--loom.rest.requests-per-second=0.5")) {
            Rest other = token(own, "viewer");
            Rest agent = token(own, "agent");
            Rest.Answer refused = null;
            for (int i = 0; i < 20 && refused == null; i++) {
                Rest.Answer answer = i % 2 == 0 ? own.rest().get("/filters") : own.rest().postText("/filters/check", Filters.text(""));
                refused = answer.status() == 200 ? null : answer;
            }
            assertThat(refused).as("the refusal of one of 20 requests").isNotNull();
            refused.expect(429);
            assertThat(refused.code()).isEqualTo("LOOM-859");
            assertThat(Long.parseLong(refused.header("Retry-After"))).isBetween(1L, 2L);
            other.get("/filters").expect(200);
            for (int i = 0; i < 20; i++) {
                agent.postJson("/targets", Map.of("name", "n" + i, "pid", i + 1, "host", "h")).expect(201);
            }
            WebSession session = new WebSession(own.url());
            session.login("admin", ConsoleUnderTest.ADMIN_PASSWORD);
            assertThat(session.isIn()).isTrue();
        }
    }

    private static Rest token(ConsoleUnderTest own, String role) {
        return new Rest(own.url(), own.rest().postJson("/tokens", Map.of("name", role, "role", role)).expect(201).json().path("secret").asString());
    }
}
