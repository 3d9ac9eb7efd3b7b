package dev.loom.console.session;

import dev.loom.console.secret.Seal;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputFilter;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.session.MapSession;
import org.springframework.session.SessionRepository;
import org.springframework.stereotype.Component;

/**
 * Keeps sessions: of people who are logged in, in the database; of others in memory ({@link Strangers}).
 *
 * <p>A reader of the database can take over no session: of its id only a hash is kept, and its content is sealed for that very row. A session that cannot
 * be opened or read, as after a change of the key or of the console's version, is none. What is unchanged is not written, but for the time of the
 * last access, once a minute. Who the session belongs to, and whether that account still holds, is not decided here. Thread-safe.
 */
@Component
class StoredSessions implements SessionRepository<ConsoleSession> {

    private static final Logger log = LoggerFactory.getLogger(StoredSessions.class);

    /** Where Spring Security keeps who has logged in. */
    private static final String LOGIN = "SPRING_SECURITY_CONTEXT";

    /** What sessions are made of. The console's own filter, for what JVMs send, lets none of it pass. */
    private static final ObjectInputFilter CONTENT =
            ObjectInputFilter.Config.createFilter("java.**;jakarta.servlet.**;org.springframework.**;dev.loom.console.**;!*");

    private static final Duration ACCESS_STEP = Duration.ofMinutes(1);

    /** Most sessions of one account; those that were used longest ago end. */
    private static final int MOST_EACH = 100;

    private final JdbcClient jdbc;
    private final Seal seal;
    private final Clock clock;
    private final Duration timeout;
    private final Strangers strangers = new Strangers();

    StoredSessions(JdbcClient jdbc, Seal seal, Clock clock, @Value("${server.servlet.session.timeout}") Duration timeout) {
        this.jdbc = jdbc;
        this.seal = seal;
        this.clock = clock;
        this.timeout = timeout;
    }

    @Override
    public ConsoleSession createSession() {
        MapSession fresh = new MapSession();
        fresh.setMaxInactiveInterval(timeout);
        return new ConsoleSession(fresh, null, false);
    }

    @Override
    public @Nullable ConsoleSession findById(String id) {
        MapSession stranger = strangers.find(id);
        if (stranger != null) {
            return new ConsoleSession(stranger, id, false);
        }
        String hash = hash(id);
        MapSession found = jdbc.sql("select content, last_used from login_session where id_hash = ? and expires_at > ?")
                .params(hash, clock.millis())
                .query((row, n) -> read(row.getString("content"), hash, row.getLong("last_used")))
                .optional()
                .orElse(null);
        if (found == null || !found.getId().equals(id)) {
            return null;
        }
        found.setMaxInactiveInterval(timeout);
        return new ConsoleSession(found, id, true);
    }

    @Override
    public void save(ConsoleSession session) {
        String before = session.keptAs();
        boolean known = session.getAttribute(LOGIN) != null;
        if (!known) {
            if (before != null && session.isChanged()) {
                deleteById(before);
            }
            strangers.keep(session.content());
        } else if (before == null || !session.isStored()) {
            insert(session);
            if (before != null) {
                strangers.forget(before);
            }
        } else if (session.isChanged()) {
            // one that was ended meanwhile has no row any more, and gets none
            jdbc.sql("update login_session set id_hash = ?, content = ?, last_used = ?, expires_at = ? where id_hash = ?")
                    .params(hash(session.getId()), written(session), used(session), used(session) + timeout.toMillis(), hash(before))
                    .update();
        } else if (session.sinceKept().compareTo(ACCESS_STEP) >= 0) {
            touch(session, hash(before));
        } else {
            return;
        }
        session.kept(known);
    }

    private void touch(ConsoleSession session, String hash) {
        try {
            jdbc.sql("update login_session set last_used = ?, expires_at = ? where id_hash = ?")
                    .params(used(session), used(session) + timeout.toMillis(), hash)
                    .update();
        } catch (DataAccessException e) {
            log.debug("The last access of a session is not kept", e); // with a full disk people can still look
        }
    }

    private void insert(ConsoleSession session) {
        SecurityContext context = session.getAttribute(LOGIN);
        String principal = context == null || context.getAuthentication() == null ? "" : context.getAuthentication().getName();
        jdbc.sql("insert into login_session (id_hash, principal, created_at, last_used, expires_at, content) values (?, ?, ?, ?, ?, ?)")
                .params(hash(session.getId()), principal, clock.millis(), used(session), used(session) + timeout.toMillis(), written(session))
                .update();
        jdbc.sql("""
                delete from login_session where principal = ? and last_used < (select min(last_used) from
                    (select last_used from login_session where principal = ? order by last_used desc limit ?) newest)""")
                .params(principal, principal, MOST_EACH)
                .update();
    }

    @Override
    public void deleteById(String id) {
        strangers.forget(id);
        jdbc.sql("delete from login_session where id_hash = ?").param(hash(id)).update();
    }

    /** Takes away what has expired; returns how many. */
    @Scheduled(fixedDelay = 3_600_000, initialDelay = 60_000)
    int clean() {
        return jdbc.sql("delete from login_session where expires_at <= ?").param(clock.millis()).update();
    }

    private static long used(ConsoleSession session) {
        return session.getLastAccessedTime().toEpochMilli();
    }

    private String written(ConsoleSession session) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(2_048);
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(session.content());
        } catch (IOException e) {
            throw new IllegalStateException("the session has an attribute that cannot be stored: " + session.getAttributeNames(), e);
        }
        return seal.seal(bytes.toByteArray(), place(hash(session.getId())));
    }

    /** Null for one that cannot be read. What is deserialized here was sealed here: nobody else can write it. */
    private @Nullable MapSession read(String content, String hash, long lastUsed) {
        byte[] opened = seal.open(content, place(hash));
        if (opened == null) {
            return null;
        }
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(opened))) {
            in.setObjectInputFilter(CONTENT);
            MapSession session = new MapSession((MapSession) in.readObject());
            session.setLastAccessedTime(Instant.ofEpochMilli(lastUsed));
            return session;
        } catch (IOException | ClassNotFoundException | ClassCastException e) {
            log.info("A session of another version of the console cannot be read: its owner logs in again ({})", e.toString());
            return null;
        }
    }

    private static String place(String hash) {
        return "session " + hash;
    }

    private static String hash(String id) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(id.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
