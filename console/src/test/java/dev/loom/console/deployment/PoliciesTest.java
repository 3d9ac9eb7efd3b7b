package dev.loom.console.deployment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loom.console.contract.LoomProblem;
import org.junit.jupiter.api.Test;

class PoliciesTest {

    @Test
    void policiesAreThoseThatTheAgentTakes() {
        assertThat(Policies.parse("reverse:75s", "remove", " Accept ").options(Mode.OBSERVE))
                .isEqualTo("mode=observe,on-straggler=reverse:75s,on-harmful=remove,on-deadlocked=accept");
        assertThatThrownBy(() -> Policies.parse("reverse:0s", null, null)).isInstanceOf(LoomProblem.class);
        assertThatThrownBy(() -> Policies.parse("reverse:1s,mode=observe", null, null)).isInstanceOf(LoomProblem.class);
        assertThatThrownBy(() -> Policies.parse(null, null, "kill")).hasMessageContaining("deadlocked before the install");
    }

    @Test
    void whatIsLeftOutIsSaidInTheWordsThatTheFirstReleaseOfTheAgentKnows() {
        String plain = "mode=enforce,on-straggler=wait,on-harmful=keep";
        assertThat(Policies.parse(null, null, null).options(Mode.ENFORCE)).isEqualTo(plain);
        assertThat(Policies.parse("", "", "wait").options(Mode.ENFORCE)).as("an agent of 0.1.0 refuses on-deadlocked").isEqualTo(plain);
    }
}
