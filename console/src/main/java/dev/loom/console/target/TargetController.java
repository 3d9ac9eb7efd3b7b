package dev.loom.console.target;

import dev.loom.console.contract.LoomProblem;
import dev.loom.console.contract.Page;
import dev.loom.console.contract.ProblemCode;
import dev.loom.console.jmx.AppBean;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.security.access.prepost.PreAuthorize;
import org.springframework.security.core.Authentication;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** JVMs over REST. */
@RestController
@RequestMapping("/api/v1/targets")
@Tag(name = "targets")
class TargetController {

    /** Carries the secret of a JVM, in both directions: in no body, so that nothing that keeps bodies keeps it. */
    static final String SECRET = "Loom-JVM-Secret";

    private final TargetService targets;
    private final Registrations registrations;

    TargetController(TargetService targets, Registrations registrations) {
        this.targets = targets;
        this.registrations = registrations;
    }

    /**
     * A JVM to add, by {@code jmxUrl} (or {@code address}, {@code host:port}); or, with {@code pid} and {@code host}, what an agent says of
     * its own.
     */
    record TargetBody(
            @Nullable String jmxUrl,
            @Nullable String address,
            @Nullable String name,
            @Nullable Map<String, String> labels,
            @Nullable String username,
            @Schema(accessMode = Schema.AccessMode.WRITE_ONLY) @Nullable String password,
            @Nullable AppBean appBean,
            @Nullable Long pid,
            @Nullable String host,
            @Nullable Long startTime,
            @Nullable String version,
            @Nullable String fingerprint) {

        @Override
        public String toString() {
            return "TargetBody[" + name + "]";
        }
    }

    record ChangeBody(
            @Nullable String name,
            @Nullable Map<String, String> labels,
            @Nullable String username,
            @Schema(accessMode = Schema.AccessMode.WRITE_ONLY) @Nullable String password) {

        @Override
        public String toString() {
            return "ChangeBody[" + name + "]";
        }
    }

    record AttachBody(@Nullable String options) {}

    @Operation(summary = "The JVMs that the console knows")
    @GetMapping
    Page<TargetView> list(
            @RequestParam(name = "q", defaultValue = "") String search,
            @RequestParam(defaultValue = "0") int page,
            @RequestParam(defaultValue = "50") int size) {
        return targets.list(search, page, size);
    }

    @Operation(summary = "Adds a JVM by its JMX address; or an agent registers its own, and repeats that as a sign of life")
    @PostMapping
    ResponseEntity<TargetView> add(
            @RequestBody TargetBody body,
            @Parameter(hidden = true) @RequestHeader(name = SECRET, required = false) @Nullable String secret,
            Authentication caller) {
        boolean operator = caller.getAuthorities().stream().noneMatch(a -> "ROLE_AGENT".equals(a.getAuthority()));
        if (body.pid() != null) {
            if (operator) {
                targets.requireAdder();
            }
            return register(body, body.pid(), secret);
        }
        if (!operator) {
            throw new LoomProblem(
                    ProblemCode.FORBIDDEN, "An enrolment token may only register an agent's own JVM: pid and host are missing.");
        }
        String address = body.jmxUrl() != null && !body.jmxUrl().isBlank() ? body.jmxUrl() : body.address();
        if (address == null || address.isBlank()) {
            throw new LoomProblem(ProblemCode.BAD_ADDRESS, "The address of the JVM is missing.", "Give jmxUrl, or address as host:port.");
        }
        TargetView added =
                targets.add(new NewTarget(address, body.name(), body.labels(), body.username(), body.password(), body.appBean()));
        return ResponseEntity.created(URI.create("/api/v1/targets/" + added.id())).body(targets.afterFirstAnswer(added.id()));
    }

    private ResponseEntity<TargetView> register(TargetBody body, long pid, @Nullable String secret) {
        Registrations.Registered registered = registrations.register(new Registration(
                body.name() == null || body.name().isBlank() ? "JVM " + pid : body.name(),
                body.labels(),
                body.jmxUrl(),
                pid,
                body.host() == null ? "" : body.host(),
                body.startTime(),
                body.username(),
                body.password(),
                body.fingerprint(),
                body.version(),
                secret));
        ResponseEntity.BodyBuilder answer = registered.created()
                ? ResponseEntity.created(URI.create("/api/v1/targets/" + registered.target().id()))
                : ResponseEntity.ok();
        if (registered.secret() != null) {
            answer.header(SECRET, registered.secret()).header("Cache-Control", "no-store");
        }
        return answer.body(registered.target());
    }

    @Operation(summary = "Changes name, labels, or user and password of a JVM; what is left out stays")
    @PatchMapping("/{id}")
    TargetView change(@PathVariable long id, @RequestBody ChangeBody body) {
        return targets.change(id, new TargetChange(body.name(), body.labels(), body.username(), body.password()));
    }

    @Operation(summary = "One JVM")
    @GetMapping("/{id}")
    TargetView get(@PathVariable long id) {
        return targets.get(id);
    }

    /** Names for an editor. */
    record Names(List<String> names) {}

    @Operation(summary = "Names of classes (com.acme.B, Ban) or methods (com.acme.Bank#tr) of a JVM that begin as typed; 100 at most")
    @GetMapping("/{id}/names")
    Names names(@PathVariable long id, @RequestParam(name = "q", defaultValue = "") String typed) {
        return new Names(targets.names(id, typed));
    }

    @Operation(summary = "Takes a JVM out of the list")
    @DeleteMapping("/{id}")
    ResponseEntity<Void> remove(@PathVariable long id, @RequestParam(defaultValue = "false") boolean force) {
        targets.remove(id, force);
        return ResponseEntity.noContent().build();
    }

    @Operation(summary = "Tries to reach a JVM now")
    @PostMapping("/{id}/retry")
    TargetView retry(@PathVariable long id) {
        return targets.retry(id);
    }

    @Operation(summary = "Says where the application counts its failures; an empty name looks for the usual place")
    @PutMapping("/{id}/app-bean")
    TargetView appBean(@PathVariable long id, @RequestBody AppBean bean) {
        return targets.setAppBean(id, bean.name() == null || bean.name().isBlank() ? null : bean);
    }

    @Operation(summary = "The JVMs of the console's machine and user")
    @GetMapping("/local")
    @PreAuthorize("hasRole('OPERATOR')")
    Page<LocalJvm> local() {
        List<LocalJvm> jvms = targets.localJvms();
        return new Page<>(jvms, 0, Math.max(1, jvms.size()), jvms.size());
    }

    @Operation(summary = "Puts the agent into a JVM of the console's machine, and adds it")
    @PostMapping("/local/{pid}/attach")
    ResponseEntity<TargetView> attach(@PathVariable long pid, @RequestBody(required = false) @Nullable AttachBody body) {
        TargetView attached = targets.attach(pid, body == null || body.options() == null ? "" : body.options());
        return ResponseEntity.created(URI.create("/api/v1/targets/" + attached.id())).body(targets.afterFirstAnswer(attached.id()));
    }
}
