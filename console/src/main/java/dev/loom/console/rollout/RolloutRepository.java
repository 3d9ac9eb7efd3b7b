package dev.loom.console.rollout;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** Roll-outs in the database. */
@Repository
class RolloutRepository {

    private final JdbcClient jdbc;
    private final JsonMapper json;
    private final Clock clock;

    RolloutRepository(JdbcClient jdbc, JsonMapper json, Clock clock) {
        this.jdbc = jdbc;
        this.json = json;
        this.clock = clock;
    }

    String write(Map<String, ?> strategy) {
        return json.writeValueAsString(strategy);
    }

    Strategy strategy(Rollout rollout) {
        return Strategy.parse(json.readValue(rollout.strategy(), new TypeReference<Map<String, Object>>() {}));
    }

    void insert(Rollout r, @Nullable Duration until, boolean budget) {
        jdbc.sql("insert into rollout (deployment_id, selector, targets, strategy, until_millis, budget, state, step, step_state, step_millis, run_millis, reason,"
                        + " updated_at) values (?, ?, ?, ?, cast(? as bigint), ?, ?, ?, ?, ?, ?, ?, ?)")
                .params(
                        r.deployment(), r.selector(), json.writeValueAsString(r.targets()), r.strategy(), until == null ? null : Long.valueOf(until.toMillis()),
                        budget, r.state().name(), r.step(), r.stepState().name(), r.stepMillis(), r.runMillis(), r.reason(), clock.millis())
                .update();
    }

    /** Stores a change, if the roll-out still stands where it was decided. */
    boolean update(Rollout before, Rollout after) {
        return jdbc.sql("""
                update rollout set state = :state, step = :step, step_state = :stepState, step_millis = :stepMillis, run_millis = :runMillis,
                    reason = :reason, approved_by = :approvedBy, updated_at = :now
                where deployment_id = :id and state = :oldState and step = :oldStep""")
                        .param("state", after.state().name())
                        .param("step", after.step())
                        .param("stepState", after.stepState().name())
                        .param("stepMillis", after.stepMillis())
                        .param("runMillis", after.runMillis())
                        .param("reason", after.reason())
                        .param("approvedBy", after.approvedBy())
                        .param("now", clock.millis())
                        .param("id", after.deployment())
                        .param("oldState", before.state().name())
                        .param("oldStep", before.step())
                        .update()
                == 1;
    }

    Optional<Rollout> find(long deployment) {
        return jdbc.sql("select * from rollout where deployment_id = ?").param(deployment).query(this::read).optional();
    }

    /** Those that want something: that run, are being taken or set back, end at a time, or have a budget to be watched. */
    List<Rollout> open() {
        return jdbc.sql("""
                select r.* from rollout r join deployment d on d.id = r.deployment_id
                where r.state in ('RUNNING', 'ROLLING_BACK', 'SETTING_BACK')
                    or (r.state in ('DONE', 'SET_BACK') and (r.until_millis is not null or r.budget) and d.ended_at is null)""")
                .query(this::read)
                .list();
    }

    private Rollout read(ResultSet row, int number) throws SQLException {
        return new Rollout(
                row.getLong("deployment_id"),
                row.getString("selector"),
                json.readValue(row.getString("targets"), new TypeReference<List<Long>>() {}),
                row.getString("strategy"),
                Rollout.State.valueOf(row.getString("state")),
                row.getInt("step"),
                Rollout.StepState.valueOf(row.getString("step_state")),
                row.getLong("step_millis"),
                row.getLong("run_millis"),
                row.getString("reason"),
                row.getString("approved_by"));
    }
}
