package dev.loom.console.deployment;

import dev.loom.console.contract.Remark;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.GeneratedKeyHolder;
import org.springframework.stereotype.Repository;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** The tables of deployments and of their JVMs. */
@Repository
class DeploymentRepository {

    private static final TypeReference<List<Remark>> REMARKS = new TypeReference<>() {};

    private final JdbcClient jdbc;
    private final JsonMapper json;

    DeploymentRepository(JdbcClient jdbc, JsonMapper json) {
        this.jdbc = jdbc;
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
                insert into deployment (filter_name, filter_version, mode, on_straggler, on_harmful, selector, state, revision,
                    created_at, created_by, updated_at)
                values (:filter, :version, :mode, :straggler, :harmful, :selector, :state, 1, :at, :by, :at)""")
                .param("filter", d.filter())
                .param("version", d.version())
                .param("mode", d.mode().text())
                .param("straggler", d.policies().onStraggler())
                .param("harmful", d.policies().onHarmful())
                .param("selector", d.selector())
                .param("state", d.intent().name())
                .param("at", d.createdAt())
                .param("by", d.createdBy())
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

    Optional<Deployment> find(long id) {
        return jdbc.sql("select * from deployment where id = ?").param(id).query(DeploymentRepository::deployment).optional();
    }

    Optional<Deployment> lock(long id) {
        return jdbc.sql("select * from deployment where id = ? for update").param(id).query(DeploymentRepository::deployment).optional();
    }

    List<Deployment> page(@Nullable String filter, @Nullable Boolean ended, int page, int size) {
        List<Object> parameters = new ArrayList<>();
        String where = where(filter, ended, parameters);
        parameters.add(size);
        parameters.add((long) page * size);
        return jdbc.sql("select * from deployment where " + where + " order by id desc limit ? offset ?")
                .params(parameters)
                .query(DeploymentRepository::deployment)
                .list();
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

    /** Deployments that take JVMs by label, also such as come later. */
    List<Deployment> openSelectors() {
        return jdbc.sql("select * from deployment where selector is not null and state = 'ENABLED' order by id")
                .query(DeploymentRepository::deployment)
                .list();
    }

    boolean isEnabled(String filter) {
        return jdbc.sql("select count(*) from deployment where filter_name = ? and ended_at is null").param(filter).query(Long.class).single()
                > 0;
    }

    // JVMs of deployments ----------------------------------------------------------------------------------------------------

    void insert(Assignment a, long now) {
        jdbc.sql("""
                insert into deployment_target (deployment_id, target_id, target_name, phase, state, progress, stragglers, harmful, cause,
                    diagnostics, replaces, updated_at)
                values (?, ?, ?, ?, ?, 0, 0, false, ?, '[]', cast(? as bigint), ?)""")
                .param(a.deployment())
                .param(a.target())
                .param(a.targetName())
                .param(a.phase().name())
                .param(a.state())
                .param(a.cause())
                .param(a.replaces())
                .param(now)
                .update();
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
                        .param("state", a.state())
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
        return jdbc.sql("select * from deployment_target where deployment_id = ? order by target_name, target_id")
                .param(deployment)
                .query(this::assignment)
                .list();
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
        return jdbc.sql("""
                select d.*, v.digest as text_digest from deployment d
                join filter_version v on v.filter_name = d.filter_name and v.version = d.filter_version
                join deployment_target t on t.deployment_id = d.id
                where t.target_id = ? and t.phase <> 'ENDED' order by d.id""")
                .param(target)
                .query((row, n) -> {
                    Deployment d = deployment(row, n);
                    return new Wish(d, find(d.id(), target).orElseThrow(), row.getString("text_digest"));
                })
                .list();
    }

    /** The deployment of a filter that is wanted or at work in one JVM. */
    Optional<Long> openOn(long target, String filter) {
        return jdbc.sql("""
                select d.id from deployment d join deployment_target t on t.deployment_id = d.id
                where t.target_id = ? and d.filter_name = ? and t.phase <> 'ENDED' order by d.id desc""")
                .params(target, filter)
                .query(Long.class)
                .list()
                .stream()
                .findFirst();
    }

    /** All deployments that ever were in one JVM, newest first. */
    List<Long> everOn(long target, int limit) {
        return jdbc.sql("select deployment_id from deployment_target where target_id = ? order by deployment_id desc limit ?")
                .params(target, limit)
                .query(Long.class)
                .list();
    }

    static Deployment deployment(ResultSet row, int number) throws SQLException {
        return new Deployment(
                row.getLong("id"),
                row.getString("filter_name"),
                row.getInt("filter_version"),
                Mode.parse(row.getString("mode")),
                new Policies(row.getString("on_straggler"), row.getString("on_harmful")),
                row.getString("selector"),
                Intent.valueOf(row.getString("state")),
                row.getInt("revision"),
                row.getLong("created_at"),
                row.getString("created_by"),
                row.getLong("updated_at"),
                row.getObject("ended_at", Long.class));
    }

    private Assignment assignment(ResultSet row, int number) throws SQLException {
        return new Assignment(
                row.getLong("deployment_id"),
                row.getLong("target_id"),
                row.getString("target_name"),
                Phase.valueOf(row.getString("phase")),
                row.getString("state"),
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
