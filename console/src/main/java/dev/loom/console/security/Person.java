package dev.loom.console.security;

import dev.loom.console.scope.Scoped;
import java.io.Serializable;
import java.time.Instant;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.authority.SimpleGrantedAuthority;
import org.springframework.security.oauth2.core.oidc.OidcIdToken;
import org.springframework.security.oauth2.core.oidc.OidcUserInfo;
import org.springframework.security.oauth2.core.oidc.user.OidcUser;

/**
 * Who has logged in by an OpenID provider: what a session keeps, without any token of the provider's. What the roles are now follows from
 * {@code claimed} and the settings at each request, see {@link Sessions}.
 *
 * @param name {@code PROVIDER:NAME}, which no account can be called, and nobody else at the provider
 * @param claimed the values of the claim that gives roles, as of the login
 * @param scope the selector of the JVMs that they may act on; null for all
 */
record Person(
        String provider, String subject, String name, List<String> claimed, Set<Role> roles, @Nullable String scope, Instant loggedIn)
        implements OidcUser, Scoped, Serializable {

    private static final long serialVersionUID = 1;

    /** The same with other roles. */
    Person with(Set<Role> others) {
        return new Person(provider, subject, name, claimed, EnumSet.copyOf(others), scope, loggedIn);
    }

    @Override
    public String getName() {
        return name;
    }

    @Override
    public Collection<? extends GrantedAuthority> getAuthorities() {
        return roles.stream().map(role -> new SimpleGrantedAuthority(role.authority())).toList();
    }

    @Override
    public Map<String, Object> getAttributes() {
        return Map.of("sub", subject);
    }

    @Override
    public Map<String, Object> getClaims() {
        return getAttributes();
    }

    @Override
    public @Nullable OidcUserInfo getUserInfo() {
        return null;
    }

    /** Not kept: a session holds nothing that opens other doors. */
    @Override
    public OidcIdToken getIdToken() {
        throw new UnsupportedOperationException("the ID token is not kept");
    }

    @Override
    public String toString() {
        return name;
    }
}
