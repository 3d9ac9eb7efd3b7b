package dev.loom.console.security;

import dev.loom.console.contract.LoomProblem;
import dev.loom.console.contract.ProblemCode;
import java.time.Duration;
import java.util.Collection;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What a claim of an OpenID provider means here.
 *
 * @param roleClaim where the claim is, as in {@code realm_access.roles}
 * @param roles the values of the claim that give a role, by the role's name; {@code *} is everybody
 * @param scopeClaim the claim with the selector of an operator's JVMs; null for all JVMs
 * @param nameClaim how a person is called in the audit log
 * @param sessionLimit after this long a session asks the provider anew, however much it is used
 */
@ConfigurationProperties("loom.oidc")
record OidcSettings(
        @DefaultValue("groups") String roleClaim,
        @DefaultValue Map<String, List<String>> roles,
        @Nullable String scopeClaim,
        @DefaultValue("preferred_username") String nameClaim,
        @DefaultValue("8h") Duration sessionLimit) {

    private static final String EVERYBODY = "*";

    OidcSettings {
        roles = Map.copyOf(roles);
        for (String name : roles.keySet()) {
            if (Role.parse(name) == Role.AGENT) {
                throw new LoomProblem(ProblemCode.BAD_OPTION, "loom.oidc.roles." + name + ": the role agent is only for tokens.");
            }
        }
        if (sessionLimit.isNegative() || sessionLimit.isZero()) {
            throw new LoomProblem(ProblemCode.BAD_OPTION, "loom.oidc.session-limit must be some time, as in 8h.");
        }
    }

    /** The roles of somebody whose claim has these values; a role that another one includes is left out. */
    Set<Role> rolesOf(Collection<String> values) {
        Map<Role, List<String>> wanted = new EnumMap<>(Role.class);
        roles.forEach((name, of) -> wanted.put(Role.parse(name), of));
        Set<Role> found = EnumSet.noneOf(Role.class);
        wanted.forEach((role, of) -> {
            if (of.stream().anyMatch(value -> value.equals(EVERYBODY) || values.contains(value))) {
                found.add(role);
            }
        });
        if (found.contains(Role.ADMIN)) {
            return EnumSet.of(Role.ADMIN);
        }
        if (found.size() > 1) {
            found.remove(Role.VIEWER);
        }
        return found;
    }
}
