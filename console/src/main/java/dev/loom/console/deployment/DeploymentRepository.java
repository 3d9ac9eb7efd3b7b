package dev.loom.console.deployment;

import dev.loom.client.Remark;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.GeneratedKeyHolder;
import org.springframework.stereotype.Repository;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** The tables of deployments and of their JVMs. */
@Repository
class DeploymentRepository {

    private static final TypeReference<List<Remark>> REMARKS = new TypeReference<>() {};

    /** The columns of an assignment and of its deployment, those under another name that both have; see {@link #joined}. */
    private static final String BOTH = """
            select t.*, d.id, d.filter_name, d.filter_version, d.mode, d.on_straggler, d.on_harmful, d.on_deadlocked, d.selector, d.revision,
                d.created_at, d.created_by, d.ended_at, d.replaces as d_replaces, d.state as d_state, d.updated_at as d_updated_at
            """;

    /** What {@link #wish} reads. */
    private static final String WISHES = BOTH + """
            , v.digest as text_digest
            from deployment d
            join filter_version v on v.filter_name = d.filter_name and v.version = d.filter_version
            join deployment_target t on t.deployment_id = d.id
            where t.phase <> 'ENDED'""";

    private final JdbcClient jdbc;
    private final JdbcTemplate template;
    private final JsonMapper json;

    DeploymentRepository(JdbcClient jdbc, JdbcTemplate template, JsonMapper json) {
        this.jdbc = jdbc;
        this.template = template;
        this.json = json;
    }

    /** An assignment that is not ended, with its deployment and the digest of the filter's text. */
    record Wish(Deployment deployment, Assignment assignment, String digest) {}

    /** Makes deployments of one filter wait for each other until the end of the transaction. */
    void lockFilter(String filter) {
        jdbc.sql("select name from filter where name = ? for update").param(filter).query(String.class).optional();
    }

    long insert(Deployment d) {
        GeneratedKeyHolder key = new GeneratedKeyHolder();
        jdbc.sql("""
                insert into deployment (filter_name, filter_version, mode, on_straggler, on_harmful, on_deadlocked, selector, state,
                    revision, created_at, created_by, updated_at, replaces)
                values (:filter, :version, :mode, :straggler, :harmful, :deadlocked, :selector, :state, 1, :at, :by, :at,
                    cast(:replaces as bigint))""")
                .param("filter", d.filter())
                .param("version", d.version())
                .param("mode", d.mode().text())
                .param("straggler", d.policies().onStraggler())
                .param("harmful", d.policies().onHarmful())
                .param("deadlocked", d.policies().onDeadlocked())
                .param("selector", d.selector())
                .param("state", d.intent().name())
                .param("at", d.createdAt())
                .param("by", d.createdBy())
                .param("replaces", d.replaces())
                .update(key, "id");
        return key.getKeyAs(Long.class);
    }

    void intent(long id, Intent intent, Mode mode, long now) {
        jdbc.sql("update deployment set state = ?, mode = ?, revision = revision + 1, updated_at = ?, ended_at = cast(? as bigint) where id = ?")
                .param(intent.name())
                .param(mode.text())
                .param(now)
                .param(intent.isEnd() ? Long.valueOf(now) : null)
                .param(id)
                .update();
    }

    void selector(long id, String selector) {
        jdbc.sql("update deployment set selector = ? where id = ?").params(selector, id).update();
    }

    Optional<Deployment> find(long id) {
        return jdbc.sql("select * from deployment where id = ?").param(id).query(DeploymentRepository::deployment).optional();
    }

    List<Deployment> find(Collection<Long> ids) {
        return ids.isEmpty()
                ? List.of()
                : jdbc.sql("select * from deployment where id in (:ids)").param("ids", ids).query(DeploymentRepository::deployment).list();
    }

    Optional<Deployment> lock(long id) {
        return jdbc.sql("select * from deployment where id = ? for update").param(id).query(DeploymentRepository::deployment).optional();
    }

