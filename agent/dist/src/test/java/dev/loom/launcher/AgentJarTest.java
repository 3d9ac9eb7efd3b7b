package dev.loom.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.DataInputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarInputStream;
import org.junit.jupiter.api.Test;

class AgentJarTest {

    private static final File AGENT = new File("target/loom-agent.jar");

    @Test
    void theManifestNamesTheLauncherForAgentAndTool() throws IOException {
        try (JarFile jar = new JarFile(AGENT)) {
            Attributes main = jar.getManifest().getMainAttributes();
            for (String entry : List.of("Premain-Class", "Agent-Class", "Main-Class")) {
                assertEquals("dev.loom.launcher.LoomAgent", main.getValue(entry), entry);
            }
            assertEquals("true", main.getValue("Can-Retransform-Classes"));
            assertNotNull(main.getValue("Implementation-Version"));
        }
    }

    @Test
    void theApplicationSeesNothingButTheLauncher() throws IOException {
        try (JarFile jar = new JarFile(AGENT)) {
            List<String> visible = jar.stream()
                    .map(JarEntry::getName)
                    .filter(name -> name.endsWith(".class") && !name.startsWith("dev/loom/launcher/"))
                    .toList();
            assertEquals(List.of(), visible);
            assertTrue(jar.stream().noneMatch(entry -> entry.getName().startsWith("META-INF/services/")));
            assertTrue(jar.stream().noneMatch(entry -> entry.getName().contains("org/objectweb")), "ASM has another name inside");
        }
    }

    @Test
    void theFacadeHasNothingButItsPackage() throws IOException {
        try (JarFile jar = new JarFile(AGENT);
                JarInputStream facade = new JarInputStream(jar.getInputStream(jar.getEntry("inst/loom-bootstrap.jar")))) {
            for (JarEntry entry = facade.getNextJarEntry(); entry != null; entry = facade.getNextJarEntry()) {
                if (entry.getName().endsWith(".class")) {
                    assertTrue(entry.getName().startsWith("dev/loom/bootstrap/"), entry.getName());
                }
            }
        }
    }

    @Test
    void everyClassRunsOnJava17() throws IOException {
        try (JarFile jar = new JarFile(AGENT)) {
            for (JarEntry entry : jar.stream().filter(e -> e.getName().matches(".*\\.(class|classdata)")).toList()) {
                if (entry.getName().contains("META-INF/versions/")) {
                    continue;
                }
                try (InputStream in = jar.getInputStream(entry)) {
                    DataInputStream data = new DataInputStream(in);
                    assertEquals(0xCAFEBABE, data.readInt(), entry.getName());
                    data.readUnsignedShort();
                    assertTrue(data.readUnsignedShort() <= 61, entry.getName());
                }
            }
        }
    }
}
