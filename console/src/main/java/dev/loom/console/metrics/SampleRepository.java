package dev.loom.console.metrics;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.List;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Transactional;

/** The table of chart history. */
@Repository
class SampleRepository {

    /** A point of a series; filter empty for the JVM itself. */
    record Sample(long target, String filter, Point point) {}

    private final JdbcClient jdbc;
    private final JdbcTemplate template;

    SampleRepository(JdbcClient jdbc, JdbcTemplate template) {
        this.jdbc = jdbc;
        this.template = template;
    }

    @Transactional
    void insert(List<Sample> samples) {
        template.batchUpdate(
                """
                insert into sample (target_id, filter_name, at, hits, contended, overhead, progress, operations, failures)
                select cast(? as bigint), cast(? as varchar(100)), cast(? as bigint), cast(? as double precision), cast(? as double precision),
                    cast(? as double precision), cast(? as double precision), cast(? as double precision), cast(? as double precision)
                where not exists (select 1 from sample where target_id = ? and filter_name = ? and at = ?)""",
                samples,
                500,
                (statement, sample) -> {
                    statement.setLong(1, sample.target());
                    statement.setString(2, sample.filter());
                    Point p = sample.point();
                    statement.setLong(3, p.at());
                    set(statement, 4, p.hits());
                    set(statement, 5, p.contended());
                    set(statement, 6, p.overhead());
                    set(statement, 7, p.progress());
                    set(statement, 8, p.operations());
                    set(statement, 9, p.failures());
                    // a wall clock that was set back comes by the same moment twice
                    statement.setLong(10, sample.target());
                    statement.setString(11, sample.filter());
                    statement.setLong(12, p.at());
                });
    }

    private static void set(PreparedStatement statement, int index, double value) throws SQLException {
        if (Double.isNaN(value)) {
            statement.setNull(index, Types.DOUBLE);
        } else {
            statement.setDouble(index, value);
        }
    }

    /** Means over steps of {@code step} ms. */
    List<Point> between(long target, String filter, long from, long to, long step) {
        // the step stands in the text, for a parameter in a grouped expression is not the same expression twice
        return jdbc.sql("""
                select (at / %1$d) * %1$d as moment, avg(hits) as hits, avg(contended) as contended, avg(overhead) as overhead,
                    avg(progress) as progress, avg(operations) as operations, avg(failures) as failures
                from sample where target_id = :target and filter_name = :filter and at >= :from and at <= :to
                group by (at / %1$d) * %1$d order by 1""".formatted(step))
                .param("target", target)
                .param("filter", filter)
                .param("from", from)
                .param("to", to)
                .query((row, n) -> new Point(
                        row.getLong("moment"),
                        value(row, "hits"),
                        value(row, "contended"),
                        value(row, "overhead"),
                        value(row, "progress"),
                        value(row, "operations"),
                        value(row, "failures")))
                .list();
    }

    private static double value(ResultSet row, String column) throws SQLException {
        double value = row.getDouble(column);
        return row.wasNull() ? Point.NONE : value;
    }

    int prune(long before) {
        return jdbc.sql("delete from sample where at < ?").param(before).update();
    }

    void deleteTarget(long target) {
        jdbc.sql("delete from sample where target_id = ?").param(target).update();
    }
}
