package dev.loom.console.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loom.client.HookCounters;
import dev.loom.console.live.LiveFilter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.context.i18n.LocaleContextHolder;

/** What is said of a filter is what was counted, and no more. */
class VerdictTest {

    private static final Duration THREE_MINUTES = Duration.ofMinutes(3);

    @BeforeEach
    void english() {
        LocaleContextHolder.setLocale(Locale.ENGLISH);
    }

    @AfterEach
    void reset() {
        LocaleContextHolder.resetLocaleContext();
    }

    private static LiveFilter filter(String mode, long hits, long contended, long overlaps, long longest, long bypasses) {
        HookCounters hook = new HookCounters("h1", "region", "Bank:42", hits, contended, 4 * longest, longest, 0, bypasses, overlaps, null, null);
        return new LiveFilter(
                1, "shop", 2L, true, null, Instant.now(), "bank", "ACTIVE", 1, mode, null, "", false, List.of(), "", "", 0, null, null, 0, hits, contended,
                null, List.of(), List.of(), List.of(hook), List.of(), List.of());
    }

    private static Verdict.Failures failures(Double before, Double since) {
        return new Verdict.Failures(before, since, Duration.ofMinutes(2));
    }

    @Test
    void overlapsAreToldByTheMinuteAndWithTheShareOfEntries() {
        Verdict verdict = Verdict.of(filter("observe", 12_000, 0, 42, 0, 0), THREE_MINUTES, failures(96.0, 95.0));
        assertThat(verdict.kind()).isEqualTo("ok");
        assertThat(verdict.sentence()).isEqualTo("The regions overlap: 14 times a minute.");
        assertThat(verdict.facts()).containsExactly(
                "12,000 entries in 3 min, 42 that should have waited: 0.35 %.", "The application counts 95 failures a minute meanwhile.");
    }

    @Test
    void ofLessThanAMinuteNoRateIsMadeUp() {
        assertThat(Verdict.of(filter("observe", 900, 0, 41, 0, 0), Duration.ofSeconds(12), Verdict.Failures.UNKNOWN).sentence())
                .isEqualTo("The regions overlap: 41 times in 12 s.");
    }

    @Test
    void regionsThatDoNotMeetWhileTheApplicationFailsAreHardlyTheRightOnes() {
        assertThat(Verdict.of(filter("observe", 900, 0, 0, 0, 0), THREE_MINUTES, failures(96.0, 95.0)).kind()).isEqualTo("warn");
        assertThat(Verdict.of(filter("observe", 900, 0, 0, 0, 0), THREE_MINUTES, Verdict.Failures.UNKNOWN).kind()).isEmpty();
        assertThat(Verdict.of(filter("observe", 0, 0, 0, 0, 0), THREE_MINUTES, failures(96.0, 95.0)).sentence()).contains("No thread has come");
    }

    @Test
    void anEnforcedFilterIsJudgedByTheFailuresThatItEnded() {
        Verdict ended = Verdict.of(filter("enforce", 12_000, 42, 0, 18_000_000, 0), THREE_MINUTES, failures(12.0, 0.0));
        assertThat(ended.kind()).isEqualTo("ok");
        assertThat(ended.sentence()).isEqualTo("No failure since it is in force.");
        assertThat(ended.facts()).containsExactly(
                "42 of 12,000 entries waited (14 times a minute), 18.0 ms at the longest, 72.0 ms in all.",
                "The application counted 12 failures a minute before, and no failure in the 2 min since.");
        Verdict goesOn = Verdict.of(filter("enforce", 12_000, 42, 0, 18_000_000, 0), THREE_MINUTES, failures(12.0, 3.0));
        assertThat(goesOn.kind()).isEqualTo("warn");
        assertThat(goesOn.sentence()).isEqualTo("The application still fails.");
    }

    @Test
    void anApplicationThatNeverFailedIsNotSaidToBeMended() {
        assertThat(Verdict.of(filter("enforce", 12_000, 0, 0, 0, 0), THREE_MINUTES, failures(0.0, 0.0)).sentence())
                .isEqualTo("Nothing had to be kept apart yet.");
        assertThat(Verdict.of(filter("enforce", 12_000, 42, 0, 1_000, 0), THREE_MINUTES, Verdict.Failures.UNKNOWN).sentence())
                .isEqualTo("It keeps apart what overlapped.");
    }

    @Test
    void aDeadlockThatHadToBeBrokenComesBeforeAllElse() {
        Verdict verdict = Verdict.of(filter("enforce", 12_000, 42, 0, 1_000, 1), THREE_MINUTES, failures(12.0, 0.0));
        assertThat(verdict.kind()).isEqualTo("bad");
        assertThat(verdict.sentence()).contains("break a deadlock");
    }
}
