package dev.loom.races;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.loom.filter.CompileResult;
import dev.loom.filter.FilterCompiler;
import dev.loom.filter.classes.ClassSource;
import dev.loom.filter.classes.JarClasses;
import dev.loom.filter.diagnostic.Diagnostic;
import dev.loom.filter.plan.MethodId;
import dev.loom.filter.plan.MethodPlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/** Each filter is accepted for the jar that it was written for, and refused for another version of it. */
class CheckedFiltersTest {

    static Stream<String> races() {
        return RaceMain.names().stream();
    }

    static Stream<String> racesWithAFixedVersion() {
        return races().filter(race -> Files.isDirectory(jars(race + "-fixed")));
    }

    @ParameterizedTest
    @MethodSource("races")
    void isAcceptedForItsJar(String race) throws IOException {
        try (JarClasses classes = classes(race)) {
            CompileResult result = check(race, classes);

            assertInstanceOf(CompileResult.Compiled.class, result, () -> result.diagnostics().toString());
            assertEquals(List.of(), result.diagnostics().stream().filter(Diagnostic::isError).toList());
        }
    }

    @ParameterizedTest
    @MethodSource("races")
    void isRefusedForAJarInWhichAPinnedMethodIsOtherCode(String race) throws IOException {
        try (JarClasses classes = classes(race)) {
            CompileResult.Compiled compiled = (CompileResult.Compiled) check(race, classes);
            // the harness's own methods are not pinned: it is compiled anew with each build
            List<MethodId> pinned = compiled.plan().methods().stream().map(MethodPlan::method)
                    .filter(m -> !m.owner().startsWith("dev/loom/")).toList();
            assertTrue(pinned.size() > 0);
            for (MethodId method : pinned) {
                List<Diagnostic> said = check(race, new Changed(classes, method)).diagnostics();

                assertTrue(said.stream().anyMatch(d -> d.code().equals("LOOM-050") && d.message().contains(method.name())),
                        () -> method + ": " + said);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("racesWithAFixedVersion")
    void isRefusedForThePublishedVersionThatMendsTheRace(String race) throws IOException {
        try (JarClasses fixed = classes(race + "-fixed")) {
            CompileResult result = check(race, fixed);

            assertInstanceOf(CompileResult.Rejected.class, result, () -> result.diagnostics().toString());
            assertTrue(result.diagnostics().stream().anyMatch(d -> d.code().equals("LOOM-050") || d.code().equals("LOOM-021")
                    || d.code().equals("LOOM-020")), () -> result.diagnostics().toString());
        }
    }

    @Test
    void sixRacesAreMendedInAVersionThatIsHere() {
        assertTrue(racesWithAFixedVersion().count() >= 6);
    }

    private static CompileResult check(String race, ClassSource classes) throws IOException {
        return FilterCompiler.compile(race + ".loom", Files.readAllBytes(Path.of("filters", race + ".loom")), race, classes);
    }

    private static JarClasses classes(String race) throws IOException {
        List<Path> path = new ArrayList<>(List.of(jars(race)));
        path.add(Path.of("target", "classes"));
        return JarClasses.open(path);
    }

    private static Path jars(String race) {
        return Path.of("target", "jars", race);
    }

    /** The same classes, but that one method does a little more. */
    private record Changed(ClassSource classes, MethodId method) implements ClassSource {

        @Override
        public Optional<byte[]> find(String internalName) {
            Optional<byte[]> found = classes.find(internalName);
            return internalName.equals(method.owner()) ? found.map(this::changed) : found;
        }

        @Override
        public Set<String> names() {
            return classes.names();
        }

        private byte[] changed(byte[] classFile) {
            ClassWriter writer = new ClassWriter(0);
            new ClassReader(classFile).accept(new ClassVisitor(Opcodes.ASM9, writer) {
                @Override
                public MethodVisitor visitMethod(int access, String name, String desc, String signature, String[] exceptions) {
                    MethodVisitor next = super.visitMethod(access, name, desc, signature, exceptions);
                    return !name.equals(method.name()) || !desc.equals(method.desc()) ? next : new MethodVisitor(Opcodes.ASM9, next) {
                        @Override
                        public void visitCode() {
                            super.visitCode();
                            super.visitInsn(Opcodes.NOP);
                        }
                    };
                }
            }, 0);
            return writer.toByteArray();
        }
    }
}
