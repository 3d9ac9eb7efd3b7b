package dev.loom.console.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loom.console.backup.Backup;
import dev.loom.console.support.ConsoleUnderTest;
import dev.loom.console.support.Filters;
import dev.loom.console.support.Rest;
import dev.loom.console.support.WebSession;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipInputStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Who is logged in stays so over a restart; who reads the database can be nobody's browser. */
class StoredSessionsTest {

    private static final String PASSWORD = "a-long-password";

    private final ConsoleUnderTest console = ConsoleUnderTest.shared();
    private final Rest admin = console.rest();
    private final JdbcClient jdbc = console.bean(JdbcClient.class);
    private final List<String> accounts = new ArrayList<>();

    /** Other tests of the same console count its administrators. */
    @AfterEach
    void end() {
        accounts.forEach(name -> admin.delete("/accounts/" + name).expect(204));
    }

    private String account(String role) {
        String name = Filters.name("person");
        admin.postJson("/accounts", Map.of("username", name, "password", PASSWORD, "role", role)).expect(201);
        accounts.add(name);
        return name;
    }

    private WebSession session(String name) throws Exception {
        WebSession session = new WebSession(console.url());
        session.login(name, PASSWORD);
        assertThat(session.isIn()).isTrue();
        return session;
    }

    private long rows(String name) {
        return jdbc.sql("select count(*) from login_session where principal = ?").param(name).query(Long.class).single();
    }

    @Test
    void aSessionOutlivesARestartAndWhatEndedItBeforeStillDoes(@TempDir Path data) throws Exception {
        WebSession kept;
        WebSession deleted;
        WebSession changed;
        WebSession left;
        try (ConsoleUnderTest first = ConsoleUnderTest.on(data)) {
            for (String name : new String[] {"kept", "deleted", "changed", "left"}) {
                first.rest().postJson("/accounts", Map.of("username", name, "password", PASSWORD, "role", "operator")).expect(201);
            }
            kept = new WebSession(first.url());
            deleted = new WebSession(first.url());
            changed = new WebSession(first.url());
            left = new WebSession(first.url());
            kept.login("kept", PASSWORD);
            deleted.login("deleted", PASSWORD);
            changed.login("changed", PASSWORD);
            left.login("left", PASSWORD);
            first.rest().delete("/accounts/deleted").expect(204);
            first.rest().send("PUT", "/accounts/changed", "application/json", "{\"password\":\"another-password\"}".getBytes()).expect(200);
            left.form("/logout", "x=x");
        }
        try (ConsoleUnderTest second = ConsoleUnderTest.on(data)) {
            WebSession now = kept.at(second.url());
            assertThat(now.isIn()).as("a session from before the restart").isTrue();
            assertThat(now.form("/deployments", "filter=none&selector=a").statusCode()).as("and its forms are not out of date").isNotIn(302, 403);
            assertThat(deleted.at(second.url()).isIn()).as("that of a deleted account").isFalse();
            assertThat(changed.at(second.url()).isIn()).as("that of an account with another password").isFalse();
            assertThat(left.at(second.url()).isIn()).as("one that was logged out").isFalse();
        }
    }

    @Test
    void theDatabaseHoldsNothingThatOpensASession() throws Exception {
        String name = account("admin");
        WebSession session = session(name);
        session.form("/access/tokens", "name=secret-of-a-flash&role=VIEWER");
        var row = jdbc.sql("select id_hash, content from login_session where principal = ?").param(name).query().singleRow();
        assertThat(row.values().toString()).doesNotContain(session.cookie());
        assertThat(new String(java.util.Base64.getDecoder().decode((String) row.get("content")), java.nio.charset.StandardCharsets.ISO_8859_1))
                .as("the session, which holds a token's secret until the next page").doesNotContain("loom_").doesNotContain(name);

        String viewer = account("viewer");
        WebSession weak = session(viewer);
        jdbc.sql("update login_session set content = ? where principal = ?").params(row.get("content"), viewer).update();
        assertThat(weak.isIn()).as("with the administrator's content in its row").isFalse();
        assertThat(session.send("GET", "/access", null).body()).as("while the administrator goes on").contains("secret-of-a-flash");
    }

    @Test
    void whoHasNotLoggedInLeavesNothingInTheDatabase() throws Exception {
        long before = jdbc.sql("select count(*) from login_session").query(Long.class).single();
        for (int i = 0; i < 20; i++) {
            WebSession stranger = new WebSession(console.url());
            stranger.send("GET", "/login", null);
            assertThat(stranger.location("/filters")).contains("/login");
            assertThat(stranger.cookie()).isNotEmpty();
        }
        assertThat(jdbc.sql("select count(*) from login_session").query(Long.class).single()).isEqualTo(before);
    }

    @Test
    void anUnchangedSessionIsNotWrittenAndAnExpiredOneIsCleanedAway() throws Exception {
        String name = account("viewer");
        WebSession session = session(name);
        session.send("GET", "/", null);
        String row = "select content || last_used || expires_at from login_session where principal = ?";
        String before = jdbc.sql(row).param(name).query(String.class).single();
        for (int i = 0; i < 5; i++) {
            session.send("GET", "/filters", null);
        }
        assertThat(jdbc.sql(row).param(name).query(String.class).single()).as("the row after five requests").isEqualTo(before);
        jdbc.sql("update login_session set last_used = last_used - 120000 where principal = ?").param(name).update();
        session.isIn();
        assertThat(jdbc.sql(row).param(name).query(String.class).single()).as("the time of the last access").isNotEqualTo(before);
        jdbc.sql("update login_session set expires_at = ? where principal = ?").params(System.currentTimeMillis() - 1, name).update();
        assertThat(session.isIn()).isFalse();
        console.bean(StoredSessions.class).clean();
        assertThat(rows(name)).isZero();
    }

    @Test
    void anAccountHasAHundredSessionsAtMostAndTheOldestEnd() throws Exception {
        String name = account("viewer");
        WebSession session = session(name);
        for (int i = 0; i < 150; i++) {
            jdbc.sql("insert into login_session (id_hash, principal, created_at, last_used, expires_at, content) values (?, ?, 0, ?, ?, '')")
                    .params(name + i, name, i, Long.MAX_VALUE).update();
        }
        WebSession newest = session(name);
        assertThat(rows(name)).isEqualTo(100);
        assertThat(session.isIn()).isTrue();
        assertThat(newest.isIn()).isTrue();
    }

    @Test
    void noBackupHoldsASession() throws Exception {
        session(account("viewer"));
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        Backup.write(console.bean(DataSource.class), file, Instant.now());
        StringBuilder names = new StringBuilder();
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(file.toByteArray()))) {
            for (var entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                names.append(entry.getName()).append(' ');
            }
        }
        assertThat(names).contains("account").doesNotContain("session");
    }
}
