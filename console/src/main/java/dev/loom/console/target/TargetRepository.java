package dev.loom.console.target;

import dev.loom.console.jmx.AppBean;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.GeneratedKeyHolder;
import org.springframework.stereotype.Repository;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** The table of JVMs. */
@Repository
class TargetRepository {

    private static final TypeReference<LinkedHashMap<String, String>> LABELS = new TypeReference<>() {};

    private final JdbcClient jdbc;
    private final JsonMapper json;

    TargetRepository(JdbcClient jdbc, JsonMapper json) {
        this.jdbc = jdbc;
        this.json = json;
    }

    /** Stores a new JVM; the id of {@code target} does not matter. */
    long insert(Target target) {
        GeneratedKeyHolder key = new GeneratedKeyHolder();
        parameters(jdbc.sql("""
                insert into target (name, labels, source, jmx_url, username, password_sealed, fingerprint, host, pid, jvm_start, agent_version,
                    app_bean, app_operations, app_failures, created_at, created_by, last_seen, last_heartbeat, state)
                values (:name, :labels, :source, :url, :username, :password, :fingerprint, :host, :pid, :start, :version,
                    :bean, :operations, :failures, :createdAt, :createdBy, :seen, :heartbeat, 'CONNECTING')"""), target)
                .param("createdAt", target.createdAt())
                .param("createdBy", target.createdBy())
                .update(key, "id");
        return key.getKeyAs(Long.class);
    }

    void update(Target target) {
        parameters(jdbc.sql("""
                update target set name = :name, labels = :labels, source = :source, jmx_url = :url, username = :username,
                    password_sealed = :password, fingerprint = :fingerprint, host = :host, pid = :pid, jvm_start = :start, agent_version = :version,
                    app_bean = :bean, app_operations = :operations, app_failures = :failures, last_seen = :seen,
                    last_heartbeat = :heartbeat
                where id = :id"""), target)
                .param("id", target.id())
                .update();
    }

    private JdbcClient.StatementSpec parameters(JdbcClient.StatementSpec statement, Target target) {
        AppBean bean = target.appBean();
        return statement
                .param("name", target.name())
                .param("labels", json.writeValueAsString(target.labels()))
                .param("source", target.source().name())
                .param("url", target.jmxUrl())
                .param("username", target.username())
                .param("password", target.passwordSealed())
                .param("fingerprint", target.fingerprint())
                .param("host", target.host())
                .param("pid", target.pid())
                .param("start", target.jvmStart())
                .param("version", target.agentVersion())
                .param("bean", bean == null ? null : bean.name())
                .param("operations", bean == null ? null : bean.operations())
                .param("failures", bean == null ? null : bean.failures())
                .param("seen", target.lastSeen())
                .param("heartbeat", target.lastHeartbeat());
    }

    /** What is known of a registered JVM's secret: its hash, and whether the JVM has shown it since. */
    record Enrolment(@Nullable String secretHash, boolean shown, @Nullable Long registeredStart) {}

    Enrolment enrolment(long id) {
        return jdbc.sql("select secret_hash, secret_shown, registered_start from target where id = ?")
                .param(id)
                .query((row, n) -> new Enrolment(row.getString("secret_hash"), row.getBoolean("secret_shown"), row.getObject("registered_start", Long.class)))
                .single();
    }

    Optional<Target> findBySecret(String hash) {
        return jdbc.sql("select * from target where secret_hash = ?").param(hash).query(this::read).optional();
    }

    void secret(long id, String hash) {
        jdbc.sql("update target set secret_hash = ?, secret_shown = false where id = ?").params(hash, id).update();
    }

    void secretShown(long id) {
        jdbc.sql("update target set secret_shown = true where id = ? and secret_shown = false").param(id).update();
    }

    void registeredStart(long id, @Nullable Long start) {
        jdbc.sql("update target set registered_start = cast(? as bigint) where id = ?").param(start).param(id).update();
    }

    long count() {
        return jdbc.sql("select count(*) from target").query(Long.class).single();
    }

    void heartbeat(long id, long at) {
        jdbc.sql("update target set last_heartbeat = ? where id = ?").params(at, id).update();
    }

