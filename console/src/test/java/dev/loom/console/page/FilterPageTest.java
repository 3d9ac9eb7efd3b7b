package dev.loom.console.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loom.console.support.ConsoleUnderTest;
import dev.loom.console.support.Rest;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FilterPageTest {

    private final Rest rest = ConsoleUnderTest.shared().rest();

    @Test
    void theExampleOnThePageOfANewFilterIsAFilter() {
        String example = String.join("\n", FilterPage.fresh("", "", null).example());
        assertThat(rest.postJson("/filters/check", Map.of("text", example)).expect(200).json().path("diagnostics"))
                .as("who copies the example must not be met by an error").isEmpty();
    }
}
