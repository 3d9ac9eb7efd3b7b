package dev.loom.console.security;

import dev.loom.console.contract.LoomProblem;
import dev.loom.console.contract.ProblemCode;
import dev.loom.console.rest.Problems;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.authority.SimpleGrantedAuthority;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.web.filter.OncePerRequestFilter;

/** Takes {@code Authorization: Bearer} for this one request; a wrong token is answered at once, without looking at a session. */
final class BearerFilter extends OncePerRequestFilter {

    private static final String SCHEME = "bearer ";

    private final TokenService tokens;
    private final Problems problems;

    BearerFilter(TokenService tokens, Problems problems) {
        this.tokens = tokens;
        this.problems = problems;
    }

    /** Whether a request brings a token. */
    static boolean isBearer(HttpServletRequest request) {
        return secret(request) != null;
    }

    private static @Nullable String secret(HttpServletRequest request) {
        String header = request.getHeader(HttpHeaders.AUTHORIZATION);
        return header != null && header.length() > SCHEME.length() && header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
                ? header.substring(SCHEME.length()).strip()
                : null;
    }

    @Override
    protected boolean shouldNotFilterAsyncDispatch() {
        return false; // the answer of an async request is written with the same rights
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        String secret = secret(request);
        if (secret == null) {
            chain.doFilter(request, response);
            return;
        }
        Optional<TokenView> token = tokens.authenticate(secret);
        if (token.isEmpty()) {
            response.setHeader(HttpHeaders.WWW_AUTHENTICATE, "Bearer error=\"invalid_token\"");
            problems.write(
                    request,
                    response,
                    new LoomProblem(ProblemCode.UNAUTHENTICATED, "The token is not valid: unknown, expired or revoked.", "Make a new one."));
            return;
        }
        SecurityContext context = SecurityContextHolder.createEmptyContext();
        context.setAuthentication(UsernamePasswordAuthenticationToken.authenticated(
                new TokenUser(token.get().id(), token.get().name(), token.get().scope()), null, List.of(new SimpleGrantedAuthority(token.get().role().authority()))));
        SecurityContextHolder.setContext(context);
        chain.doFilter(request, response);
    }
}