    List<Deployment> page(@Nullable String filter, @Nullable Boolean ended, int page, int size) {
        List<Object> parameters = new ArrayList<>();
        String where = where(filter, ended, parameters);
        parameters.add(size);
        parameters.add((long) page * size);
        return deployments("select * from deployment where " + where + " order by id desc limit ? offset ?", parameters.toArray());
    }

    long count(@Nullable String filter, @Nullable Boolean ended) {
        List<Object> parameters = new ArrayList<>();
        String where = where(filter, ended, parameters);
        return jdbc.sql("select count(*) from deployment where " + where).params(parameters).query(Long.class).single();
    }

    private static String where(@Nullable String filter, @Nullable Boolean ended, List<Object> parameters) {
        StringBuilder where = new StringBuilder("1 = 1");
        if (filter != null) {
            where.append(" and filter_name = ?");
            parameters.add(filter);
        }
        if (ended != null) {
            where.append(ended ? " and ended_at is not null" : " and ended_at is null");
        }
        return where.toString();
    }

    /** Deployments that take JVMs by label, also such as come later; newest first. */
    List<Deployment> openSelectors() {
        return deployments("select * from deployment where selector is not null and state = 'ENABLED' order by id desc");
    }

    /** The deployments of a filter that take JVMs by label and are not ended. */
    List<Deployment> openSelectors(String filter) {
        return deployments("select * from deployment where filter_name = ? and selector is not null and ended_at is null order by id desc", filter);
    }

    boolean isEnabled(String filter) {
        return jdbc.sql("select count(*) from deployment where filter_name = ? and ended_at is null").param(filter).query(Long.class).single()
                > 0;
    }

    // JVMs of deployments ----------------------------------------------------------------------------------------------------

    void insert(Collection<Assignment> assignments, long now) {
        template.batchUpdate(
                """
                insert into deployment_target (deployment_id, target_id, target_name, phase, state, progress, stragglers, harmful, cause,
                    diagnostics, replaces, updated_at)
                values (?, ?, ?, ?, ?, 0, 0, false, ?, '[]', cast(? as bigint), ?)""",
                assignments.stream()
                        .map(a -> new Object[] {
                            a.deployment(), a.target(), a.targetName(), a.phase().name(), a.state().name(), a.cause(), a.replaces(), now
                        })
                        .toList());
    }

    /** Stores a change, if the phase still is what it was when the change was decided. */
    boolean update(Assignment a, Phase expected, long now) {
        return jdbc.sql("""
                update deployment_target set target_name = :name, phase = :phase, state = :state, progress = :progress,
                    stragglers = :stragglers, harmful = :harmful, cause = :cause, diagnostics = :diagnostics,
                    agent_digest = :digest, jvm_start = cast(:start as bigint), installed_at = cast(:installed as bigint),
                    active_at = cast(:active as bigint), updated_at = :now
                where deployment_id = :deployment and target_id = :target and phase = :expected""")
                        .param("name", a.targetName())
                        .param("phase", a.phase().name())
                        .param("state", a.state().name())
                        .param("progress", a.progress())
                        .param("stragglers", a.stragglers())
                        .param("harmful", a.harmful())
                        .param("cause", a.cause())
                        .param("diagnostics", json.writeValueAsString(a.diagnostics()))
                        .param("digest", a.agentDigest())
                        .param("start", a.jvmStart())
                        .param("installed", a.installedAt())
                        .param("active", a.activeAt())
                        .param("now", now)
                        .param("deployment", a.deployment())
                        .param("target", a.target())
                        .param("expected", expected.name())
                        .update()
                == 1;
    }

    /** Notes what the agent called the text, whatever happened to the wish meanwhile. */
    void installed(long deployment, long target, String agentDigest, long jvmStart) {
        jdbc.sql("update deployment_target set agent_digest = ?, jvm_start = ? where deployment_id = ? and target_id = ?")
                .params(agentDigest, jvmStart, deployment, target)
                .update();
    }

    Optional<Assignment> find(long deployment, long target) {
        return jdbc.sql("select * from deployment_target where deployment_id = ? and target_id = ?")
                .params(deployment, target)
                .query(this::assignment)
                .optional();
    }

    List<Assignment> of(long deployment) {
        return assignments("select * from deployment_target where deployment_id = ? order by target_name, target_id", deployment);
    }

