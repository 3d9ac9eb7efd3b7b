package dev.loom.console.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loom.console.contract.LoomProblem;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.mock.env.MockEnvironment;

class OidcSettingsTest {

    private static final Map<String, List<String>> ROLES = Map.of("admin", List.of("a"), "operator", List.of("o"), "author", List.of("w"), "viewer", List.of("*"));
    private static final Instant LOGIN = Instant.parse("2026-01-01T00:00:00Z");

    private static OidcSettings settings(Map<String, List<String>> roles) {
        return new OidcSettings("groups", roles, null, "preferred_username", Duration.ofHours(8));
    }

    private static People people(Map<String, List<String>> roles, Duration later) {
        return new People(org.mockito.Mockito.mock(JdbcClient.class), settings(roles), Clock.fixed(LOGIN.plus(later), ZoneOffset.UTC));
    }

    private static Person operator() {
        return new Person("test", "s", "test:ada", List.of("o", "x"), EnumSet.of(Role.OPERATOR), null, LOGIN);
    }

    @Test
    void theValuesOfTheClaimGiveTheRoles() {
        assertThat(settings(ROLES).rolesOf(List.of("o", "w"))).containsExactlyInAnyOrder(Role.OPERATOR, Role.AUTHOR);
        assertThat(settings(ROLES).rolesOf(List.of("o", "a"))).containsExactly(Role.ADMIN);
        assertThat(settings(ROLES).rolesOf(List.of("x"))).containsExactly(Role.VIEWER);
        assertThat(settings(Map.of()).rolesOf(List.of("a"))).isEmpty();
        assertThatThrownBy(() -> settings(Map.of("boss", List.of("b")))).isInstanceOf(LoomProblem.class);
        assertThatThrownBy(() -> settings(Map.of("agent", List.of("b")))).isInstanceOf(LoomProblem.class);
    }

    @Test
    void whatAClaimMeansIsLookedUpAtEachRequest() {
        assertThat(people(ROLES, Duration.ZERO).now(operator())).contains(operator());
        assertThat(people(Map.of("author", List.of("x")), Duration.ZERO).now(operator()).orElseThrow().roles()).containsExactly(Role.AUTHOR);
        assertThat(people(Map.of("admin", List.of("a")), Duration.ZERO).now(operator())).isEmpty();
    }

    @Test
    void aSessionEndsAtItsLimitHoweverMuchItIsUsed() {
        assertThat(people(ROLES, Duration.ofHours(8)).now(operator())).isPresent();
        assertThat(people(ROLES, Duration.ofHours(8).plusMillis(1)).now(operator())).isEmpty();
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(delimiter = '|', value = {
        "provider.idp.authorization-uri=x | has no issuer",
        "registration.idp.scope=profile | lacks openid",
        "registration.token.client-id=x | cannot",
        "registration.Ada_B.client-id=x | cannot"
    })
    void settingsThatWouldLetTheWrongOnesInAreRefusedAtTheStart(String setting, String said) {
        MockEnvironment environment = new MockEnvironment();
        String at = "spring.security.oauth2.client.";
        environment.setProperty(at + "registration.idp.client-id", "loom");
        if (!said.contains("issuer")) {
            environment.setProperty(at + "provider.idp.issuer-uri", "http://127.0.0.1:1");
        }
        String[] pair = setting.split("=");
        environment.setProperty(at + pair[0], pair[1]);
        assertThatThrownBy(() -> new Providers(environment)).hasMessageContaining(said);
    }
}
