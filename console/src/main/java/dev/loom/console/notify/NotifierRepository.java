package dev.loom.console.notify;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.GeneratedKeyHolder;
import org.springframework.stereotype.Repository;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** The table of notifiers. */
@Repository
class NotifierRepository {

    private static final TypeReference<List<String>> TYPES = new TypeReference<>() {};
    private static final int LONGEST_ERROR = 1_000;

    private final JdbcClient jdbc;
    private final JsonMapper json;

    NotifierRepository(JdbcClient jdbc, JsonMapper json) {
        this.jdbc = jdbc;
        this.json = json;
    }

    long insert(Notifier n) {
        GeneratedKeyHolder key = new GeneratedKeyHolder();
        jdbc.sql("""
                insert into notifier (name, kind, destination, types, secret_sealed, enabled, last_event, attempts, told, passed_over, last_error,
                    created_at, created_by)
                values (?, ?, ?, ?, ?, ?, ?, 0, 0, 0, '', ?, ?)""")
                .params(n.name(), n.kind().name(), n.destination(), json.writeValueAsString(n.types()), n.secretSealed(), n.enabled(), n.lastEvent(),
                        n.createdAt(), n.createdBy())
                .update(key, "id");
        return key.getKeyAs(Long.class);
    }

    /** What users may change; where it stands is not touched. A change begins anew with the attempts. */
    void change(Notifier n) {
        jdbc.sql("update notifier set name = ?, destination = ?, types = ?, secret_sealed = ?, enabled = ?, attempts = 0, last_error = '' where id = ?")
                .params(n.name(), n.destination(), json.writeValueAsString(n.types()), n.secretSealed(), n.enabled(), n.id())
                .update();
    }

    boolean delete(long id) {
        return jdbc.sql("delete from notifier where id = ?").param(id).update() == 1;
    }

    Optional<Notifier> find(long id) {
        return jdbc.sql("select * from notifier where id = ?").param(id).query(this::read).optional();
    }

    List<Notifier> all() {
        return jdbc.sql("select * from notifier order by name, id").query(this::read).list();
    }

    long count() {
        return jdbc.sql("select count(*) from notifier").query(Long.class).single();
    }

    List<Notifier> enabled() {
        return jdbc.sql("select * from notifier where enabled = true order by id").query(this::read).list();
    }

    /** Goes past events that nobody wants. */
    void skipped(Notifier n, long to) {
        jdbc.sql("update notifier set last_event = ? where id = ? and last_event = ?").params(to, n.id(), n.lastEvent()).update();
    }

    /** Notes that events were told, up to one. */
    void told(Notifier n, long to, int events, long at) {
        jdbc.sql("update notifier set last_event = ?, told = told + ?, attempts = 0, last_error = '', last_told_at = ? where id = ? and last_event = ?")
                .params(to, events, at, n.id(), n.lastEvent())
                .update();
    }

    void failed(Notifier n, String error) {
        jdbc.sql("update notifier set attempts = attempts + 1, last_error = ? where id = ? and last_event = ?")
                .params(cut(error), n.id(), n.lastEvent())
                .update();
    }

    /** Notes that events were given up, up to one. */
    boolean passedOver(Notifier n, long to, int events, String error) {
        return jdbc.sql("update notifier set last_event = ?, passed_over = passed_over + ?, attempts = 0, last_error = ? where id = ? and last_event = ?")
                        .params(to, events, cut(error), n.id(), n.lastEvent())
                        .update()
                == 1;
    }

    private static String cut(String error) {
        return error.length() > LONGEST_ERROR ? error.substring(0, LONGEST_ERROR) : error;
    }

    private Notifier read(ResultSet row, int number) throws SQLException {
        return new Notifier(
                row.getLong("id"), row.getString("name"), Notifier.Kind.valueOf(row.getString("kind")), row.getString("destination"),
                json.readValue(row.getString("types"), TYPES), row.getString("secret_sealed"), row.getBoolean("enabled"), row.getLong("last_event"),
                row.getInt("attempts"), row.getLong("told"), row.getLong("passed_over"), row.getString("last_error"),
                row.getObject("last_told_at", Long.class),
                row.getLong("created_at"), row.getString("created_by"));
    }
}
