package dev.loom.console.target;

import dev.loom.console.contract.LoomProblem;
import dev.loom.console.contract.ProblemCode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.core.io.ClassPathResource;
import org.springframework.stereotype.Component;

/** The agent's jar, which the console carries as a resource and keeps as a file for attaching and for downloads. */
@Component
public class AgentJar {

    private final Path data;
    private volatile Extracted extracted;

    /** The jar in the data directory. */
    public record Extracted(Path file, String version, String sha256, long size) {}

    AgentJar(@Value("${loom.data}") Path data) {
        this.data = data;
    }

    /** The jar as a file; written at the first use. */
    public Extracted get() {
        Extracted known = extracted;
        return known != null && Files.isReadable(known.file()) ? known : extract();
    }

    private synchronized Extracted extract() {
        ClassPathResource resource = new ClassPathResource("agent/loom-agent.jar");
        if (!resource.exists()) {
            throw new LoomProblem(ProblemCode.UNAVAILABLE, "This console was built without the agent.", "Build it with mvn package.");
        }
        try {
            Path directory = Files.createDirectories(data.toAbsolutePath().resolve("agent"));
            Path fresh = Files.createTempFile(directory, "loom-agent", ".tmp");
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            try (InputStream in = new java.security.DigestInputStream(resource.getInputStream(), digest)) {
                Files.copy(in, fresh, StandardCopyOption.REPLACE_EXISTING);
            }
            String sha = HexFormat.of().formatHex(digest.digest());
            // A JVM that has the jar open must keep its bytes: each content gets a name of its own.
            Path file = directory.resolve("loom-agent-" + sha.substring(0, 12) + ".jar");
            if (Files.exists(file)) {
                Files.delete(fresh);
            } else {
                Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
                file.toFile().setReadable(true, false);
            }
            extracted = new Extracted(file, version(file), sha, Files.size(file));
            return extracted;
        } catch (IOException e) {
            throw new LoomProblem(
                    ProblemCode.UNAVAILABLE, "The agent's jar cannot be written: " + e.getMessage(), "Look at the directory loom.data.");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String version(Path file) throws IOException {
        try (JarFile jar = new JarFile(file.toFile())) {
            Manifest manifest = jar.getManifest();
            String version = manifest == null ? null : manifest.getMainAttributes().getValue("Implementation-Version");
            return version == null ? "unknown" : version;
        }
    }
}
