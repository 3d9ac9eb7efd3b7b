package dev.loom.console.target;

import io.swagger.v3.oas.annotations.Hidden;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Base64;
import java.util.HexFormat;
import org.springframework.core.io.FileSystemResource;
import org.springframework.core.io.Resource;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Serves the agent that the console carries. */
@RestController
@Hidden
class AgentController {

    private static final String SENDFILE = "org.apache.tomcat.sendfile.";

    private final AgentJar jar;

    AgentController(AgentJar jar) {
        this.jar = jar;
    }

    @GetMapping("/agent/loom-agent.jar")
    ResponseEntity<Resource> agent(HttpServletRequest request) {
        AgentJar.Extracted agent = jar.get();
        String digest = Base64.getEncoder().encodeToString(HexFormat.of().parseHex(agent.sha256()));
        boolean bySocket = request.getMethod().equals("GET") && Boolean.TRUE.equals(request.getAttribute(SENDFILE + "support"));
        if (bySocket) {
            // the container sends it without a thread: whoever reads slowly holds a connection alone
            request.setAttribute(SENDFILE + "filename", agent.file().toString());
            request.setAttribute(SENDFILE + "start", 0L);
            request.setAttribute(SENDFILE + "end", agent.size());
        }
        return ResponseEntity.ok()
                .contentType(MediaType.parseMediaType("application/java-archive"))
                .contentLength(agent.size())
                .eTag("\"" + agent.sha256() + "\"")
                .header("Content-Disposition", "attachment; filename=\"loom-agent.jar\"")
                .header("X-Loom-Version", agent.version())
                .header("X-Loom-SHA256", agent.sha256())
                .header("Repr-Digest", "sha-256=:" + digest + ":")
                .body(bySocket ? null : new FileSystemResource(agent.file()));
    }

    /** As {@code sha256sum -c} reads it. */
    @GetMapping(path = "/agent/loom-agent.jar.sha256", produces = MediaType.TEXT_PLAIN_VALUE)
    String checksum() {
        return jar.get().sha256() + "  loom-agent.jar\n";
    }
}
