package dev.loom.console.security;

import dev.loom.console.audit.Actor;
import dev.loom.console.audit.EventLog;
import dev.loom.console.audit.Subject;
import dev.loom.console.contract.LoomProblem;
import dev.loom.console.contract.Page;
import dev.loom.console.contract.ProblemCode;
import dev.loom.console.scope.Scope;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.GeneratedKeyHolder;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** Bearer tokens for scripts and agents. Only a SHA-256 hash is kept, which suffices for 256 random bits. */
@Service
public class TokenService {

    private static final String PREFIX = "loom_";
    private static final int SECRET_BYTES = 32;
    /** How exactly the last use is kept, ms. */
    private static final long LAST_USED_STEP = 60_000;

    private final JdbcClient jdbc;
    private final EventLog events;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();

    TokenService(JdbcClient jdbc, EventLog events, Clock clock) {
        this.jdbc = jdbc;
        this.events = events;
        this.clock = clock;
    }

    /** Who made the tokens of a name, also those that are revoked. */
    @Transactional(readOnly = true)
    public List<String> creatorsOf(String name) {
        return jdbc.sql("select distinct created_by from api_token where name = ?").param(name).query(String.class).list();
    }

    /**
     * Makes a token.
     *
     * @param validFor null: until it is revoked
     * @param scope the selector of the JVMs that it may act on, or register; null for all
     */
    @Transactional
    public CreatedToken create(String name, Role role, @Nullable Duration validFor, @Nullable String scope) {
        byte[] bytes = new byte[SECRET_BYTES];
        random.nextBytes(bytes);
        String secret = PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        return new CreatedToken(store(name, role, validFor, Scope.checked(scope), secret), secret);
    }

    /** Takes a token that was chosen by whoever starts the console; it replaces the one of that name. */
    @Transactional
    void bootstrap(String name, Role role, String secret) {
        Optional<TokenView> there = find(secret);
        if (there.isPresent()) {
            return;
        }
        jdbc.sql("update api_token set revoked_at = ? where name = ? and revoked_at is null").params(clock.millis(), name).update();
        store(name, role, null, null, secret);
    }

    private TokenView store(String name, Role role, @Nullable Duration validFor, @Nullable String scope, String secret) {
        if (!name.matches("[A-Za-z0-9._ -]{1,100}") || name.isBlank()) {
            throw new LoomProblem(ProblemCode.BAD_REQUEST, "A token's name has 1 to 100 letters, digits, '.', '_', '-' and spaces.");
        }
        if (validFor != null && (validFor.isNegative() || validFor.isZero())) {
            throw new LoomProblem(ProblemCode.BAD_REQUEST, "A token must be valid for some time.");
        }
        if (scope != null && role != Role.OPERATOR && role != Role.AGENT) {
            throw Role.noScope(role, "an operator's or an agent's token");
        }
        long now = clock.millis();
        GeneratedKeyHolder key = new GeneratedKeyHolder();
        jdbc.sql("""
                insert into api_token (name, hash, hint, role, created_at, created_by, scope, expires_at)
                values (?, ?, ?, ?, ?, ?, ?, cast(? as bigint))""")
                .param(name)
                .param(hash(secret))
                .param(secret.substring(0, Math.min(secret.length() / 3, 9)) + "…")
                .param(role.name())
                .param(now)
                .param(Actor.current())
                .param(scope)
                .param(validFor == null ? null : Long.valueOf(now + validFor.toMillis()))
                .update(key, "id");
        events.audit("access.token-created", Subject.NONE, "Created token " + name + " (" + role + (scope == null ? "" : ", " + scope) + ").",
                Map.of("name", name, "role", role, "scope", scope == null ? "" : scope));
        return jdbc.sql("select * from api_token where id = ?").param(key.getKeyAs(Long.class)).query(TokenService::read).single();
    }

    @Transactional(readOnly = true)
    public Page<TokenView> list(int page, int size) {
        Page.check(page, size);
        return new Page<>(
                jdbc.sql("select * from api_token order by id desc limit ? offset ?")
                        .params(size, (long) page * size)
                        .query(TokenService::read)
                        .list(),
                page,
                size,
                jdbc.sql("select count(*) from api_token").query(Long.class).single());
    }

    /** Ends a token at once. */
    @Transactional
    public void revoke(long id) {
        TokenView token = jdbc.sql("select * from api_token where id = ?")
                .param(id)
                .query(TokenService::read)
                .optional()
                .orElseThrow(() -> new LoomProblem(ProblemCode.TOKEN_NOT_FOUND, "There is no token " + id + "."));
        if (jdbc.sql("update api_token set revoked_at = ? where id = ? and revoked_at is null").params(clock.millis(), id).update() == 1) {
            events.audit("access.token-revoked", Subject.NONE, "Revoked token " + token.name() + ".", Map.of("name", token.name()));
        }
    }

    /** The token with this secret, if it is valid now. */
    @Transactional
    Optional<TokenView> authenticate(String secret) {
        long now = clock.millis();
        Optional<TokenView> token = find(secret).filter(t -> t.expiresAt() == null || t.expiresAt().toEpochMilli() > now);
        token.filter(t -> t.lastUsed() == null || now - t.lastUsed().toEpochMilli() > LAST_USED_STEP)
                .ifPresent(t -> jdbc.sql("update api_token set last_used = ? where id = ?").params(now, t.id()).update());
        return token;
    }

    /** Whether a token is neither revoked nor expired. */
    @Transactional(readOnly = true)
    boolean isValid(long id) {
        return jdbc.sql("select count(*) from api_token where id = ? and revoked_at is null and (expires_at is null or expires_at > ?)")
                        .params(id, clock.millis())
                        .query(Long.class)
                        .single()
                == 1;
    }

    private Optional<TokenView> find(String secret) {
        return jdbc.sql("select * from api_token where hash = ? and revoked_at is null").param(hash(secret)).query(TokenService::read).optional();
    }

    private static String hash(String secret) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static TokenView read(ResultSet row, int number) throws SQLException {
        return new TokenView(
                row.getLong("id"),
                row.getString("name"),
                row.getString("hint"),
                Role.valueOf(row.getString("role")),
                Instant.ofEpochMilli(row.getLong("created_at")),
                row.getString("created_by"),
                instant(row.getObject("expires_at", Long.class)),
                instant(row.getObject("last_used", Long.class)),
                instant(row.getObject("revoked_at", Long.class)),
                row.getString("scope"));
    }

    private static @Nullable Instant instant(@Nullable Long millis) {
        return millis == null ? null : Instant.ofEpochMilli(millis);
    }
}
