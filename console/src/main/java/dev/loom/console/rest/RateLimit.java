package dev.loom.console.rest;

import dev.loom.console.audit.Actor;
import dev.loom.console.contract.LoomProblem;
import dev.loom.console.contract.ProblemCode;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Bounds how often one token or account may ask the API: so many requests a second on average, ten seconds' worth at once. Enrolment tokens are
 * left out, for all JVMs of a company may share one. Thread-safe.
 */
final class RateLimit extends OncePerRequestFilter {

    /** How much may be saved up, in seconds. */
    static final int SAVED_SECONDS = 10;

    private static final int MOST_CALLERS = 10_000;

    private final Problems problems;
    private final double perSecond;
    private final LongSupplier nanos;

    /** Guarded by itself. Who asked longest ago comes first. */
    private final Map<String, Balance> balances = new LinkedHashMap<>(64, 0.75f, true);

    /** What somebody had left at a time. */
    private record Balance(double requests, long atNanos) {}

    /** @param perSecond 0 for no limit */
    RateLimit(Problems problems, double perSecond, LongSupplier nanos) {
        this.problems = problems;
        this.perSecond = perSecond;
        this.nanos = nanos;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        Authentication caller = SecurityContextHolder.getContext().getAuthentication();
        boolean agent = caller == null || caller.getAuthorities().stream().anyMatch(a -> "ROLE_AGENT".equals(a.getAuthority()));
        long wait = agent ? 0 : waitSeconds(Actor.current());
        if (wait == 0) {
            chain.doFilter(request, response);
            return;
        }
        response.setHeader("Retry-After", Long.toString(wait));
        problems.write(
                request, response,
                new LoomProblem(
                        ProblemCode.TOO_MANY, caller.getName() + " asks more often than " + perSecond + " times a second.",
                        "Wait as Retry-After says. To wait for a deployment, send ?wait=SECONDS instead of asking again and again."));
    }

    /** Counts a request; how long it has to wait, 0 if it may pass. */
    long waitSeconds(String who) {
        if (perSecond <= 0) {
            return 0;
        }
        double most = perSecond * SAVED_SECONDS;
        long now = nanos.getAsLong();
        synchronized (balances) {
            Balance known = balances.get(who);
            double left = known == null ? most : Math.min(most, known.requests() + (now - known.atNanos()) / 1e9 * perSecond);
            boolean pass = left >= 1;
            balances.put(who, new Balance(pass ? left - 1 : left, now));
            if (balances.size() > MOST_CALLERS) {
                balances.remove(balances.keySet().iterator().next());
            }
            return pass ? 0 : Math.max(1, (long) Math.ceil((1 - left) / perSecond));
        }
    }
}
