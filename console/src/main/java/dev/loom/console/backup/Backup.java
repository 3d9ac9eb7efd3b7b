package dev.loom.console.backup;

import dev.loom.console.contract.LoomProblem;
import dev.loom.console.contract.ProblemCode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.MigrationVersion;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writes all that a console's database holds into a file, as it was at one moment, and puts it into an empty database: of the same engine or
 * the other, of the same version of the console or a later one.
 *
 * <p>The file is a ZIP with a file of JSON lines for each table, and at its end {@link Manifest}. The key that seals the passwords of JVMs is not in it.
 */
public final class Backup {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** Rows that a new database has of itself. */
    private static final List<String> MADE_BY_MIGRATIONS = List.of("event_counter", "named_lock");

    /**
     * What is in a backup.
     *
     * @param rows in all tables
     * @param newestEvent number of the newest event
     */
    public record Summary(String takenAt, long rows, long newestEvent, int tables) {}

    private Backup() {}

    /** Writes the database into a stream, which it does not close. Others go on meanwhile; what they change is not in it. */
    public static Summary write(DataSource database, OutputStream to, Instant now) throws SQLException, IOException {
        try (Connection connection = database.getConnection()) {
            boolean automatic = connection.getAutoCommit();
            int isolation = connection.getTransactionIsolation();
            // of the standard's levels the one that gives both engines one picture of all tables
            connection.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE);
            connection.setAutoCommit(false);
            try {
                Manifest manifest = write(connection, to, now);
                return summary(manifest);
            } finally {
                connection.rollback();
                Engine.of(connection).readInPieces(connection, false);
                connection.setAutoCommit(automatic);
                connection.setTransactionIsolation(isolation);
            }
        }
    }

    private static Manifest write(Connection connection, OutputStream to, Instant now) throws SQLException, IOException {
        Engine engine = Engine.of(connection);
        engine.readInPieces(connection, true);
        List<Manifest.Entry> entries = new ArrayList<>();
        ZipOutputStream zip = new ZipOutputStream(to, StandardCharsets.UTF_8);
        Writer text = new OutputStreamWriter(zip, StandardCharsets.UTF_8);
        long newestEvent = number(connection, "select last from event_counter where id = 1");
        for (Table table : Table.all(connection)) {
            zip.putNextEntry(new ZipEntry(entry(table.name())));
            Contents contents = Rows.read(connection, table, line -> text.append(line).append('\n'));
            text.flush();
            zip.closeEntry();
            long next = table.identity().isEmpty() ? 0 : table.nextNumber(connection, engine);
            entries.add(new Manifest.Entry(table.name(), contents.rows(), contents.digest(), next));
        }
        Manifest manifest = new Manifest(Manifest.FORMAT, schemaVersion(connection), now.toString(), newestEvent, entries);
        zip.putNextEntry(new ZipEntry(Manifest.NAME));
        text.append(JSON.writeValueAsString(manifest));
        text.flush();
        zip.closeEntry();
        zip.finish();
        return manifest;
    }

    private static String entry(String table) {
        return "tables/" + table + ".jsonl";
    }

    private static String schemaVersion(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet version = statement.executeQuery(
                        "select \"version\" from \"flyway_schema_history\" where \"success\" = true and \"version\" is not null order by \"installed_rank\" desc")) {
            if (!version.next()) {
                throw new SQLException("The database has no schema of a console");
            }
            return version.getString(1);
        }
    }

    /**
     * Reads all of a backup.
     *
     * @throws LoomProblem if it is not whole
     */
    public static Summary look(Path file) throws IOException {
        try (ZipFile zip = open(file)) {
            return summary(verified(zip, file));
        }
    }

    private static Summary summary(Manifest manifest) {
        return new Summary(manifest.takenAt(), manifest.rows(), manifest.newestEvent(), manifest.tables().size());
    }

    private static ZipFile open(Path file) throws IOException {
        try {
            return new ZipFile(file.toFile(), StandardCharsets.UTF_8);
        } catch (ZipException e) {
            throw notWhole(file);
        }
    }

    private static LoomProblem notWhole(Path file) {
        return new LoomProblem(
                ProblemCode.BAD_REQUEST, file + " is no backup of a console, or not a whole one.", "Take another; nothing was changed.");
    }

    /** What the backup says of itself, after all its lines were read and compared with that. */
    private static Manifest verified(ZipFile zip, Path file) {
        Manifest manifest;
        try {
            manifest = JSON.readValue(zip.getInputStream(zip.getEntry(Manifest.NAME)).readAllBytes(), Manifest.class);
            for (Manifest.Entry entry : manifest.tables()) {
                Contents contents = new Contents();
                try (BufferedReader lines = lines(zip, entry)) {
                    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                        contents.add(line);
                    }
                }
                if (contents.rows() != entry.rows() || !contents.digest().equals(entry.digest())) {
                    throw notWhole(file);
                }
            }
        } catch (IOException | JacksonException | NullPointerException e) {
            throw notWhole(file); // no entry of that name, or none that can be read
        }
        if (manifest.format() > Manifest.FORMAT) {
            throw newer(file);
        }
        return manifest;
    }

    private static BufferedReader lines(ZipFile zip, Manifest.Entry table) throws IOException {
        return new BufferedReader(new InputStreamReader(zip.getInputStream(zip.getEntry(entry(table.name()))), StandardCharsets.UTF_8));
    }

    private static LoomProblem newer(Path file) {
        return new LoomProblem(
                ProblemCode.BAD_REQUEST, file + " was written by a newer console.", "Restore it with that version or a later one; nothing was changed.");
    }

    /**
     * Puts a backup into an empty database: all of it or nothing. The database is then read again and compared with the file.
     *
     * @throws LoomProblem if the file is not whole, is newer than this console, or the database is not empty
     */
    public static Summary restore(Path file, DataSource database) throws SQLException, IOException {
        try (ZipFile zip = open(file)) {
            Manifest manifest = verified(zip, file);
            refuseIfNotEmpty(database);
            migrate(database, manifest, file);
            try (Connection connection = database.getConnection()) {
                Engine engine = Engine.of(connection);
                engine.readInPieces(connection, true);
                Map<String, Table> tables = Table.all(connection).stream().collect(Collectors.toMap(Table::name, Function.identity()));
                connection.setAutoCommit(false);
                for (Manifest.Entry entry : manifest.tables()) {
                    Table table = tables.get(entry.name());
                    if (table == null) {
                        throw newer(file);
                    }
                    fill(connection, engine, table, lines(zip, entry));
                }
                // H2 commits with it: so it comes last, in a database that has all its rows
                for (Manifest.Entry entry : manifest.tables()) {
                    number(connection, tables.get(entry.name()), entry);
                }
                connection.commit();
            }
            Flyway.configure().dataSource(database).load().migrate();
            return summary(manifest);
        }
    }

    private static void fill(Connection connection, Engine engine, Table table, BufferedReader lines) throws SQLException, IOException {
        if (MADE_BY_MIGRATIONS.contains(table.name())) {
            try (Statement statement = connection.createStatement()) {
                statement.executeUpdate("delete from " + table.name());
            }
        }
        try (lines) {
            Contents written = Rows.write(connection, engine, table, lines);
            Contents stored = Rows.read(connection, table, line -> {});
            if (stored.rows() != written.rows() || !stored.digest().equals(written.digest())) {
                throw new SQLException("The database has not stored " + table.name() + " as it was given: " + stored.rows() + " rows of " + written.rows());
            }
        }
    }

    private static void number(Connection connection, Table table, Manifest.Entry entry) throws SQLException {
        if (!table.identity().isEmpty()) {
            try (Statement statement = connection.createStatement()) {
                statement.execute("alter table " + table.name() + " alter column " + table.identity() + " restart with " + entry.nextNumber());
            }
        }
    }

    private static void refuseIfNotEmpty(DataSource database) throws SQLException {
        try (Connection connection = database.getConnection()) {
            for (Table table : Table.all(connection)) {
                if (!MADE_BY_MIGRATIONS.contains(table.name()) && number(connection, "select count(*) from " + table.name()) > 0) {
                    throw new LoomProblem(
                            ProblemCode.BAD_REQUEST,
                            "The database is not empty: " + table.name() + " has rows.",
                            "Restore into a new data directory or database; nothing was changed.");
                }
            }
        }
    }

    /** Makes the schema of the time of the backup; later ones come after the rows, as they did for those who were there. */
    private static void migrate(DataSource database, Manifest manifest, Path file) {
        MigrationVersion version = MigrationVersion.fromVersion(manifest.schema());
        boolean known = Arrays.stream(Flyway.configure().dataSource(database).load().info().all())
                .anyMatch(migration -> version.equals(migration.getVersion()));
        if (!known) {
            throw newer(file);
        }
        Flyway.configure().dataSource(database).target(version).load().migrate();
    }

    private static long number(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement(); ResultSet row = statement.executeQuery(sql)) {
            return row.next() ? row.getLong(1) : 0;
        }
    }
}
