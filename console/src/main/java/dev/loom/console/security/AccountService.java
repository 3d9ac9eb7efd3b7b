package dev.loom.console.security;

import dev.loom.console.audit.EventLog;
import dev.loom.console.audit.Subject;
import dev.loom.console.contract.LoomProblem;
import dev.loom.console.contract.ProblemCode;
import dev.loom.console.scope.Scope;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.security.core.userdetails.UserDetails;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.core.userdetails.UsernameNotFoundException;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** The accounts of people. */
@Service
public class AccountService implements UserDetailsService {

    /** Shortest password. */
    static final int MIN_PASSWORD = 10;
    /** Longest password, in bytes: what bcrypt takes. */
    private static final int MAX_PASSWORD = 72;

    private final JdbcClient jdbc;
    private final PasswordEncoder encoder;
    private final EventLog events;
    private final Clock clock;

    AccountService(JdbcClient jdbc, PasswordEncoder encoder, EventLog events, Clock clock) {
        this.jdbc = jdbc;
        this.encoder = encoder;
        this.events = events;
        this.clock = clock;
    }

    private record Row(AccountView view, String hash, String stamp) {}

    @Override
    @Transactional(readOnly = true)
    public UserDetails loadUserByUsername(String username) {
        return user(username).orElseThrow(() -> new UsernameNotFoundException("no such account"));
    }

    /** An account as it is now. */
    @Transactional(readOnly = true)
    Optional<AccountUser> user(String username) {
        return find(username).map(row -> new AccountUser(
                row.view().username(), row.hash(), row.view().role(), row.view().enabled(), row.stamp(), row.view().scope()));
    }

    @Transactional(readOnly = true)
    public List<AccountView> list() {
        return jdbc.sql("select * from account order by username").query((row, n) -> read(row).view()).list();
    }

    @Transactional(readOnly = true)
    public boolean isEmpty() {
        return jdbc.sql("select count(*) from account").query(Long.class).single() == 0;
    }

    @Transactional
    public AccountView create(String username, String password, Role role) {
        return create(username, password, role, null);
    }

    /** @param scope the selector of the JVMs that it may act on; null for all */
    @Transactional
    public AccountView create(String username, String password, Role role, @Nullable String scope) {
        if (!username.matches("[A-Za-z0-9._@-]{1,100}")) {
            throw new LoomProblem(
                    ProblemCode.BAD_REQUEST, "An account's name has 1 to 100 letters, digits, '.', '_', '@' and '-'.");
        }
        checkRole(role);
        checkPassword(password);
        String checked = Scope.checked(scope);
        checkScope(role, checked);
        try {
            jdbc.sql("insert into account (username, password_hash, role, enabled, created_at, stamp, scope) values (?, ?, ?, true, ?, ?, ?)")
                    .param(username).param(encoder.encode(password)).param(role.name()).param(clock.millis()).param(stamp()).param(checked)
                    .update();
        } catch (DuplicateKeyException e) {
            throw new LoomProblem(ProblemCode.ACCOUNT_EXISTS, "There is an account '" + username + "' already.");
        }
        events.audit(
                "access.account-created", Subject.NONE, "Created account " + username + " (" + role + (checked == null ? "" : ", " + checked) + ").",
                Map.of("username", username, "role", role, "scope", checked == null ? "" : checked));
        return view(username);
    }

    /** Sets somebody's password. */
    @Transactional
    public void setPassword(String username, String fresh) {
        checkPassword(fresh);
        update(username, "update account set password_hash = ? where username = ?", encoder.encode(fresh));
        endSessions(username);
        events.audit("access.account-password", Subject.NONE, "Changed the password of " + username + ".", Map.of("username", username));
    }

    @Transactional
    public AccountView setRole(String username, Role role) {
        checkRole(role);
        if (role != Role.ADMIN) {
            keepAnAdmin(username);
        }
        String scope = view(username).scope();
        if (role == Role.ADMIN && scope != null) {
            throw new LoomProblem(
                    ProblemCode.BAD_OPTION, username + " may act on JVMs with " + scope + " only, and an administrator on all.",
                    "Take the scope away first: an empty one is all JVMs.");
        }
        update(username, "update account set role = ? where username = ?", role.name());
        events.audit("access.account-role", Subject.NONE, username + " is now " + role + ".", Map.of("username", username, "role", role));
        return view(username);
    }

