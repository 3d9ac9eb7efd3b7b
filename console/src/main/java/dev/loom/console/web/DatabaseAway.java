package dev.loom.console.web;

import dev.loom.console.rest.Problems;
import dev.loom.console.storage.ClosedDatabase;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Answers 503 where the database failed before a controller was reached: who somebody is, is looked up there too. A page is a line of plain
 * HTML then, since the real ones need the database.
 */
final class DatabaseAway extends OncePerRequestFilter {

    private static final Logger log = LoggerFactory.getLogger(DatabaseAway.class);

    private final Problems problems;

    DatabaseAway(Problems problems) {
        this.problems = problems;
    }

    @Override
    protected boolean shouldNotFilterAsyncDispatch() {
        return false; // requests with a body come as one
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        try {
            chain.doFilter(request, response);
        } catch (ServletException | RuntimeException e) {
            if (!ClosedDatabase.isBehind(e) || response.isCommitted()) {
                throw e;
            }
            log.warn("{} {}: the database did not answer: {}", request.getMethod(), request.getRequestURI(), e.getMessage());
            response.reset();
            if (request.getRequestURI().startsWith(request.getContextPath() + "/api/")
                    || request.getRequestURI().startsWith(request.getContextPath() + "/agent/")) {
                problems.write(request, response, ClosedDatabase.problem());
                return;
            }
            response.setStatus(HttpServletResponse.SC_SERVICE_UNAVAILABLE);
            response.setContentType("text/html;charset=utf-8");
            response.getOutputStream().write(
                    ("<!doctype html><html lang=en><title>Loom</title><h1>Not available now</h1><p>" + ClosedDatabase.problem().detail()
                            + " Filters in JVMs stay as they are. Try again in a moment.</p></html>").getBytes(StandardCharsets.UTF_8));
        }
    }
}
