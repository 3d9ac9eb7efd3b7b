package dev.loom.console.security;

import dev.loom.console.scope.Scoped;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.CredentialsContainer;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.authority.SimpleGrantedAuthority;
import org.springframework.security.core.userdetails.UserDetails;

/** Who has logged in: what a session keeps. Whether it still holds is looked up at each request, by {@link Sessions}. */
final class AccountUser implements UserDetails, CredentialsContainer, Scoped {

    private static final long serialVersionUID = 1;

    private final String username;
    private final Role role;
    private final boolean enabled;
    private final String stamp;
    private final @Nullable String scope;
    private String hash;

    AccountUser(String username, String hash, Role role, boolean enabled, String stamp, @Nullable String scope) {
        this.username = username;
        this.hash = hash;
        this.role = role;
        this.enabled = enabled;
        this.stamp = stamp;
        this.scope = scope;
    }

    /** Changes with the password and when the account is disabled. */
    String stamp() {
        return stamp;
    }

    Role role() {
        return role;
    }

    @Override
    public @Nullable String scope() {
        return scope;
    }

    @Override
    public Collection<? extends GrantedAuthority> getAuthorities() {
        return List.of(new SimpleGrantedAuthority(role.authority()));
    }

    @Override
    public String getPassword() {
        return hash;
    }

    @Override
    public String getUsername() {
        return username;
    }

    @Override
    public boolean isEnabled() {
        return enabled;
    }

    @Override
    public void eraseCredentials() {
        hash = "";
    }

    @Override
    public String toString() {
        return username;
    }
}
