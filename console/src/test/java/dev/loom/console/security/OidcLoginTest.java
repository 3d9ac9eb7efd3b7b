package dev.loom.console.security;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jwt.JWTClaimsSet;
import dev.loom.console.support.ConsoleUnderTest;
import dev.loom.console.support.Filters;
import dev.loom.console.support.Rest;
import dev.loom.console.support.TestProvider;
import dev.loom.console.support.TestProvider.Signed;
import dev.loom.console.support.WebSession;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** People log in by an OpenID provider, which signs for them with a real key; what it signs wrongly lets nobody in. */
class OidcLoginTest {

    private static TestProvider provider;
    private static ConsoleUnderTest console;

    private final Rest admin = console.rest();
    private final WebSession session = new WebSession(console.url());

    @BeforeAll
    static void start() throws Exception {
        provider = new TestProvider();
        console = ConsoleUnderTest.fresh(provider.options(
                "--loom.oidc.role-claim=realm.groups", "--loom.oidc.roles.admin=loom-admins", "--loom.oidc.roles.operator=loom-ops,on-call",
                "--loom.oidc.roles.author=developers", "--loom.oidc.scope-claim=loom_scope"));
    }

    @AfterAll
    static void end() {
        console.close();
        provider.close();
    }

    private static Map<String, ?> groups(String... names) {
        return Map.of("groups", List.of(names));
    }

    private String audit(String text) {
        return admin.get("/audit?q=" + text).expect(200).text();
    }

    @Test
    void aClaimGivesTheRoleAndTheAuditLogNamesPersonAndProvider() throws Exception {
        provider.person("sub-1", "preferred_username", "grace", "realm", groups("something", "developers"));
        session.location("/filters"); // is sent to the login, and comes back there
        String before = session.cookie();
        assertThat(provider.login(session)).as("where the login leads").startsWith("/filters");
        assertThat(session.cookie()).as("the session's id changes at the login").isNotEqualTo(before);
        assertThat(session.isIn()).isTrue();
        assertThat(session.send("GET", "/deployments/new", null).statusCode()).as("no operator").isEqualTo(403);
        assertThat(session.send("GET", "/access", null).statusCode()).as("no administrator").isEqualTo(403);
        session.takeCsrf();
        String filter = Filters.name("of-grace");
        assertThat(session.form("/filter-new", "name=" + filter + "&text=" + java.net.URLEncoder.encode(Filters.text(""), "UTF-8")).statusCode()).isEqualTo(302);
        assertThat(audit(filter)).contains("\"test:grace\"");
        assertThat(audit("logged")).contains("\"test:grace\"").contains("\"provider\":\"test\"").contains("\"subject\":\"sub-1\"");
        session.form("/logout", "x=x");
        assertThat(session.isIn()).isFalse();
    }

    static Stream<Arguments> lies() {
        return Stream.of(
                lie("another nonce", Signed.RIGHT, claims -> claims.claim("nonce", "another")),
                lie("no nonce", Signed.RIGHT, claims -> claims.claim("nonce", null)),
                lie("another issuer", Signed.RIGHT, claims -> claims.issuer("http://127.0.0.1:1")),
                lie("for another client", Signed.RIGHT, claims -> claims.audience("another")),
                lie("expired", Signed.RIGHT, claims -> claims.expirationTime(new Date(System.currentTimeMillis() - 600_000))),
                lie("of another person than the provider tells of", Signed.RIGHT, claims -> claims.subject("another")),
                lie("signed by another key", Signed.BY_ANOTHER_KEY, claims -> {}),
                lie("not signed", Signed.NOT_AT_ALL, claims -> {}));
    }

