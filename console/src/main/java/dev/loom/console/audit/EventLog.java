package dev.loom.console.audit;

import dev.loom.console.contract.Page;
import dev.loom.console.node.Lease;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writes and reads the table of events.
 *
 * <p>An event's number comes from a counter row that its transaction locks until the commit. So numbers appear in the order of
 * the commits and without gaps, and a reader that has seen number n never misses a smaller one, also with several nodes. The
 * price is that transactions with events are serial: they append last and are short.
 */
@Service
public class EventLog {

    private static final Logger log = LoggerFactory.getLogger(EventLog.class);
    private static final TypeReference<LinkedHashMap<String, Object>> DATA = new TypeReference<>() {};

    private final JdbcClient jdbc;
    private final JsonMapper json;
    private final Clock clock;
    private final Lease lease;
    private final List<Consumer<LoggedEvent>> subscribers = new CopyOnWriteArrayList<>();

    EventLog(JdbcClient jdbc, JsonMapper json, Clock clock, Lease lease) {
        this.lease = lease;
        this.jdbc = jdbc;
        this.json = json;
        this.clock = clock;
    }

    /** Records what the person or script of the current request did. */
    @Transactional
    public LoggedEvent audit(String type, Subject subject, String message, Map<String, ?> data) {
        return append(type, Actor.current(), true, subject, message, data);
    }

    /** Records what a person or script did, where no request is at work on this thread. */
    @Transactional
    public LoggedEvent auditAs(String actor, String type, Subject subject, String message, Map<String, ?> data) {
        return append(type, actor, true, subject, message, data);
    }

    /** Records what happened by itself. */
    @Transactional
    public LoggedEvent note(String type, Subject subject, String message, Map<String, ?> data) {
        return append(type, Actor.LOOM, false, subject, message, data);
    }

    private LoggedEvent append(String type, String actor, boolean audited, Subject subject, String message, Map<String, ?> data) {
        lease.require(); // every change has an event, so no console makes one whose turn is over
        jdbc.sql("update event_counter set last = last + 1 where id = 1").update();
        long id = jdbc.sql("select last from event_counter where id = 1").query(Long.class).single();
        String origin = audited ? Actor.origin() : null;
        LoggedEvent event = new LoggedEvent(
                id, Instant.ofEpochMilli(clock.millis()), type, actor, origin, audited, subject, message, new LinkedHashMap<>(data));
        jdbc.sql("""
                insert into event (id, at, type, actor, origin, audited, target_id, filter_name, deployment_id, message, data)
                values (:id, :at, :type, :actor, :origin, :audited, :target, :filter, :deployment, :message, :data)""")
                .param("id", id)
                .param("at", event.at().toEpochMilli())
                .param("type", type)
                .param("actor", actor)
                .param("origin", origin)
                .param("audited", audited)
                .param("target", subject.target())
                .param("filter", subject.filter())
                .param("deployment", subject.deployment())
                .param("message", message)
                .param("data", json.writeValueAsString(event.data()))
                .update();
        tellAfterCommit(event);
        return event;
    }