    /** Notes a change of state. */
    void state(long id, TargetState state, @Nullable String code, @Nullable String error, @Nullable Long seen) {
        jdbc.sql("update target set state = ?, error_code = ?, error = ?, last_seen = coalesce(cast(? as bigint), last_seen) where id = ?")
                .param(state.name())
                .param(code)
                .param(error)
                .param(seen)
                .param(id)
                .update();
    }

    /** Notes what process answers there. */
    void process(long id, long pid, long start, String agentVersion) {
        jdbc.sql("update target set pid = ?, jvm_start = ?, agent_version = ? where id = ?").params(pid, start, agentVersion, id).update();
    }

    boolean delete(long id) {
        return jdbc.sql("delete from target where id = ?").param(id).update() == 1;
    }

    Optional<Target> find(long id) {
        return jdbc.sql("select * from target where id = ?").param(id).query(this::read).optional();
    }

    List<Target> find(java.util.Collection<Long> ids) {
        return ids.isEmpty() ? List.of() : jdbc.sql("select * from target where id in (:ids)").param("ids", ids).query(this::read).list();
    }

    Optional<Target> findByUrl(String url) {
        return jdbc.sql("select * from target where jmx_url = ? order by id").param(url).query(this::read).list().stream().findFirst();
    }

    /** The newest JVM that was known under this process. */
    Optional<Target> findProcess(String host, long pid, long start) {
        return jdbc.sql("select * from target where host = ? and pid = ? and jvm_start = ? order by id desc")
                .params(host, pid, start)
                .query(this::read)
                .list()
                .stream()
                .findFirst();
    }

    List<Target> findNamed(String host, String name) {
        return jdbc.sql("select * from target where host = ? and name = ? order by id desc").params(host, name).query(this::read).list();
    }

    List<Target> all() {
        return jdbc.sql("select * from target order by id").query(this::read).list();
    }

    List<Target> page(String search, int page, int size) {
        List<Object> parameters = new ArrayList<>(like(search));
        parameters.add(size);
        parameters.add((long) page * size);
        return jdbc.sql("select * from target where " + LIKE + " order by name, id limit ? offset ?")
                .params(parameters)
                .query(this::read)
                .list();
    }

    long count(String search) {
        return jdbc.sql("select count(*) from target where " + LIKE).params(like(search)).query(Long.class).single();
    }

    private static final String LIKE =
            "(lower(name) like ? escape '!' or lower(labels) like ? escape '!' or lower(jmx_url) like ? escape '!')";

    /** A label as selectors have it; labels are stored as JSON. */
    private static final Pattern LABEL = Pattern.compile("([a-z0-9._/-]+)[=:](.*)");

    private static List<Object> like(String search) {
        String wanted = search.strip().toLowerCase(Locale.ROOT);
        Matcher label = LABEL.matcher(wanted);
        String pattern = "%" + escaped(wanted) + "%";
        return List.of(pattern, label.matches() ? "%" + escaped('"' + label.group(1) + "\":\"" + label.group(2)) + "%" : pattern, pattern);
    }

    private static String escaped(String text) {
        return text.replace("!", "!!").replace("%", "!%").replace("_", "!_");
    }

    private Target read(ResultSet row, int number) throws SQLException {
        String bean = row.getString("app_bean");
        Map<String, String> labels = json.readValue(row.getString("labels"), LABELS);
        return new Target(
                row.getLong("id"),
                row.getString("name"),
                labels,
                Target.Source.valueOf(row.getString("source")),
                row.getString("jmx_url"),
                row.getString("username"),
                row.getString("password_sealed"),
                row.getString("fingerprint"),
                row.getString("host"),
                row.getObject("pid", Long.class),
                row.getObject("jvm_start", Long.class),
                row.getString("agent_version") == null ? "" : row.getString("agent_version"),
                bean == null ? null : new AppBean(bean, row.getString("app_operations"), row.getString("app_failures")),
                row.getLong("created_at"),
                row.getString("created_by"),
                row.getObject("last_seen", Long.class),
                row.getObject("last_heartbeat", Long.class));
    }
}
