package dev.loom.console.rest;

import dev.loom.console.contract.LoomProblem;
import dev.loom.console.contract.ProblemCode;
import dev.loom.console.storage.ClosedDatabase;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.DateTimeException;
import java.util.UUID;
import org.apache.tomcat.util.http.InvalidParameterException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.TypeMismatchException;
import org.springframework.core.Ordered;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.core.AuthenticationException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.web.HttpMediaTypeNotAcceptableException;
import org.springframework.web.HttpMediaTypeNotSupportedException;
import org.springframework.web.HttpRequestMethodNotSupportedException;
import org.springframework.web.bind.MissingServletRequestParameterException;
import org.springframework.web.bind.ServletRequestBindingException;
import org.springframework.web.context.request.async.AsyncRequestNotUsableException;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import org.springframework.web.multipart.MaxUploadSizeExceededException;
import org.springframework.web.servlet.HandlerExceptionResolver;
import org.springframework.web.servlet.ModelAndView;
import org.springframework.web.servlet.NoHandlerFoundException;
import org.springframework.web.servlet.resource.NoResourceFoundException;

/**
 * Turns whatever goes wrong under {@code /api} and {@code /agent} into a problem detail, also where no controller was found. A
 * resolver and not an advice, because pages answer the same errors with a page.
 */
@Component
class ApiErrors implements HandlerExceptionResolver, Ordered {

    private static final Logger log = LoggerFactory.getLogger(ApiErrors.class);

    private final Problems problems;

    ApiErrors(Problems problems) {
        this.problems = problems;
    }

    @Override
    public int getOrder() {
        return Ordered.HIGHEST_PRECEDENCE;
    }

    @Override
    public @Nullable ModelAndView resolveException(
            HttpServletRequest request, HttpServletResponse response, @Nullable Object handler, Exception e) {
        String path = request.getRequestURI().substring(request.getContextPath().length());
        boolean api = path.startsWith("/api/") || path.equals("/api") || path.startsWith("/agent/");
        if (!api || e instanceof AccessDeniedException || e instanceof AuthenticationException) {
            return null; // the security chain answers those
        }
        if (response.isCommitted() || e instanceof AsyncRequestNotUsableException) {
            return new ModelAndView(); // the client is gone, or has its answer's beginning
        }
        try {
            response.resetBuffer();
            if (e instanceof HttpRequestMethodNotSupportedException method && method.getSupportedHttpMethods() != null) {
                response.setHeader(HttpHeaders.ALLOW, String.join(", ", java.util.List.of(method.getSupportedMethods())));
            }
            problems.write(request, response, problem(request, e));
        } catch (IOException gone) {
            log.debug("An error could not be told", gone);
        }
        return new ModelAndView();
    }

    private static LoomProblem problem(HttpServletRequest request, Exception e) {
        if (e instanceof LoomProblem problem) {
            return problem;
        }
        if (e instanceof NoResourceFoundException || e instanceof NoHandlerFoundException) {
            return new LoomProblem(
                    ProblemCode.NOT_FOUND, "There is nothing at " + request.getRequestURI() + ".", "/v3/api-docs describes what there is.");
        }
        if (e instanceof HttpRequestMethodNotSupportedException method) {
            return new LoomProblem(ProblemCode.METHOD_NOT_ALLOWED, method.getMethod() + " is not possible here.", "The header Allow says what is.");
        }
        if (e instanceof HttpMediaTypeNotSupportedException type) {
            return unsupported(request.getRequestURI(), type);
        }
        if (e instanceof HttpMediaTypeNotAcceptableException) {
            return new LoomProblem(ProblemCode.NOT_ACCEPTABLE, "There is no answer in the format that Accept asks for.");
        }
        if (e instanceof MethodArgumentTypeMismatchException mismatch) {
            return bad("'" + shown(mismatch.getValue()) + "' is not a value of " + mismatch.getName() + ".");
        }
        if (e instanceof TypeMismatchException mismatch) {
            return bad("'" + shown(mismatch.getValue()) + "' is not understood.");
        }
        if (e instanceof MissingServletRequestParameterException missing) {
            return bad("The parameter " + missing.getParameterName() + " is missing.");
        }
        if (e instanceof ServletRequestBindingException binding) {
            return bad(binding.getBody().getDetail() == null ? "Something is missing." : binding.getBody().getDetail());
        }
        if (e instanceof HttpMessageNotReadableException unreadable) {
            for (Throwable cause = unreadable; cause != null; cause = cause.getCause()) {
                if (cause instanceof LoomProblem problem) {
                    return problem;
                }
            }
            return unreadable(unreadable);
        }
        if (e instanceof MaxUploadSizeExceededException) {
            return new LoomProblem(ProblemCode.TOO_LARGE, "The upload is too large.", "A filter may have 1 MiB.");
        }
        if (e instanceof DataIntegrityViolationException || e instanceof InvalidParameterException) {
            log.debug("Refused", e); // too long, a NUL, or out of range for the database
            return bad("A value is too long, or has characters that cannot be stored.");
        }
        if (e instanceof ArithmeticException || e instanceof DateTimeException) {
            return bad("A number or a time is out of range.");
        }
        if (isDatabaseAway(e)) {
            // one line: a console whose disk is full must not fill it with what it says of that
            log.warn("{} {}: the database did not answer: {}", request.getMethod(), request.getRequestURI(), e.getMessage());
            log.debug("The database did not answer", e);
            return ClosedDatabase.problem();
        }
        String id = UUID.randomUUID().toString().substring(0, 8);
        log.error("Request {} {} failed ({})", request.getMethod(), request.getRequestURI(), id, e);
        return new LoomProblem(ProblemCode.INTERNAL, "The console failed.", "Its log tells more, under " + id + ".");
    }

    private static LoomProblem unsupported(String path, HttpMediaTypeNotSupportedException type) {
        String wanted = path.endsWith("/suggest")
                ? "Send the text as Content-Type: text/plain, a file as application/octet-stream."
                : "Send Content-Type: application/json" + (path.contains("/filters") ? ", or text/plain for a filter's text." : ".");
        return new LoomProblem(
                ProblemCode.UNSUPPORTED_MEDIA_TYPE, "A body of the type " + type.getContentType() + " is not understood here.", wanted);
    }

    private static boolean isDatabaseAway(Exception e) {
        return e instanceof TransientDataAccessException
                || e instanceof DataAccessResourceFailureException
                || e instanceof CannotCreateTransactionException
                || ClosedDatabase.isBehind(e);
    }

    private static LoomProblem unreadable(HttpMessageNotReadableException e) {
        Throwable root = e.getMostSpecificCause();
        String why = root.getMessage() == null ? "" : root.getMessage().lines().findFirst().orElse("");
        if (why.startsWith("Required request body is missing")) {
            return bad("The body is missing.");
        }
        if (why.contains("UTF-8") || root instanceof java.io.CharConversionException) {
            return new LoomProblem(ProblemCode.NOT_UTF8, "The body is not JSON in UTF-8.", "Save the file in UTF-8.");
        }
        int end = why.indexOf(" (through reference chain");
        String cut = end > 0 ? why.substring(0, end) : why;
        return bad("The body is not the JSON that is expected here: " + (cut.length() > 200 ? cut.substring(0, 200) + "…" : cut));
    }

    private static LoomProblem bad(String message) {
        return new LoomProblem(ProblemCode.BAD_REQUEST, message, "/v3/api-docs describes what is expected.");
    }

    private static String shown(@Nullable Object value) {
        String text = String.valueOf(value);
        return text.length() > 100 ? text.substring(0, 100) + "…" : text;
    }
}