    List<Assignment> of(Collection<Long> deployments) {
        return deployments.isEmpty()
                ? List.of()
                : jdbc.sql("select * from deployment_target where deployment_id in (:ids) order by target_name, target_id")
                        .param("ids", deployments)
                        .query(this::assignment)
                        .list();
    }

    /** What is wanted or at work in one JVM, oldest first. */
    List<Wish> openOn(long target) {
        return jdbc.sql(WISHES + " and t.target_id = ? order by d.id")
                .param(target)
                .query(this::wish)
                .list();
    }

    /** What is wanted or at work of a filter, in any JVM. */
    List<Assignment> openOf(String filter) {
        return assignments("""
                select t.* from deployment d join deployment_target t on t.deployment_id = d.id
                where d.filter_name = ? and t.phase <> 'ENDED' order by d.id""", filter);
    }

    /** What is wanted or at work of a filter in one JVM, newest first. */
    List<Assignment> openOn(long target, String filter) {
        return assignments("""
                select t.* from deployment d join deployment_target t on t.deployment_id = d.id
                where t.target_id = ? and d.filter_name = ? and t.phase <> 'ENDED' order by d.id desc""", target, filter);
    }

    /** The newest deployment of each filter that ever was in one JVM and was not taken back. */
    Map<String, Long> newestOn(long target) {
        Map<String, Long> newest = new HashMap<>();
        jdbc.sql("""
                select d.filter_name, max(d.id) as newest from deployment d join deployment_target t on t.deployment_id = d.id
                where t.target_id = ? and d.state <> 'ABORTED' group by d.filter_name""")
                .param(target)
                .query(row -> {
                    newest.put(row.getString("filter_name"), row.getLong("newest"));
                });
        return newest;
    }

    /** How many JVMs of a deployment are in which state. */
    Tally tally(long deployment) {
        Map<JvmState, Integer> states = new EnumMap<>(JvmState.class);
        int[] counts = new int[2];
        jdbc.sql("select phase, state, count(*) as jvms from deployment_target where deployment_id = ? group by phase, state")
                .param(deployment)
                .query(row -> {
                    int jvms = row.getInt("jvms");
                    states.merge(JvmState.stored(row.getString("state")), jvms, Integer::sum);
                    counts[0] += jvms;
                    counts[1] += row.getString("phase").equals(Phase.ENDED.name()) ? jvms : 0;
                });
        return new Tally(counts[0], counts[1], states);
    }

    /** The JVMs of a deployment that are in one state, counted. */
    record Group(String phase, JvmState state, int jvms, double progress, int stragglers, boolean harmful, String oneName) {}

    Map<Long, List<Group>> groups(Collection<Long> deployments) {
        Map<Long, List<Group>> found = new HashMap<>();
        if (!deployments.isEmpty()) {
            jdbc.sql("""
                    select deployment_id, phase, state, count(*) as jvms, sum(progress) as progress, sum(stragglers) as stragglers,
                        max(case when harmful then 1 else 0 end) as harmful, min(target_name) as one_name
                    from deployment_target where deployment_id in (:ids) group by deployment_id, phase, state""")
                    .param("ids", deployments)
                    .query(row -> {
                        found.computeIfAbsent(row.getLong("deployment_id"), id -> new ArrayList<>())
                                .add(new Group(
                                        row.getString("phase"), JvmState.stored(row.getString("state")), row.getInt("jvms"), row.getDouble("progress"),
                                        row.getInt("stragglers"), row.getInt("harmful") == 1, row.getString("one_name")));
                    });
        }
        return found;
    }

    /** Of a filter: in how many JVMs it is wanted, and in how many of those in force. */
    record Wanted(String filter, int jvms, int inForce) {}

    List<Wanted> wanted() {
        return jdbc.sql("""
                select d.filter_name, count(*) as jvms, sum(case when t.state in ('ACTIVE', 'OBSERVING', 'ACCEPTED') then 1 else 0 end) as in_force
                from deployment d join deployment_target t on t.deployment_id = d.id
                where t.phase <> 'ENDED' group by d.filter_name""")
                .query((row, n) -> new Wanted(row.getString("filter_name"), row.getInt("jvms"), row.getInt("in_force")))
                .list();
    }

