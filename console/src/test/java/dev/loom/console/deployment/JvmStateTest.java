package dev.loom.console.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loom.client.FilterState;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class JvmStateTest {

    @ParameterizedTest
    @EnumSource(value = FilterState.class, names = "NONE", mode = EnumSource.Mode.EXCLUDE)
    void eachStateOfAnAgentIsOneOfTheConsolesAndMeansTheSame(FilterState said) {
        JvmState state = JvmState.of(said);
        assertThat(state.name()).isEqualTo(said.name());
        assertThat(state.isEnd()).isEqualTo(said.isEnd());
        assertThat(state.isRefused()).isEqualTo(said.isRefused());
        assertThat(state.isSettled()).isEqualTo(said.isInForce());
    }
}