    private void tellAfterCommit(LoggedEvent event) {
        TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
            @Override
            public void afterCommit() {
                for (Consumer<LoggedEvent> subscriber : subscribers) {
                    try {
                        subscriber.accept(event);
                    } catch (RuntimeException e) {
                        log.warn("A listener failed on event {} ({})", event.id(), event.type(), e);
                    }
                }
            }
        });
    }

    /** Calls back after each commit, on the thread that committed: be quick. Run the result to end that. */
    public Runnable subscribe(Consumer<LoggedEvent> subscriber) {
        subscribers.add(subscriber);
        return () -> subscribers.remove(subscriber);
    }

    /** Events after a number, oldest first. */
    @Transactional(readOnly = true)
    public List<LoggedEvent> after(long id, EventQuery query, int limit) {
        return beyond(id, "> ? order by id", query, limit);
    }

    /** Events before a number, newest first, without a count of all. */
    @Transactional(readOnly = true)
    public List<LoggedEvent> before(long id, EventQuery query, int limit) {
        return beyond(id, "< ? order by id desc", query, limit);
    }

    private List<LoggedEvent> beyond(long id, String direction, EventQuery query, int limit) {
        List<Object> parameters = new ArrayList<>();
        String where = where(query, parameters);
        parameters.add(id);
        parameters.add(limit);
        return jdbc.sql("select * from event where " + where + " and id " + direction + " limit ?").params(parameters).query(this::read).list();
    }

    /** Newest first. */
    @Transactional(readOnly = true)
    public Page<LoggedEvent> list(EventQuery query, int page, int size) {
        Page.check(page, size);
        List<Object> parameters = new ArrayList<>();
        String where = where(query, parameters);
        long total = jdbc.sql("select count(*) from event where " + where).params(parameters).query(Long.class).single();
        parameters.add(size);
        parameters.add((long) page * size);
        List<LoggedEvent> events = jdbc.sql("select * from event where " + where + " order by id desc limit ? offset ?")
                .params(parameters)
                .query(this::read)
                .list();
        return new Page<>(events, page, size, total);
    }

    /** Number of the newest event, 0 if there is none. */
    public long lastId() {
        return jdbc.sql("select last from event_counter where id = 1").query(Long.class).single();
    }

    /** Deletes old events; audited ones only if {@code keepAudit} says so. */
    @Transactional
    public int prune(Duration keep, Duration keepAudit) {
        long now = clock.millis();
        int pruned = jdbc.sql("delete from event where audited = false and at < ?").param(now - keep.toMillis()).update();
        if (!keepAudit.isZero()) {
            pruned += jdbc.sql("delete from event where audited = true and at < ?").param(now - keepAudit.toMillis()).update();
        }
        return pruned;
    }

    private static String where(EventQuery query, List<Object> parameters) {
        StringBuilder where = new StringBuilder("1 = 1");
        if (query.target() != null) {
            where.append(" and target_id = ?");
            parameters.add(query.target());
        }
        if (query.filter() != null) {
            where.append(" and filter_name = ?");
            parameters.add(query.filter());
        }
        if (query.deployment() != null) {
            where.append(" and deployment_id = ?");
            parameters.add(query.deployment());
        }
        if (query.type() != null) {
            if (query.type().endsWith(".")) {
                where.append(" and substring(type from 1 for ?) = ?");
                parameters.add(query.type().length());
            } else {
                where.append(" and type = ?");
            }
            parameters.add(query.type());
        }
        if (query.actor() != null) {
            where.append(" and actor = ?");
            parameters.add(query.actor());
        }
        if (query.text() != null) {
            where.append(" and (lower(message) like ? escape '!' or lower(actor) like ? escape '!' or lower(data) like ? escape '!')");
            String like = "%" + query.text().toLowerCase(Locale.ROOT).replaceAll("[!%_]", "!$0") + "%";
            parameters.addAll(List.of(like, like, like));
        }
        if (query.from() != null) {
            where.append(" and at >= ?");
            parameters.add(query.from().toEpochMilli());
        }
        if (query.until() != null) {
            where.append(" and at < ?");
            parameters.add(query.until().toEpochMilli());
        }
        if (query.without() != null) {
            where.append(" and substring(type from 1 for ?) <> ?");
            parameters.add(query.without().length());
            parameters.add(query.without());
        }
        if (query.auditedOnly()) {
            where.append(" and audited = true");
        }
        return where.toString();
    }

    private LoggedEvent read(java.sql.ResultSet row, int number) throws java.sql.SQLException {
        return new LoggedEvent(
                row.getLong("id"),
                Instant.ofEpochMilli(row.getLong("at")),
                row.getString("type"),
                row.getString("actor"),
                row.getString("origin"),
                row.getBoolean("audited"),
                new Subject(
                        row.getObject("target_id", Long.class),
                        row.getString("filter_name"),
                        row.getObject("deployment_id", Long.class)),
                row.getString("message"),
                json.readValue(row.getString("data"), DATA));
    }
}
