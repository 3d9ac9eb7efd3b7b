package dev.loom.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.loom.it.harness.AgentClient;
import dev.loom.it.harness.Await;
import dev.loom.it.harness.Jdk;
import dev.loom.it.harness.Jvm;
import dev.loom.it.targets.OsgiBundle;
import dev.loom.it.targets.OsgiHost;
import dev.loom.it.targets.Overlapping;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("Module systems that hide the boot loader's packages: the application runs, one line says what to set, and with it a filter holds")
class ModuleSystemsTest {

    private static final String FILTER = "atomic dev.loom.it.targets.Overlapping#region by this";
    private static final String FACADE = "dev.loom.bootstrap";

    @TempDir
    Path directory;

    static Stream<Arguments> systems() {
        return Jdk.all().stream().flatMap(jdk -> Stream.of("org.apache.felix.framework", "org.eclipse.osgi", "jboss-modules")
                .map(system -> Arguments.of(jdk, system)));
    }

    private static Path library(String name) {
        return Arrays.stream(System.getProperty("java.class.path").split(java.io.File.pathSeparator)).map(Path::of)
                .filter(path -> path.getFileName().toString().startsWith(name + "-")).findFirst().orElseThrow();
    }

    private static void add(JarOutputStream jar, Class<?> type) throws IOException {
        String name = type.getName().replace('.', '/') + ".class";
        jar.putNextEntry(new JarEntry(name));
        jar.write(Files.readAllBytes(Jvm.testClasses().resolve(name)));
    }

    private Path jar(String name, Manifest manifest, Class<?>... types) throws IOException {
        Path file = directory.resolve(name);
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        try (JarOutputStream jar = new JarOutputStream(Files.newOutputStream(file), manifest)) {
            for (Class<?> type : types) {
                add(jar, type);
            }
        }
        return file;
    }

    private Jvm start(Jdk jdk, String system, boolean isSet) throws Exception {
        if (system.equals("jboss-modules")) {
            Path module = Files.createDirectories(directory.resolve("modules/app/main"));
            Files.copy(jar("app.jar", new Manifest(), Overlapping.class), module.resolve("app.jar"));
            Files.writeString(module.resolve("module.xml"), """
                    <module xmlns="urn:jboss:module:1.9" name="app">
                      <main-class name="dev.loom.it.targets.Overlapping"/>
                      <resources><resource-root path="app.jar"/></resources>
                    </module>
                    """);
            Jvm.Builder builder = Jvm.of(jdk, Class.forName("org.jboss.modules.Main")).withAgent().classPath(library(system));
            if (isSet) {
                builder.options("-Djboss.modules.system.pkgs=" + FACADE);
            }
            return builder.arguments("-mp", directory.resolve("modules").toString(), "app").start();
        }
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().putValue("Bundle-ManifestVersion", "2");
        manifest.getMainAttributes().putValue("Bundle-SymbolicName", "loom.test");
        manifest.getMainAttributes().putValue("Bundle-Activator", OsgiBundle.class.getName());
        manifest.getMainAttributes().putValue("Import-Package", "org.osgi.framework");
        Path bundle = jar("bundle.jar", manifest, OsgiBundle.class, Overlapping.class);
        Path host = jar("host.jar", new Manifest(), OsgiHost.class);
        return Jvm.of(jdk, OsgiHost.class).withAgent().classPath(host, library(system))
                .arguments(directory.resolve("storage").toString(), bundle.toUri().toString(), isSet ? FACADE : "").start();
    }

    private static List<String> windows(Jvm jvm) {
        return jvm.output().lines().filter(line -> line.startsWith("window ")).toList();
    }

    private static void overlaps(Jvm jvm, boolean expected) {
        int from = windows(jvm).size() + 1;
        Await.until("three more windows", Await.LONG, () -> windows(jvm).size() >= from + 3, jvm::output);
        List<String> later = windows(jvm).subList(from, from + 3);
        assertTrue(later.stream().allMatch(line -> line.endsWith("overlapped " + expected)), jvm.output());
    }

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("systems")
    @DisplayName("without the setting its classes stay as they are, and an install says why")
    void hidden(Jdk jdk, String system) throws Exception {
        try (Jvm jvm = start(jdk, system, false).awaitOutput("ready")) {
            overlaps(jvm, true);
            List<String> told = jvm.output().lines().filter(line -> line.startsWith("loom: ")).toList();
            assertEquals(1, told.size(), "one line, and no stack trace:\n" + jvm.output());
            String setting = system.equals("jboss-modules") ? "jboss.modules.system.pkgs" : "org.osgi.framework.bootdelegation";
            assertTrue(told.get(0).contains(setting + "=" + FACADE), told.get(0));
            AgentClient agent = new AgentClient(jvm);
            agent.install("hidden", FILTER, "");
            agent.await("hidden", "FAILED", "REJECTED");
            assertTrue(agent.filterAttribute("hidden", "Cause").toString().contains(setting), "the cause has to say what to set: "
                    + agent.filterAttribute("hidden", "Cause"));
            overlaps(jvm, true);
            assertFalse(jvm.output().contains("NoClassDefFoundError"), jvm.output());
        }
    }

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("systems")
    @DisplayName("with the setting a filter is ACTIVE and holds, and its removal lets the threads overlap again")
    void seen(Jdk jdk, String system) throws Exception {
        try (Jvm jvm = start(jdk, system, true).awaitOutput("ready")) {
            overlaps(jvm, true);
            AgentClient agent = new AgentClient(jvm);
            agent.installed("seen", FILTER);
            overlaps(jvm, false);
            agent.removed("seen");
            overlaps(jvm, true);
        }
    }
}