    private static Arguments lie(String name, Signed signed, Consumer<JWTClaimsSet.Builder> change) {
        return Arguments.of(Named.of(name, signed), change);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("lies")
    void anIdTokenThatIsNotRightLetsNobodyIn(Signed signed, Consumer<JWTClaimsSet.Builder> change) throws Exception {
        provider.person("sub-2", "preferred_username", "mallory", "realm", groups("loom-admins"));
        provider.lie(signed, change);
        assertThat(provider.login(session)).isEqualTo("/login?oidc=failed");
        assertThat(session.isIn()).isFalse();
        assertThat(audit("mallory")).doesNotContain("access.login-succeeded");
        assertThat(audit("login")).contains("A login by test failed");
    }

    @Test
    void aCallbackIsTakenOnceWithItsStateByTheBrowserThatBeganIt() throws Exception {
        provider.person("sub-3", "preferred_username", "eve", "realm", groups("loom-admins"));
        String callback = provider.callback(session);
        WebSession other = new WebSession(console.url());
        assertThat(other.location(callback)).as("in a browser that began nothing").isEqualTo("/login?oidc=failed");
        provider.callback(other);
        assertThat(other.location(callback)).as("in a browser that began its own").isEqualTo("/login?oidc=failed");
        assertThat(session.location(callback.replaceFirst("state=[^&]*", "state=another"))).isEqualTo("/login?oidc=failed");
        assertThat(session.isIn()).isFalse();
        String right = provider.callback(session);
        assertThat(session.location(right)).startsWith("/");
        assertThat(session.isIn()).isTrue();
        assertThat(new WebSession(console.url()).location(right)).as("a second time").isEqualTo("/login?oidc=failed");
        console.bean(LoginThrottle.class).succeeded("", "127.0.0.1");
    }

    @Test
    void whoHasNoRoleIsToldSo() throws Exception {
        provider.person("sub-4", "preferred_username", "guest", "realm", groups("visitors"));
        assertThat(provider.login(session)).isEqualTo("/login?oidc=norole");
        assertThat(session.isIn()).isFalse();
        assertThat(session.send("GET", "/login?oidc=norole", null).body()).contains("no role here");
    }

    @Test
    void anEqualNameMakesNobodyAnotherPerson() throws Exception {
        String name = Filters.name("ada");
        admin.postJson("/accounts", Map.of("username", name, "password", "a-long-password", "role", "admin")).expect(201);
        provider.person("sub-5", "preferred_username", name, "realm", groups("developers"));
        provider.login(session);
        assertThat(session.send("GET", "/access", null).statusCode()).as("the account's rights").isEqualTo(403);
        assertThat(session.send("GET", "/", null).body()).contains("test:" + name);
        provider.person("sub-6", "preferred_username", name, "realm", groups("developers"));
        WebSession second = new WebSession(console.url());
        provider.login(second);
        assertThat(second.send("GET", "/", null).body()).contains("test:" + name + "~2");
        admin.delete("/accounts/" + name).expect(204);
        assertThat(session.isIn()).as("and an account that ends takes nobody else with it").isTrue();
        admin.postJson("/accounts", Map.of("username", "test:" + name, "password", "a-long-password", "role", "admin")).expect(400);
    }

    @Test
    void anOperatorActsWhereTheClaimSaysAndNowhereWithoutIt() throws Exception {
        provider.person("sub-7", "preferred_username", "olga", "realm", groups("on-call"), "loom_scope", "env=staging");
        provider.login(session);
        session.takeCsrf();
        var refused = session.form("/deployments", "filter=any&selector=env%3Dprod&allowEmpty=true");
        assertThat(session.send("GET", "/deployments/new", null).statusCode()).isEqualTo(200);
        assertThat(session.send("GET", "/", null).body()).contains("env=staging");
        assertThat(refused.statusCode()).isIn(403, 404);
        for (Object nonsense : new Object[] {"", "env=((", 7}) {
            provider.person("sub-8", "preferred_username", "oleg", "realm", groups("on-call"), "loom_scope", nonsense);
            assertThat(provider.login(new WebSession(console.url()))).isEqualTo("/login?oidc=norole");
        }
    }

    @Test
    void theLoginPageOffersProviderAndPassword() throws Exception {
        assertThat(session.send("GET", "/login", null).body()).contains("/oauth2/authorization/test").contains("name=\"password\"");
        assertThat(session.login("admin", ConsoleUnderTest.ADMIN_PASSWORD)).doesNotContain("error");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/oauth2/authorization/another", "/login/oauth2/code/test?code=x&state=y", "/login/oauth2/code/another?code=x&state=y"})
    void whatNobodyBeganEndsAtTheLogin(String path) throws Exception {
        assertThat(session.location(path)).startsWith("/login");
        console.bean(LoginThrottle.class).succeeded("", "127.0.0.1");
    }

    @Test
    void aConsoleStartsWhileItsProviderIsAwayAndTakesPasswords() throws Exception {
        TestProvider gone = new TestProvider();
        String[] options = gone.options("--loom.oidc.roles.admin=*");
        gone.close();
        try (ConsoleUnderTest own = ConsoleUnderTest.fresh(options)) {
            WebSession there = new WebSession(own.url());
            assertThat(there.location("/oauth2/authorization/test")).isEqualTo("/login?oidc=away");
            assertThat(there.send("GET", "/login?oidc=away", null).body()).contains("does not answer");
            assertThat(there.login("admin", ConsoleUnderTest.ADMIN_PASSWORD)).doesNotContain("error");
            assertThat(there.isIn()).isTrue();
        }
    }
}
