package dev.loom.benchmarks;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.instrument.Instrumentation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;

/** An agent that does nothing: what any agent costs, as the JVM builds its modules anew for it instead of taking them from its archive. */
public final class NothingAgent {

    private NothingAgent() {}

    public static void premain(String argument, Instrumentation instrumentation) {
        // nothing
    }

    /** Writes it as a jar. */
    static Path jar(Path directory) throws IOException {
        Path jar = directory.resolve("nothing.jar");
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().putValue("Premain-Class", NothingAgent.class.getName());
        String entry = NothingAgent.class.getName().replace('.', '/') + ".class";
        try (OutputStream file = Files.newOutputStream(jar); JarOutputStream out = new JarOutputStream(file, manifest);
                InputStream bytes = NothingAgent.class.getResourceAsStream("/" + entry)) {
            out.putNextEntry(new ZipEntry(entry));
            bytes.transferTo(out);
        }
        return jar;
    }
}
