package dev.loom.console.audit;

import dev.loom.console.contract.LoomProblem;
import dev.loom.console.contract.Page;
import dev.loom.console.contract.ProblemCode;
import dev.loom.console.stream.Slots;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.Writer;
import org.jspecify.annotations.Nullable;
import org.springdoc.core.annotations.ParameterObject;
import org.springframework.http.MediaType;
import org.springframework.security.core.Authentication;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/** Events and the audit log over REST. What is about logins, accounts and tokens is for administrators alone. */
@RestController
@RequestMapping("/api/v1")
@Tag(name = "events")
class EventController {

    private final EventLog log;
    private final EventStreams streams;
    private final AuditExport export;
    private final Slots exports = new Slots("exports", 4, 1);

    EventController(EventLog log, EventStreams streams, AuditExport export) {
        this.log = log;
        this.streams = streams;
        this.export = export;
    }

    @Operation(summary = "Events as they happen, resumable by Last-Event-ID")
    @GetMapping(path = "/events", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
    SseEmitter events(
            @RequestHeader(name = "Last-Event-ID", required = false) @Nullable String lastEventId,
            @RequestParam(required = false) @Nullable Long after,
            @RequestParam(required = false) @Nullable Long target,
            @RequestParam(required = false) @Nullable String filter,
            @RequestParam(required = false) @Nullable Long deployment,
            @RequestParam(required = false) @Nullable String type,
            Authentication caller,
            HttpServletResponse response) {
        response.setHeader("X-Accel-Buffering", "no"); // nginx would keep the events back
        return streams.open(start(lastEventId, after), query(target, filter, deployment, type, false, caller), caller);
    }

    private long start(@Nullable String lastEventId, @Nullable Long after) {
        if (lastEventId != null && !lastEventId.isBlank()) {
            if (!lastEventId.strip().matches("\\d{1,18}")) {
                throw new LoomProblem(ProblemCode.BAD_REQUEST, "Last-Event-ID must be the number of an event.");
            }
            return Long.parseLong(lastEventId.strip());
        }
        return after == null ? log.lastId() : Math.max(0, after);
    }

    @Operation(summary = "Events that happened, newest first")
    @GetMapping(path = "/events", produces = MediaType.APPLICATION_JSON_VALUE)
    Page<EventView> list(
            @RequestParam(required = false) @Nullable Long target,
            @RequestParam(required = false) @Nullable String filter,
            @RequestParam(required = false) @Nullable Long deployment,
            @RequestParam(required = false) @Nullable String type,
            @RequestParam(defaultValue = "0") int page,
            @RequestParam(defaultValue = "50") int size,
            Authentication caller) {
        return log.list(query(target, filter, deployment, type, false, caller), page, size).map(EventView::of);
    }

    @Operation(summary = "What people and scripts did, newest first")
    @GetMapping("/audit")
    Page<EventView> audit(
            @RequestParam(required = false) @Nullable Long target,
            @RequestParam(required = false) @Nullable String filter,
            @RequestParam(required = false) @Nullable Long deployment,
            @RequestParam(required = false) @Nullable String type,
            @ParameterObject AuditSearch search,
            @RequestParam(defaultValue = "0") int page,
            @RequestParam(defaultValue = "50") int size,
            Authentication caller) {
        return log.list(search.in(query(target, filter, deployment, type, true, caller)), page, size).map(EventView::of);
    }

    @Operation(summary = "All that people and scripts did, newest first, as CSV or, with format=json, as lines of JSON")
    @GetMapping(path = "/audit/export", produces = {"text/csv", "application/x-ndjson"})
    void export(
            @RequestParam(required = false) @Nullable Long target,
            @RequestParam(required = false) @Nullable String filter,
            @RequestParam(required = false) @Nullable Long deployment,
            @RequestParam(required = false) @Nullable String type,
            @ParameterObject AuditSearch search,
            @RequestParam(defaultValue = "csv") String format,
            Authentication caller,
            HttpServletResponse response)
            throws IOException {
        if (!format.equals("csv") && !format.equals("json")) {
            throw new LoomProblem(ProblemCode.BAD_REQUEST, "There is no format '" + format + "'.", "Say csv or json.");
        }
        boolean csv = format.equals("csv");
        EventQuery query = search.in(query(target, filter, deployment, type, true, caller));
        try (Slots.Slot slot = exports.take(caller.getName())) {
            response.setContentType(csv ? "text/csv;charset=utf-8" : "application/x-ndjson;charset=utf-8");
            response.setHeader("Content-Disposition", "attachment; filename=\"loom-audit." + (csv ? "csv" : "jsonl") + "\"");
            response.setHeader("Cache-Control", "no-store");
            Writer to = response.getWriter();
            if (csv) {
                export.csv(query, to);
            } else {
                export.jsonLines(query, to);
            }
        }
    }

    private static EventQuery query(
            @Nullable Long target,
            @Nullable String filter,
            @Nullable Long deployment,
            @Nullable String type,
            boolean auditedOnly,
            Authentication caller) {
        EventQuery query = new EventQuery(target, filter, deployment, type, auditedOnly);
        boolean admin = caller.getAuthorities().stream().anyMatch(a -> "ROLE_ADMIN".equals(a.getAuthority()));
        return admin ? query : query.withoutAccess();
    }
}
