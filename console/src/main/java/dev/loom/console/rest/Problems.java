package dev.loom.console.rest;

import dev.loom.client.Remark;
import dev.loom.console.contract.LoomProblem;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** Writes what went wrong as a problem detail (RFC 9457): the usual members, and {@code code}, {@code hint}, {@code diagnostics}. */
@Component
public class Problems {

    private final JsonMapper json;

    Problems(JsonMapper json) {
        this.json = json;
    }

    static ProblemDetail detail(LoomProblem problem) {
        ProblemDetail detail = ProblemDetail.forStatusAndDetail(HttpStatusCode.valueOf(problem.code().status()), problem.detail());
        detail.setType(URI.create("urn:loom:problem:" + problem.code().code()));
        detail.setTitle(problem.code().title());
        detail.setProperty("code", problem.code().code());
        if (!problem.hint().isEmpty()) {
            detail.setProperty("hint", problem.hint());
        }
        detail.setProperty("diagnostics", problem.diagnostics());
        return detail;
    }

    /** Writes a problem where no controller was reached. */
    public void write(HttpServletRequest request, HttpServletResponse response, LoomProblem problem) throws IOException {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("type", "urn:loom:problem:" + problem.code().code());
        body.put("title", problem.code().title());
        body.put("status", problem.code().status());
        body.put("detail", problem.detail());
        body.put("instance", request.getRequestURI());
        body.put("code", problem.code().code());
        if (!problem.hint().isEmpty()) {
            body.put("hint", problem.hint());
        }
        List<Remark> diagnostics = problem.diagnostics();
        body.put("diagnostics", diagnostics);
        response.setStatus(problem.code().status());
        response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
        response.getOutputStream().write(json.writeValueAsBytes(body));
        response.flushBuffer();
    }
}
