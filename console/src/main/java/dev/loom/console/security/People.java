package dev.loom.console.security;

import dev.loom.console.contract.LoomProblem;
import dev.loom.console.scope.Scope;
import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.security.oauth2.core.OAuth2AuthenticationException;
import org.springframework.security.oauth2.core.OAuth2Error;
import org.springframework.security.oauth2.core.oidc.user.OidcUser;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/**
 * Makes people of what an OpenID provider says of them. A person is the provider's subject. The name under which they appear is given at the first
 * login and stays: whoever later calls themselves the same at the provider gets another one.
 */
@Service
class People {

    /** The error of a login that is right, by somebody who has no role here. */
    static final String NO_ROLE = "no_role";

    private static final int LONGEST_NAME = 100;

    private final JdbcClient jdbc;
    private final OidcSettings settings;
    private final Clock clock;

    People(JdbcClient jdbc, OidcSettings settings, Clock clock) {
        this.jdbc = jdbc;
        this.settings = settings;
        this.clock = clock;
    }

    /**
     * The person whom a provider has vouched for.
     *
     * @throws OAuth2AuthenticationException if they have no role here
     */
    @Transactional
    Person person(String provider, OidcUser user) {
        List<String> claimed = values(claim(user.getClaims(), settings.roleClaim()));
        Set<Role> roles = settings.rolesOf(claimed);
        String scope = null;
        if (settings.scopeClaim() != null && roles.contains(Role.OPERATOR)) {
            Optional<String> selector = selector(claim(user.getClaims(), settings.scopeClaim()));
            if (selector.isEmpty()) {
                roles.remove(Role.OPERATOR); // without a scope that can be read nobody acts everywhere
            } else {
                scope = Scope.checked(selector.get());
            }
        }
        if (roles.isEmpty()) {
            throw new OAuth2AuthenticationException(new OAuth2Error(NO_ROLE, "no value of the claim " + settings.roleClaim() + " gives a role", null));
        }
        Object called = claim(user.getClaims(), settings.nameClaim());
        String name = name(provider, user.getSubject(), called instanceof String text ? text : user.getSubject());
        return new Person(provider, user.getSubject(), name, claimed, roles, scope, Instant.ofEpochMilli(clock.millis()));
    }

    /** The person as of now; empty if the session has ended. */
    Optional<Person> now(Person then) {
        long age = clock.millis() - then.loggedIn().toEpochMilli();
        Set<Role> roles = settings.rolesOf(then.claimed());
        if (!then.roles().contains(Role.OPERATOR) && settings.scopeClaim() != null) {
            roles.remove(Role.OPERATOR);
        }
        if (roles.isEmpty() || age > settings.sessionLimit().toMillis()) {
            return Optional.empty();
        }
        return Optional.of(roles.equals(then.roles()) ? then : then.with(EnumSet.copyOf(roles)));
    }

    private String name(String provider, String subject, String called) {
        Optional<String> known = jdbc.sql("select name from person where provider = ? and subject = ?")
                .params(provider, subject)
                .query(String.class)
                .optional();
        if (known.isPresent()) {
            return known.get();
        }
        // two first logins at once wait for each other here, so that both do not find the same name free
        jdbc.sql("update named_lock set at = ? where name = 'accounts'").param(clock.millis()).update();
        String plain = called.strip().replaceAll("[^\\p{L}\\p{N}._@-]", "_");
        String base = provider + ":" + plain.substring(0, Math.min(LONGEST_NAME, plain.length()));
        String name = base;
        for (int i = 2; isTaken(name); i++) {
            name = base + "~" + i;
        }
        jdbc.sql("insert into person (provider, subject, name, created_at) values (?, ?, ?, ?)").params(provider, subject, name, clock.millis()).update();
        return name;
    }

    private boolean isTaken(String name) {
        return jdbc.sql("select count(*) from person where name = ?").param(name).query(Long.class).single() > 0;
    }

    private static Optional<String> selector(@Nullable Object claim) {
        try {
            if (claim instanceof String text && !text.isBlank()) {
                Scope.checked(text);
                return Optional.of(text);
            }
        } catch (LoomProblem nonsense) {
            // as if there were none
        }
        return Optional.empty();
    }

    /** A claim of that very name, or else the member at the end of a path of names. */
    private static @Nullable Object claim(Map<String, Object> claims, String path) {
        if (claims.containsKey(path)) {
            return claims.get(path);
        }
        Object at = claims;
        for (String name : path.split("\\.")) {
            at = at instanceof Map<?, ?> members ? members.get(name) : null;
        }
        return at;
    }

    private static List<String> values(@Nullable Object claim) {
        return claim instanceof Collection<?> all ? all.stream().map(String::valueOf).toList() : claim instanceof String one ? List.of(one) : List.of();
    }
}
