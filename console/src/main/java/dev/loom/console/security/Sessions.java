package dev.loom.console.security;

import dev.loom.console.stream.Callers;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Who somebody is, is looked up and not remembered: a session of an account that was deleted, disabled or given another password has ended,
 * and one of an account with another role or scope has that from the next request on. Of people whom an OpenID provider vouches for, what their
 * claims mean is looked up; the claims themselves are asked for again when the session has reached its limit.
 */
@Component
class Sessions implements Callers {

    private final AccountService accounts;
    private final TokenService tokens;
    private final People people;
    private final Providers providers;

    Sessions(AccountService accounts, TokenService tokens, People people, Providers providers) {
        this.accounts = accounts;
        this.tokens = tokens;
        this.people = people;
        this.providers = providers;
    }

    @Override
    public BooleanSupplier stillAllowed(Authentication caller) {
        if (caller.getPrincipal() instanceof TokenUser token) {
            return () -> tokens.isValid(token.id());
        }
        if (caller.getPrincipal() instanceof Person person) {
            return () -> now(person).filter(now -> now.roles().equals(person.roles())).isPresent();
        }
        if (caller.getPrincipal() instanceof AccountUser user) {
            return () -> now(user).filter(now -> now.role() == user.role()).isPresent();
        }
        return () -> false;
    }

    /** The account as it is now, if a session of {@code then} still is one of it. */
    private Optional<AccountUser> now(AccountUser then) {
        return accounts.user(then.getUsername()).filter(now -> now.isEnabled() && now.stamp().equals(then.stamp()));
    }

    private Optional<Person> now(Person then) {
        return providers.isOne(then.provider()) ? people.now(then) : Optional.empty();
    }

    /** A filter for each security chain: a session that has ended is invalidated before anything is decided by it. */
    OncePerRequestFilter filter() {
        return new OncePerRequestFilter() {
            @Override
            protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
                    throws ServletException, IOException {
                look(request);
                chain.doFilter(request, response);
            }
        };
    }

    private void look(HttpServletRequest request) {
        Authentication authentication = SecurityContextHolder.getContext().getAuthentication();
        if (authentication == null) {
            return;
        }
        if (authentication.getPrincipal() instanceof AccountUser then) {
            Optional<AccountUser> now = now(then);
            if (now.isEmpty() || now.get().role() != then.role() || !Objects.equals(now.get().scope(), then.scope())) {
                become(request, authentication, now.orElse(null), now.map(AccountUser::getAuthorities).orElse(List.of()));
            }
        } else if (authentication.getPrincipal() instanceof Person then) {
            Optional<Person> now = now(then);
            if (now.isEmpty() || !now.get().roles().equals(then.roles())) {
                become(request, authentication, now.orElse(null), now.map(Person::getAuthorities).orElse(List.of()));
            }
        }
    }

    /** For this request; {@code principal} null: the session has ended. */
    private static void become(
            HttpServletRequest request, Authentication before, @Nullable Object principal, Collection<? extends GrantedAuthority> authorities) {
        SecurityContext context = SecurityContextHolder.createEmptyContext();
        if (principal != null) {
            var changed = UsernamePasswordAuthenticationToken.authenticated(principal, null, authorities);
            changed.setDetails(before.getDetails());
            context.setAuthentication(changed);
        } else {
            HttpSession session = request.getSession(false);
            if (session != null) {
                session.invalidate();
            }
        }
        SecurityContextHolder.setContext(context);
    }
}
