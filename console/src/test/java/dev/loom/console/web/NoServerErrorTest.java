package dev.loom.console.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loom.console.support.ConsoleUnderTest;
import dev.loom.console.support.Filters;
import dev.loom.console.support.RawHttp;
import dev.loom.console.support.Rest;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever a client sends, the answer says what is wrong with it and is never 5xx. */
class NoServerErrorTest {

    private final ConsoleUnderTest console = ConsoleUnderTest.shared();
    private final Rest rest = console.rest();

    private String raw(String method, String path, String body) throws Exception {
        return RawHttp.send(console.url(), method + " " + path + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + ConsoleUnderTest.TOKEN
                + "\r\nContent-Type: application/json\r\nContent-Length: " + body.length() + "\r\nConnection: close\r\n\r\n" + body);
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "/api/v1/filters?q=%ff", "/api/v1/filters?q=%00", "/api/v1/filters?q=%zz", "/api/v1/filters/%00", "/api/v1/filters/%ff",
        "/api/v1/targets?q=%c3%28", "/api/v1/targets?page=99999999999", "/api/v1/targets?page=2147483647&size=500",
        "/api/v1/events?type=%00", "/api/v1/events?after=x", "/api/v1/events?target=-1", "/api/v1/audit?size=0",
        "/api/v1/targets/1/history?from=-999999999-01-01T00:00:00Z", "/api/v1/targets/1/history?to=%2B1000000000-12-31T23:59:59Z",
        "/api/v1/targets/1/history?from=1970-01-01T00:00:00Z&to=9999-01-01T00:00:00Z", "/api/v1/deployments/9223372036854775807",
        "/api/v1/deployments/9223372036854775808", "/api/v1/deployments?filter=%00", "/api/v1/deployments/1?wait=99999999999",
        "/targets?q=%ff", "/filters?q=%00", "/targets/99999999999999999999", "/deployments/new?target=x", "/filters/a/diff?from=x"
    })
    void anUnreadableQuestionIsTheClientsError(String path) throws Exception {
        String answer = raw("GET", path, "");
        assertThat(answer).as(path).matches("(?s)HTTP/1.1 [234]\\d\\d.*");
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "{\"filter\":\"x\",\"targets\":[null]}", "{\"filter\":\"x\",\"targets\":[1e400]}", "{\"filter\":\"x\\u0000\",\"targets\":[1]}",
        "{\"filter\":null}", "[]", "null", "\"\"", "{", "{\"filter\":\"x\",\"selector\":\"a\\u0000=b\"}", "{\"filter\":\"x\",\"version\":-1,\"targets\":[1]}"
    })
    void anUnreadableDeploymentIsTheClientsError(String body) throws Exception {
        assertThat(raw("POST", "/api/v1/deployments", body)).as(body).matches("(?s)HTTP/1.1 4\\d\\d.*");
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "{\"address\":\"a:1\",\"labels\":{\"a\":null}}", "{\"address\":\"a:1\",\"labels\":{\"\":\"x\"}}", "{\"address\":\"a:1\",\"name\":\"\\u0000\"}",
        "{\"address\":\"a:1\",\"appBean\":{}}", "{\"address\":\"a:1\",\"appBean\":{\"name\":null}}", "{\"address\":\"a:1\",\"username\":\"u\"}",
        "{\"pid\":1}", "{\"pid\":-1,\"host\":\"h\",\"name\":\"n\"}", "{\"pid\":1,\"host\":\"h\\u0000\",\"name\":\"n\"}",
        "{\"pid\":1,\"host\":\"h\",\"name\":\"n\",\"fingerprint\":\"x\"}", "{\"pid\":1,\"host\":\"h\",\"name\":\"n\",\"labels\":{\"a\":null}}"
    })
    void anUnreadableJvmIsTheClientsError(String body) throws Exception {
        assertThat(raw("POST", "/api/v1/targets", body)).as(body).matches("(?s)HTTP/1.1 4\\d\\d.*");
    }

    @ParameterizedTest
    @ValueSource(ints = {601, 3_000, 100_000})
    void aLongAddressIsTheClientsError(int length) {
        assertThat(rest.postJson("/targets", Map.of("address", "h".repeat(length) + ":1")).status()).isEqualTo(422);
        assertThat(rest.postJson("/deployments", Map.of("filter", Filters.name("x"), "selector", "a=" + "b".repeat(length))).status())
                .isBetween(400, 422);
        assertThat(rest.postJson("/tokens", Map.of("name", "t".repeat(length), "role", "viewer")).status()).isEqualTo(400);
        assertThat(rest.postJson("/tokens", Map.of("name", "t", "role", "viewer", "validDays", Integer.MAX_VALUE)).status()).isEqualTo(201);
    }
}
