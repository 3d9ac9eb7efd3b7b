package dev.loom.console.filter;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The tables of filters and of their versions. A deleted filter keeps its row and versions: deployments refer to them. */
@Repository
class FilterRepository {

    /**
     * A version as stored; {@code deleted} and {@code currentVersion} are its filter's. Beside {@link FilterView}, which REST promises: a record
     * cannot take over another's components, and a column must not become part of the API by itself.
     */
    record Row(
            String name,
            int version,
            String text,
            String digest,
            String about,
            String ticket,
            String note,
            int warnings,
            Instant createdAt,
            String createdBy,
            int currentVersion,
            boolean deleted) {}

    private static final String SELECT = "select v.*, f.current_version, f.deleted_at from filter_version v join filter f on f.name = v.filter_name ";
    private static final String CURRENT = "f.deleted_at is null and v.version = f.current_version ";
    private static final String LIKE =
            "(lower(v.filter_name) like ? escape '!' or lower(v.about) like ? escape '!' or lower(v.ticket) like ? escape '!')";

    private final JdbcClient jdbc;

    FilterRepository(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    Optional<Row> current(String name) {
        return jdbc.sql(SELECT + "where f.name = ? and " + CURRENT).param(name).query(FilterRepository::read).optional();
    }

    Optional<Row> version(String name, int version) {
        return jdbc.sql(SELECT + "where f.name = ? and v.version = ?").params(name, version).query(FilterRepository::read).optional();
    }

    Optional<Integer> versionWith(String name, String digest) {
        return jdbc.sql("select v.version from filter_version v join filter f on f.name = v.filter_name"
                        + " where v.filter_name = ? and v.digest = ? and f.deleted_at is null order by v.version desc")
                .params(name, digest)
                .query(Integer.class)
                .list()
                .stream()
                .findFirst();
    }

    String text(String name, int version) {
        return jdbc.sql("select text from filter_version where filter_name = ? and version = ?").params(name, version).query(String.class).single();
    }

    Set<String> existing(Set<String> names) {
        return names.isEmpty()
                ? Set.of()
                : Set.copyOf(jdbc.sql("select name from filter where name in (:names) and deleted_at is null")
                        .param("names", names)
                        .query(String.class)
                        .list());
    }

    List<Row> page(String search, int page, int size) {
        List<Object> parameters = new ArrayList<>(like(search));
        parameters.add(size);
        parameters.add((long) page * size);
        return jdbc.sql(SELECT + "where " + CURRENT + "and " + LIKE + " order by f.name limit ? offset ?")
                .params(parameters)
                .query(FilterRepository::read)
                .list();
    }

    long count(String search) {
        return jdbc.sql("select count(*) from filter_version v join filter f on f.name = v.filter_name where " + CURRENT + "and " + LIKE)
                .params(like(search))
                .query(Long.class)
                .single();
    }

    List<Row> versions(String name, int page, int size) {
        return jdbc.sql(SELECT + "where f.name = ? order by v.version desc limit ? offset ?")
                .params(name, size, (long) page * size)
                .query(FilterRepository::read)
                .list();
    }

    long countVersions(String name) {
        return jdbc.sql("select count(*) from filter_version where filter_name = ?").param(name).query(Long.class).single();
    }

    /** Makes a filter, or brings a deleted one back; empty if it is there. Returns the number of its next version. */
    Optional<Integer> begin(String name, long now) {
        Optional<Row> newest = jdbc.sql(SELECT + "where f.name = ? and v.version = f.current_version")
                .param(name)
                .query(FilterRepository::read)
                .optional();
        if (newest.isEmpty()) {
            jdbc.sql("insert into filter (name, current_version, created_at, updated_at) values (?, 1, ?, ?)").params(name, now, now).update();
            return Optional.of(1);
        }
        if (!newest.get().deleted()) {
            return Optional.empty();
        }
        int next = newest.get().version() + 1;
        int revived = jdbc.sql("update filter set current_version = ?, updated_at = ?, deleted_at = null where name = ? and current_version = ?")
                .params(next, now, name, next - 1)
                .update();
        return revived == 1 ? Optional.of(next) : Optional.empty();
    }

    /** Moves a filter on to its next version, if it still is at the expected one. */
    boolean advance(String name, int expected, long now) {
        return jdbc.sql("update filter set current_version = ?, updated_at = ? where name = ? and current_version = ? and deleted_at is null")
                        .params(expected + 1, now, name, expected)
                        .update()
                == 1;
    }

    boolean delete(String name, int expected, long now) {
        return jdbc.sql("update filter set deleted_at = ?, updated_at = ? where name = ? and current_version = ? and deleted_at is null")
                        .params(now, now, name, expected)
                        .update()
                == 1;
    }

    void insert(String name, int version, String text, FilterChecker.Checked checked, String note, long now, String by) {
        jdbc.sql("""
                insert into filter_version (filter_name, version, text, digest, about, ticket, note, warnings, created_at, created_by)
                values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""")
                .params(name, version, text, checked.digest(), checked.about(), checked.ticket(), note, checked.warnings(), now, by)
                .update();
    }

    private static List<Object> like(String search) {
        String escaped = search.strip().toLowerCase(Locale.ROOT).replace("!", "!!").replace("%", "!%").replace("_", "!_");
        String pattern = "%" + escaped + "%";
        return List.of(pattern, pattern, pattern);
    }

    private static Row read(ResultSet row, int number) throws SQLException {
        return new Row(
                row.getString("filter_name"),
                row.getInt("version"),
                row.getString("text"),
                row.getString("digest"),
                row.getString("about"),
                row.getString("ticket"),
                row.getString("note"),
                row.getInt("warnings"),
                Instant.ofEpochMilli(row.getLong("created_at")),
                row.getString("created_by"),
                row.getInt("current_version"),
                row.getObject("deleted_at") != null);
    }
}