    /** What is wrong or slow in deployments that are not ended, newest first. */
    List<Map.Entry<Deployment, Assignment>> troubled(int limit) {
        return jdbc.sql(BOTH + """
                from deployment d join deployment_target t on t.deployment_id = d.id
                where d.ended_at is null and (t.harmful = true or t.state in ('FAILED', 'REJECTED', 'UNKNOWN')
                    or (t.stragglers > 0 and t.state in ('EVACUATING', 'REMOVING')))
                order by d.id desc, t.target_id limit ?""")
                .param(limit)
                .query((row, n) -> Map.entry(joined(row), assignment(row, n)))
                .list();
    }

    /** More JVMs than this are not named one by one in a query. */
    private static final int MOST_NAMED = 500;

    /** What is wanted or at work in each of these JVMs that has something, and maybe in others, oldest first. */
    Map<Long, List<Wish>> open(Collection<Long> targets) {
        Map<Long, List<Wish>> found = new HashMap<>();
        JdbcClient.StatementSpec query = targets.size() > MOST_NAMED
                ? jdbc.sql(WISHES + " order by d.id")
                : jdbc.sql(WISHES + " and t.target_id in (:ids) order by d.id").param("ids", targets);
        query.query(row -> {
                    found.computeIfAbsent(row.getLong("target_id"), id -> new ArrayList<>()).add(wish(row, 0));
                });
        return found;
    }

    /** All deployments that ever were in one JVM, newest first. */
    List<Deployment> everOn(long target, int limit) {
        return deployments("""
                select d.* from deployment d join deployment_target t on t.deployment_id = d.id
                where t.target_id = ? order by d.id desc limit ?""", target, limit);
    }

    private List<Deployment> deployments(String sql, Object... parameters) {
        return jdbc.sql(sql).params(parameters).query(DeploymentRepository::deployment).list();
    }

    private List<Assignment> assignments(String sql, Object... parameters) {
        return jdbc.sql(sql).params(parameters).query(this::assignment).list();
    }

    private Wish wish(ResultSet row, int number) throws SQLException {
        return new Wish(joined(row), assignment(row, number), row.getString("text_digest"));
    }

    private static Deployment joined(ResultSet row) throws SQLException {
        return deployment(row, "d_state", "d_updated_at", "d_replaces");
    }

    private static Deployment deployment(ResultSet row, int number) throws SQLException {
        return deployment(row, "state", "updated_at", "replaces");
    }

    /** The columns are named where a join has them twice. */
    private static Deployment deployment(ResultSet row, String state, String updatedAt, String replaces) throws SQLException {
        return new Deployment(
                row.getLong("id"),
                row.getString("filter_name"),
                row.getInt("filter_version"),
                Mode.parse(row.getString("mode")),
                new Policies(
                        row.getString("on_straggler"), row.getString("on_harmful"),
                        Objects.requireNonNullElse(row.getString("on_deadlocked"), "wait")),
                row.getString("selector"),
                Intent.valueOf(row.getString(state)),
                row.getInt("revision"),
                row.getLong("created_at"),
                row.getString("created_by"),
                row.getLong(updatedAt),
                row.getObject("ended_at", Long.class),
                row.getObject(replaces, Long.class));
    }

    private Assignment assignment(ResultSet row, int number) throws SQLException {
        return new Assignment(
                row.getLong("deployment_id"),
                row.getLong("target_id"),
                row.getString("target_name"),
                Phase.valueOf(row.getString("phase")),
                JvmState.stored(row.getString("state")),
                row.getDouble("progress"),
                row.getInt("stragglers"),
                row.getBoolean("harmful"),
                row.getString("cause"),
                json.readValue(row.getString("diagnostics"), REMARKS),
                row.getString("agent_digest"),
                row.getObject("jvm_start", Long.class),
                row.getObject("replaces", Long.class),
                row.getObject("installed_at", Long.class),
                row.getObject("active_at", Long.class));
    }
}
