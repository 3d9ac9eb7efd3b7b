package dev.loom.console.security;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LoginThrottleTest {

    private long now = 1_000_000;
    private final LoginThrottle throttle = new LoginThrottle(() -> now);

    @Test
    void aFewMistakesCostNothingAndMoreCostMoreAndMore() {
        for (int i = 1; i < LoginThrottle.FREE; i++) {
            throttle.failed("anna", "10.0.0.1");
        }
        assertThat(throttle.waitMillis("anna", "10.0.0.1")).isZero();
        throttle.failed("anna", "10.0.0.1");
        assertThat(throttle.waitMillis("ANNA", "10.0.0.1")).isEqualTo(5_000);
        now += 5_000;
        assertThat(throttle.waitMillis("anna", "10.0.0.1")).isZero();
        throttle.failed("anna", "10.0.0.1");
        assertThat(throttle.waitMillis("anna", "10.0.0.1")).isEqualTo(10_000);
        assertThat(throttle.waitMillis("anna", "10.0.0.2")).as("the same person elsewhere is not locked out").isZero();
        throttle.succeeded("anna", "10.0.0.1");
        assertThat(throttle.waitMillis("anna", "10.0.0.1")).isZero();
    }

    @Test
    void manyNamesFromOneAddressAreSlowedDownToo() {
        for (int i = 0; i < LoginThrottle.FREE_BY_ADDRESS; i++) {
            throttle.failed("name" + i, "10.0.0.1");
        }
        assertThat(throttle.waitMillis("another", "10.0.0.1")).isPositive();
        assertThat(throttle.waitMillis("another", "10.0.0.9")).isZero();
    }
}
