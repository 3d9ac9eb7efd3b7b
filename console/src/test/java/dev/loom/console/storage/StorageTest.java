package dev.loom.console.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.loom.console.contract.LoomProblem;
import dev.loom.console.support.ConsoleUnderTest;
import dev.loom.console.support.Filters;
import dev.loom.console.support.Rest;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A database that has lost something, and files that are damaged, are said at the start and never gone on with in silence. */
class StorageTest {

    @TempDir
    Path data;

    private Path database;

    @BeforeEach
    void fill() throws Exception {
        database = data.resolve("loom.mv.db");
        try (ConsoleUnderTest console = ConsoleUnderTest.on(data)) {
            store(console, "first");
        }
    }

    private static void store(ConsoleUnderTest console, String name) {
        for (int i = 0; i < 20; i++) {
            console.rest().postText("/filters?name=" + name + "-" + i, Filters.text("x".repeat(2_000))).expect(201);
        }
    }

    private String refused() {
        Throwable failure = catchThrowable(() -> ConsoleUnderTest.on(data).close());
        assertThat(failure).as("the console started").isNotNull();
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof LoomProblem problem) {
                return problem.detail() + " " + problem.hint();
            }
            if (cause instanceof SQLException sql) {
                return "SQL " + sql.getErrorCode();
            }
        }
        throw new AssertionError("no reason that is told", failure);
    }

    @Test
    void anOlderDatabaseIsRefusedAndTakenIfThatIsSaid() throws Exception {
        byte[] older = Files.readAllBytes(database);
        try (ConsoleUnderTest console = ConsoleUnderTest.on(data)) {
            store(console, "second");
        }
        Files.write(database, older);
        assertThat(refused()).contains("has lost something").contains("--loom.accept-older-database");
        try (ConsoleUnderTest console = ConsoleUnderTest.on(data, "--loom.accept-older-database=true")) {
            assertThat(console.rest().get("/filters").json().path("total").asInt()).isEqualTo(20);
        }
        ConsoleUnderTest.on(data).close();
    }

    @Test
    void aMissingDatabaseIsRefused() throws Exception {
        Files.delete(database);
        assertThat(refused()).contains("is missing");
        assertThat(database).doesNotExist();
    }

    @Test
    void aTruncatedDatabaseIsRefused() throws Exception {
        long size = Files.size(database);
        for (double share : new double[] {0.9, 0.5, 0.1, 0}) {
            byte[] whole = Files.readAllBytes(database);
            try (RandomAccessFile file = new RandomAccessFile(database.toFile(), "rw")) {
                file.setLength((long) (size * share));
            }
            try (ConsoleUnderTest console = ConsoleUnderTest.on(data)) {
                assertThat(console.rest().get("/filters").json().path("total").asInt())
                        .as("the console starts with a file that was cut to " + share + ", so nothing may be missing")
                        .isEqualTo(20);
            } catch (RuntimeException refusal) {
                assertThat(refused()).as("cut to " + share).matches("(?s)SQL (90030|90048|90049|50000)|.*has lost something.*");
            }
            Files.write(database, whole);
        }
        ConsoleUnderTest.on(data).close();
    }

    @Test
    void anEmptyKeyIsSaidWithWhatToDo() throws Exception {
        Files.writeString(data.resolve("secret.key"), "");
        assertThat(refused()).contains("secret.key").contains("backup");
        Files.writeString(data.resolve("secret.key"), "not base64 at all!");
        assertThat(refused()).contains("empty or damaged");
    }

    @Test
    void healthSaysWhetherTheDatabaseCanBeWritten() throws Exception {
        try (ConsoleUnderTest console = ConsoleUnderTest.on(data, "--loom.storage.probe=100ms")) {
            Rest nobody = new Rest(console.url(), null);
            nobody.get("/actuator/health").expect(200);
            var jdbc = console.bean(org.springframework.jdbc.core.simple.JdbcClient.class);
            jdbc.sql("alter table named_lock rename to elsewhere").update();
            dev.loom.console.support.Await.until(() -> nobody.get("/actuator/health").status(), s -> s == 503, "health");
            nobody.get("/actuator/health/readiness").expect(503);
            nobody.get("/actuator/health/liveness").expect(200);
            jdbc.sql("alter table elsewhere rename to named_lock").update();
            dev.loom.console.support.Await.until(() -> nobody.get("/actuator/health").status(), s -> s == 200, "health");
        }
    }

    /** H2 closes a database that it cannot write, under the connections of the pool. */
    @Test
    void aDatabaseThatHasClosedItselfIsSaidToBeAwayAndIsOpenedAnew() throws Exception {
        try (ConsoleUnderTest console = ConsoleUnderTest.on(data, "--loom.storage.probe=100ms")) {
            Rest rest = console.rest();
            for (int i = 0; i < 5; i++) {
                catchThrowable(() -> console.bean(org.springframework.jdbc.core.simple.JdbcClient.class).sql("shutdown immediately").update());
                dev.loom.console.support.Await.until(
                        () -> {
                            Rest.Answer answer = rest.get("/filters");
                            assertThat(answer.status()).as("a closed database is 503 and no fault of the console's: " + answer.text()).isIn(200, 503);
                            return answer;
                        },
                        answer -> answer.status() == 200 && answer.json().path("total").asInt() == 20,
                        "GET /filters after the database has closed itself");
            }
            rest.postText("/filters?name=after", Filters.text("plain")).expect(201);
        }
    }
}
