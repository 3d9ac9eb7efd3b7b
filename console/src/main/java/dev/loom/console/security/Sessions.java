package dev.loom.console.security;

import dev.loom.console.stream.Callers;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Who somebody is, is looked up and not remembered: a session of an account that was deleted, disabled or given another password has ended,
 * and one of an account with another role has that role from the next request on.
 */
@Component
class Sessions implements Callers {

    private final AccountService accounts;
    private final TokenService tokens;

    Sessions(AccountService accounts, TokenService tokens) {
        this.accounts = accounts;
        this.tokens = tokens;
    }

    @Override
    public BooleanSupplier stillAllowed(Authentication caller) {
        if (caller.getPrincipal() instanceof TokenUser token) {
            return () -> tokens.isValid(token.id());
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
        if (authentication == null || !(authentication.getPrincipal() instanceof AccountUser then)) {
            return;
        }
        Optional<AccountUser> now = now(then);
        if (now.isPresent() && now.get().role() == then.role() && Objects.equals(now.get().scope(), then.scope())) {
            return;
        }
        SecurityContext context = SecurityContextHolder.createEmptyContext();
        if (now.isPresent()) {
            var changed = UsernamePasswordAuthenticationToken.authenticated(now.get(), null, now.get().getAuthorities());
            changed.setDetails(authentication.getDetails());
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
