package dev.loom.console.rest;

import dev.loom.console.audit.Actor;
import dev.loom.console.contract.LoomProblem;
import dev.loom.console.contract.ProblemCode;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.util.ContentCachingResponseWrapper;
import org.springframework.web.util.WebUtils;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * Answers a repeated POST with the first one's answer, if both carry the same {@code Idempotency-Key}. The key belongs to whoever
 * sent it and to one request; another request under it is refused. A failure of the console is not kept, so that a retry can
 * succeed. Tokens and notifiers are left out: their secret is never stored. So are jars, of which only the names are read.
 */
final class IdempotentPosts extends OncePerRequestFilter {

    private static final String HEADER = "Idempotency-Key";
    private static final String AT_WORK = IdempotentPosts.class.getName() + ".atWork";
    private static final int MAX_KEY = 200;
    private static final String[] KEPT_HEADERS = {"Content-Type", "Location", "ETag"};
    private static final TypeReference<LinkedHashMap<String, String>> HEADERS = new TypeReference<>() {};

    private final IdempotentAnswers answers;
    private final Problems problems;
    private final JsonMapper json;

    IdempotentPosts(IdempotentAnswers answers, Problems problems, JsonMapper json) {
        this.answers = answers;
        this.problems = problems;
        this.json = json;
    }

    @Override
    protected boolean shouldNotFilter(HttpServletRequest request) {
        return !request.getMethod().equals("POST")
                || request.getHeader(HEADER) == null
                || request.getRequestURI().contains("/tokens") || request.getRequestURI().contains("/notifiers")
                || BodyLimit.isFile(request); // changes nothing, and is too large to be kept in memory
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        if (isAsyncDispatch(request)) {
            if (request.getAttribute(AT_WORK) instanceof String[] atWork) {
                answeredLater(request, response, chain, atWork);
            } else {
                chain.doFilter(request, response);
            }
            return;
        }
        String key = request.getHeader(HEADER).strip();
        if (key.isEmpty() || key.length() > MAX_KEY) {
            problems.write(
                    request, response, new LoomProblem(ProblemCode.BAD_REQUEST, "An Idempotency-Key has 1 to " + MAX_KEY + " characters."));
            return;
        }
        byte[] body;
        try {
            body = request.getInputStream().readAllBytes();
        } catch (LoomProblem tooLarge) {
            problems.write(request, response, tooLarge);
            return;
        }
        String actor = Actor.current();
        String hash = hash(request, body);
        if (answers.begin(actor, key, hash)) {
            first(request, response, chain, body, actor, key);
        } else {
            repeated(request, response, actor, key, hash);
        }
    }

    private void first(
            HttpServletRequest request, HttpServletResponse response, FilterChain chain, byte[] body, String actor, String key)
            throws ServletException, IOException {
        ContentCachingResponseWrapper cached = new ContentCachingResponseWrapper(response);
        request.setAttribute(AT_WORK, new String[] {actor, key});
        boolean later = false;
        try {
            chain.doFilter(new RequestWithBody(request, body), cached);
            later = request.isAsyncStarted();
        } finally {
            if (!later) {
                finish(cached, actor, key);
            }
        }
    }

    /** The answer of a request that waited is written in a dispatch of its own, into the response that was kept. */
    @Override
    protected boolean shouldNotFilterAsyncDispatch() {
        return false;
    }

    private void answeredLater(HttpServletRequest request, HttpServletResponse response, FilterChain chain, String[] atWork)
            throws ServletException, IOException {
        ContentCachingResponseWrapper cached = WebUtils.getNativeResponse(response, ContentCachingResponseWrapper.class);
        chain.doFilter(request, response);
        if (cached != null && !request.isAsyncStarted()) {
            finish(cached, atWork[0], atWork[1]);
        }
    }

    private void finish(ContentCachingResponseWrapper cached, String actor, String key) throws IOException {
        boolean kept = false;
        try {
            if (cached.getStatus() < 500) {
                Map<String, String> headers = new LinkedHashMap<>();
                for (String name : KEPT_HEADERS) {
                    String value = name.equals("Content-Type") ? cached.getContentType() : cached.getHeader(name);
                    if (value != null) {
                        headers.put(name, value);
                    }
                }
                answers.keep(
                        actor,
                        key,
                        cached.getStatus(),
                        json.writeValueAsString(headers),
                        new String(cached.getContentAsByteArray(), StandardCharsets.UTF_8));
                kept = true;
            }
        } finally {
            if (!kept) {
                answers.forget(actor, key);
            }
            cached.copyBodyToResponse();
        }
    }

    private void repeated(HttpServletRequest request, HttpServletResponse response, String actor, String key, String hash)
            throws IOException {
        Optional<IdempotentAnswers.Answer> answer = answers.find(actor, key);
        if (answer.isEmpty() || answer.get().status() == null) {
            problems.write(
                    request,
                    response,
                    new LoomProblem(ProblemCode.IDEMPOTENCY_KEY_BUSY, "The first request with this key is not answered yet.", "Try again in a moment."));
            return;
        }
        if (!answer.get().hash().equals(hash)) {
            problems.write(
                    request,
                    response,
                    new LoomProblem(
                            ProblemCode.IDEMPOTENCY_KEY_REUSED,
                            "This Idempotency-Key was used for another request.",
                            "Use a new key for each request, and the same only for its retries."));
            return;
        }
        response.setStatus(answer.get().status());
        json.readValue(answer.get().headers(), HEADERS).forEach(response::setHeader);
        response.setHeader("Idempotency-Replayed", "true");
        response.getOutputStream().write(answer.get().body().getBytes(StandardCharsets.UTF_8));
        response.flushBuffer();
    }

    private static String hash(HttpServletRequest request, byte[] body) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update((request.getRequestURI() + "?" + request.getQueryString() + "\n" + request.getContentType() + "\n")
                    .getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest.digest(body));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
