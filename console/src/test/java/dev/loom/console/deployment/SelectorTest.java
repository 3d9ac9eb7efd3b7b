package dev.loom.console.deployment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loom.console.contract.LoomProblem;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SelectorTest {

    private static final Map<String, String> LABELS = Map.of("env", "prod", "app", "shop");

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "* | true", "env=prod | true", "env = prod , app=shop | true", "env=prod,app=bank | false", "env!=test | true", "env!=prod | false",
        "app | true", "canary | false", "canary!=yes | true", "canary= | false",
        "env=\"prod\" | true", "env=\"a, (b)\" | false", "env!=test,env!=stage | true"
    })
    void aJvmIsSelectedIfAllConditionsHold(String selector, boolean selected) {
        assertThat(Selector.parse(selector).matches(LABELS)).isEqualTo(selected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ",", "=prod", "env=a=b", "env=prod,,app=shop", "env prod", "e*=x", "env=((", "env=\"a", "env=a;b", "env=prod,env=test", "env=prod,env!=prod", "env=a*"})
    void whatIsNoSelectorIsRefused(String text) {
        assertThatThrownBy(() -> Selector.parse(text)).isInstanceOf(LoomProblem.class);
    }

    @Test
    void whatSaysTheSameIsKnownAsTheSame() {
        assertThat(Selector.parse("b , a = x").canonical()).isEqualTo(Selector.parse("a=x,b,b").canonical());
        assertThat(Selector.parse("a=x").canonical()).isNotEqualTo(Selector.parse("a!=x").canonical());
        assertThat(Selector.parse("zone=\"a, (b)\"").matches(Map.of("zone", "a, (b)"))).isTrue();
        assertThatThrownBy(() -> Selector.parse("a=" + "x,b".repeat(500))).hasMessageContaining("1000");
    }

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