    /**
     * Restricts what somebody may do to some JVMs, from their next request on.
     *
     * @param scope a selector; empty for all JVMs
     */
    @Transactional
    public AccountView setScope(String username, String scope) {
        String checked = Scope.checked(scope);
        checkScope(view(username).role(), checked);
        jdbc.sql("update account set scope = ? where username = ?").param(checked).param(username).update();
        events.audit(
                "access.account-scope", Subject.NONE, username + " may act on " + (checked == null ? "all JVMs." : "JVMs with " + checked + " only."),
                Map.of("username", username, "scope", checked == null ? "" : checked));
        return view(username);
    }

    @Transactional
    public AccountView setEnabled(String username, boolean enabled) {
        if (!enabled) {
            keepAnAdmin(username);
        }
        update(username, "update account set enabled = ? where username = ?", enabled);
        endSessions(username);
        events.audit(
                enabled ? "access.account-enabled" : "access.account-disabled",
                Subject.NONE,
                (enabled ? "Enabled" : "Disabled") + " account " + username + ".",
                Map.of("username", username));
        return view(username);
    }

    /** Changes what is given, all or nothing. */
    @Transactional
    public AccountView change(
            String username, @Nullable String password, @Nullable Role role, @Nullable Boolean enabled, @Nullable String scope) {
        if (password != null) {
            setPassword(username, password);
        }
        if (scope != null && Scope.checked(scope) == null) {
            setScope(username, scope);
        }
        if (role != null) {
            setRole(username, role);
        }
        if (scope != null && Scope.checked(scope) != null) {
            setScope(username, scope);
        }
        if (enabled != null) {
            setEnabled(username, enabled);
        }
        return view(username);
    }

    @Transactional
    public void delete(String username) {
        keepAnAdmin(username);
        if (jdbc.sql("delete from account where username = ?").param(username).update() == 0) {
            throw notFound(username);
        }
        events.audit("access.account-deleted", Subject.NONE, "Deleted account " + username + ".", Map.of("username", username));
    }

    /** Sessions carry the stamp of their login; whatever carries another has ended. */
    private void endSessions(String username) {
        update(username, "update account set stamp = ? where username = ?", stamp());
    }

    private static String stamp() {
        return UUID.randomUUID().toString();
    }

    private void update(String username, String sql, Object value) {
        if (jdbc.sql(sql).params(value, username).update() == 0) {
            throw notFound(username);
        }
    }

    private void keepAnAdmin(String username) {
        // two administrators who demote each other wait for each other here, and the second sees what the first did
        jdbc.sql("update named_lock set at = ? where name = 'accounts'").param(clock.millis()).update();
        long others = jdbc.sql("select count(*) from account where role = 'ADMIN' and enabled = true and username <> ?")
                .param(username)
                .query(Long.class)
                .single();
        if (others == 0 && find(username).filter(r -> r.view().role() == Role.ADMIN).isPresent()) {
            throw new LoomProblem(
                    ProblemCode.LAST_ADMIN, username + " is the last administrator.", "Make somebody else an administrator first.");
        }
    }

    private AccountView view(String username) {
        return find(username).orElseThrow(() -> notFound(username)).view();
    }

    private static LoomProblem notFound(String username) {
        return new LoomProblem(ProblemCode.ACCOUNT_NOT_FOUND, "There is no account '" + username + "'.");
    }

    private static void checkRole(Role role) {
        if (role == Role.AGENT) {
            throw new LoomProblem(ProblemCode.BAD_OPTION, "The role agent is only for tokens.");
        }
    }

    private static void checkScope(Role role, @Nullable String scope) {
        if (scope != null && role != Role.OPERATOR) {
            throw Role.noScope(role, "an operator");
        }
    }

    private static void checkPassword(String password) {
        int bytes = password.getBytes(java.nio.charset.StandardCharsets.UTF_8).length;
        if (password.length() < MIN_PASSWORD || bytes > MAX_PASSWORD) {
            throw new LoomProblem(
                    ProblemCode.BAD_REQUEST, "A password has " + MIN_PASSWORD + " characters at least and " + MAX_PASSWORD + " bytes at most.");
        }
    }

    private Optional<Row> find(String username) {
        return jdbc.sql("select * from account where username = ?").param(username).query((row, n) -> read(row)).optional();
    }

    private static Row read(ResultSet row) throws SQLException {
        return new Row(
                new AccountView(
                        row.getString("username"),
                        Role.valueOf(row.getString("role")),
                        row.getBoolean("enabled"),
                        Instant.ofEpochMilli(row.getLong("created_at")),
                        row.getString("scope")),
                row.getString("password_hash"),
                row.getString("stamp"));
    }
}
