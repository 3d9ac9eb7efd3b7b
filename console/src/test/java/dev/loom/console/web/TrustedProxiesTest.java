package dev.loom.console.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loom.console.contract.LoomProblem;
import dev.loom.console.support.ConsoleUnderTest;
import dev.loom.console.support.RawHttp;
import dev.loom.console.support.Rest;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who a client is, and by which host and scheme it came, is believed from trusted proxies only. */
class TrustedProxiesTest {

    private static final String FORGED = "X-Forwarded-For: 203.0.113.7\r\nX-Forwarded-Proto: https\r\nX-Forwarded-Host: evil.example\r\n"
            + "Forwarded: for=203.0.113.7;proto=https;host=evil.example\r\n";

    private static String login(ConsoleUnderTest console, String headers) throws Exception {
        return RawHttp.send(console.url(), "POST /login HTTP/1.1\r\nHost: evil.example\r\n" + headers
                + "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 3\r\nConnection: close\r\n\r\na=b");
    }

    private static String page(ConsoleUnderTest console, String headers) throws Exception {
        return RawHttp.send(
                console.url(), "GET /targets HTTP/1.1\r\nHost: evil.example\r\nAccept: text/html\r\n" + headers + "Connection: close\r\n\r\n");
    }

    @Test
    void byDefaultNobodyIsBelieved() throws Exception {
        ConsoleUnderTest console = ConsoleUnderTest.shared();
        String answer = page(console, FORGED);
        assertThat(answer).startsWith("HTTP/1.1 302").doesNotContain("evil.example").doesNotContain("Secure");
        assertThat(login(console, FORGED)).doesNotContain("evil.example");
        Rest rest = console.rest();
        try (var session = new AutoCloseable() {
            @Override
            public void close() {}
        }) {
            var browser = new dev.loom.console.support.WebSession(console.url());
            browser.send("GET", "/login", null);
            browser.login("nobody-here", "wrong");
        }
        assertThat(rest.get("/audit?type=access.login-failed").text()).doesNotContain("203.0.113.7");
    }

    @Test
    void aTrustedProxyIsBelievedAndWhatItsClientClaimsIsNot() throws Exception {
        try (ConsoleUnderTest console = ConsoleUnderTest.fresh("--loom.proxy.trusted=127.0.0.1, 10.0.0.0/8")) {
            String answer = page(console, "X-Forwarded-For: 198.51.100.1, 203.0.113.7, 10.1.2.3\r\nX-Forwarded-Proto: https\r\n");
            assertThat(answer).contains("Secure").doesNotContain("evil.example");
            var browser = new dev.loom.console.support.WebSession(console.url());
            browser.login("somebody", "wrong");
            String csrf = browser.send("GET", "/login", null).body();
            assertThat(csrf).contains("_csrf");
            browser.form("/login", "username=forger&password=wrong", "X-Forwarded-For", "198.51.100.1, 203.0.113.7, 10.1.2.3");
            assertThat(console.rest().get("/audit?type=access.login-failed").text()).contains("203.0.113.7").doesNotContain("198.51.100.1");
        }
    }

    @Test
    void nonsenseInTheListIsSaidAtTheStart() {
        assertThat("10.20.30.40").matches(TrustedProxies.pattern(List.of("10.20.0.0/16", "::1")));
        assertThat("10.21.30.40").doesNotMatch(TrustedProxies.pattern(List.of("10.20.0.0/16")));
        assertThat("10x20.30.40").doesNotMatch(TrustedProxies.pattern(List.of("10.20.30.40")));
        assertThatThrownBy(() -> TrustedProxies.pattern(List.of("proxy.example"))).isInstanceOf(LoomProblem.class);
    }

    @Test
    void aRedirectHasNoHost() {
        assertThat(OwnRedirects.path("http://evil.example/login?x=1")).isEqualTo("/login?x=1");
        assertThat(OwnRedirects.path("//evil.example")).isEqualTo("/");
        assertThat(OwnRedirects.path("/targets/3")).isEqualTo("/targets/3");
    }
}
