package dev.loom.it.harness;

import dev.loom.it.targets.OtherAgentMXBean;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import javax.management.JMX;

/** The jar of an agent that is not Loom's; its classes are those of the tests, on the class path of the JVM. */
public final class OtherAgentJar {

    private OtherAgentJar() {}

    /** Loads it into a JVM; returns how to speak to it. */
    public static OtherAgentMXBean attach(Jvm jvm) {
        jvm.attachAgent(path(), "");
        return JMX.newMXBeanProxy(jvm.jmx(), AgentClient.name("dev.loom.it:type=OtherAgent"), OtherAgentMXBean.class);
    }

    public static synchronized Path path() {
        Path jar = Path.of("target/another-agent.jar").toAbsolutePath();
        if (Files.exists(jar)) {
            return jar;
        }
        Manifest manifest = new Manifest();
        Attributes main = manifest.getMainAttributes();
        main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        main.put(new Attributes.Name("Agent-Class"), "dev.loom.it.targets.OtherAgent");
        main.put(new Attributes.Name("Premain-Class"), "dev.loom.it.targets.OtherAgent");
        main.put(new Attributes.Name("Can-Retransform-Classes"), "true");
        main.put(new Attributes.Name("Can-Redefine-Classes"), "true");
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar), manifest)) {
            return jar;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
