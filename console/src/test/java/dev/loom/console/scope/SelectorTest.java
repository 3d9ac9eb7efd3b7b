package dev.loom.console.scope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loom.console.contract.LoomProblem;
import java.util.HashMap;
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

    @ParameterizedTest(name = "{0} lies within {1}: {2}")
    @CsvSource(delimiter = '|', value = {
        "env=staging | env=staging | true", "env=staging,app=shop | env=staging | true", "* | env=staging | false", "app=shop | env=staging | false",
        "env!=prod | env=staging | false", "env=staging | env!=prod | true", "env=prod | env!=prod | false", "env!=prod | env!=prod | true",
        "env!=test | env!=prod | false", "env | env!=prod | false", "env=staging | env | true", "env | env | true", "env!=prod | env | false",
        "env=staging | env=staging,app=shop | false", "app=shop,env=staging,canary | env=staging,app!=bank | true", "env=\"\" | env | true", "env=staging | * | true"
    })
    void aSelectorLiesWithinAnotherIfItCanTakeNothingElse(String selector, String other, boolean within) {
        assertThat(Selector.parse(selector).isWithin(Selector.parse(other))).isEqualTo(within);
        for (String env : new String[] {"staging", "prod", "test", "", null}) {
            for (String app : new String[] {"shop", "bank", null}) {
                Map<String, String> labels = new HashMap<>(Map.of("canary", "yes"));
                labels.computeIfAbsent("env", key -> env);
                labels.computeIfAbsent("app", key -> app);
                if (within && Selector.parse(selector).matches(labels)) {
                    assertThat(Selector.parse(other).matches(labels)).as("%s with %s", other, labels).isTrue();
                }
            }
        }
    }
}
