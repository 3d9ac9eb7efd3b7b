package dev.loom.console.web;

import dev.loom.console.contract.LoomProblem;
import dev.loom.console.contract.ProblemCode;
import dev.loom.console.rest.Problems;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.util.UriUtils;

/** Refuses paths and parameters that are not text: broken percent signs, bytes that are not UTF-8, and NUL, which PostgreSQL does not store. */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE + 20)
class Readable extends OncePerRequestFilter {

    private final Problems problems;

    Readable(Problems problems) {
        this.problems = problems;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        if (isText(request.getRequestURI()) && isText(request.getQueryString())) {
            chain.doFilter(request, response);
        } else {
            problems.write(
                    request,
                    response,
                    new LoomProblem(ProblemCode.BAD_REQUEST, "The path or a parameter is not text in UTF-8.", "Check its percent signs."));
        }
    }

    private static boolean isText(@Nullable String encoded) {
        if (encoded == null || encoded.indexOf('%') < 0) {
            return true;
        }
        if (encoded.toLowerCase(Locale.ROOT).contains("%00")) {
            return false;
        }
        try {
            return UriUtils.decode(encoded, java.nio.charset.StandardCharsets.UTF_8).indexOf('\uFFFD') < 0
                    || encoded.toUpperCase(Locale.ROOT).contains("%EF%BF%BD");
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
