package dev.loom.console.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loom.console.support.ConsoleUnderTest;
import dev.loom.console.support.Rest;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;
import tools.jackson.databind.JsonNode;

/** The matrix over a thousand JVMs and a dozen filters, as rows of the database: no connection is made to any of them. */
class MatrixTest {

    private static final int JVMS = 1_000;
    private static final int FILTERS = 12;
    private static final long FIRST = 5_000_000;

    /** The count of one engine is enough. */
    private static final boolean COUNTED = System.getProperty("loom.test.database", "h2").equals("h2");

    private final ConsoleUnderTest console = ConsoleUnderTest.shared();
    private final Rest rest = console.rest();
    private final JdbcTemplate jdbc = console.bean(JdbcTemplate.class);

    private void fill() {
        List<Object[]> targets = new ArrayList<>();
        for (int i = 0; i < JVMS; i++) {
            targets.add(new Object[] {FIRST + i, "matrix-jvm-%04d".formatted(i), "{\"row\":\"" + i % 7 + "\"}"});
        }
        jdbc.batchUpdate(
                "insert into target (id, name, labels, source, jmx_url, host, created_at, created_by, state, secret_shown)"
                        + " values (?, ?, ?, 'JMX', 'none', 'h', 1, 'test', 'CONNECTING', false)",
                targets);
        for (int f = 0; f < FILTERS; f++) {
            String name = "matrix-filter-%02d".formatted(f);
            jdbc.update("insert into filter (name, current_version, created_at, updated_at) values (?, 1, 1, 1)", name);
            jdbc.update(
                    "insert into filter_version (filter_name, version, text, digest, about, ticket, note, warnings, created_at, created_by)"
                            + " values (?, 1, 't', 'd', '', '', '', 0, 1, 'test')",
                    name);
            jdbc.update(
                    "insert into deployment (id, filter_name, filter_version, mode, on_straggler, on_harmful, state, revision, created_at, created_by, updated_at)"
                            + " values (?, ?, 1, 'enforce', 'wait', 'keep', 'ENABLED', 1, 1, 'test', 1)",
                    FIRST + f, name);
            List<Object[]> rows = new ArrayList<>();
            for (int i = 0; i < JVMS; i++) {
                rows.add(new Object[] {FIRST + f, FIRST + i, "matrix-jvm-%04d".formatted(i), (i + f) % 10 == 0 ? "EVACUATING" : "ACTIVE"});
            }
            jdbc.batchUpdate(
                    "insert into deployment_target (deployment_id, target_id, target_name, phase, state, progress, stragglers, harmful, cause, diagnostics,"
                            + " updated_at) values (?, ?, ?, 'INSTALLED', ?, 1, 0, false, '', '[]', 1)",
                    rows);
        }
        console.bean(DeploymentStore.class).refreshAll();
    }

    @AfterEach
    void empty() {
        jdbc.update("delete from deployment_target where deployment_id >= ?", FIRST);
        jdbc.update("delete from deployment where id >= ?", FIRST);
        jdbc.update("delete from filter_version where filter_name like 'matrix-filter-%'");
        jdbc.update("delete from filter where name like 'matrix-filter-%'");
        jdbc.update("delete from target where id >= ?", FIRST);
        if (COUNTED) {
            jdbc.execute("set query_statistics false");
        }
        console.bean(DeploymentStore.class).refreshAll();
    }

    @Test
    void itIsCountedAndPagedByTheDatabaseWhateverTheNumberOfJvms() {
        fill();
        JsonNode first = rest.get("/matrix?q=matrix-jvm&filter=matrix-filter&size=50").expect(200).json();
        assertThat(first.path("filterTotal").asInt()).isEqualTo(FILTERS);
        assertThat(first.path("filters")).hasSize(Matrix.COLUMNS);
        assertThat(first.path("filters").path(0).path("wanted").asInt()).isEqualTo(JVMS);
        assertThat(first.path("filters").path(0).path("inForce").asInt()).isEqualTo(JVMS * 9 / 10);
        assertThat(first.path("jvms").path("total").asInt()).isEqualTo(JVMS);
        assertThat(first.path("jvms").path("items")).hasSize(50).allSatisfy(row -> assertThat(row.path("cells")).hasSize(Matrix.COLUMNS));
        JsonNode last = rest.get("/matrix?q=matrix-jvm&filter=matrix-filter&size=50&page=19&filterPage=1").expect(200).json();
        assertThat(last.path("filters")).hasSize(FILTERS - Matrix.COLUMNS);
        assertThat(last.path("jvms").path("items").path(49).path("name").asString()).isEqualTo("matrix-jvm-0999");
        assertThat(rest.get("/matrix?q=row=3&filter=matrix-filter&size=50").json().path("jvms").path("total").asInt()).isEqualTo(143);
        assertThat(rest.get("/matrix?size=501").expect(400).code()).isEqualTo("LOOM-851");

        // the same questions to the database for ten JVMs and for five hundred
        long forTen = queries(10);
        if (COUNTED) {
            assertThat(forTen).isPositive();
        }
        long forMany = queries(500);
        assertThat(forMany).as("queries for 500 JVMs, where ten take %d", forTen).isLessThan(forTen + 25);
        long best = Long.MAX_VALUE;
        for (int i = 0; i < 5; i++) {
            long start = System.nanoTime();
            rest.get("/matrix?q=matrix-jvm&filter=matrix-filter&size=50&page=" + i).expect(200);
            best = Math.min(best, System.nanoTime() - start);
        }
        assertThat(best).as("the best of five pages, ns").isLessThan(1_000_000_000L);
    }

    /** Queries that a page takes, as H2 counts them; the readers of other JVMs ask a few meanwhile. */
    private long queries(int size) {
        console.bean(DeploymentStore.class).refreshAll();
        long before = asked();
        rest.get("/matrix?q=matrix-jvm&filter=matrix-filter&size=" + size).expect(200);
        return asked() - before;
    }

    private long asked() {
        if (!COUNTED) {
            return 0;
        }
        jdbc.execute("set query_statistics_max_entries 10000");
        jdbc.execute("set query_statistics true");
        Long sum = jdbc.queryForObject("select coalesce(sum(execution_count), 0) from information_schema.query_statistics", Long.class);
        return sum == null ? 0 : sum;
    }
}
