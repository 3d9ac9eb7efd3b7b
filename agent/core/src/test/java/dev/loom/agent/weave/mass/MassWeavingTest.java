package dev.loom.agent.weave.mass;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every class of some libraries of this build's own class path, woven, is accepted by the JVM. For many jars: {@link MassWeaving}. */
class MassWeavingTest {

    @ParameterizedTest
    @ValueSource(classes = {org.objectweb.asm.tree.MethodNode.class, org.junit.jupiter.api.Test.class, com.tngtech.archunit.core.domain.JavaClass.class})
    void every_class_of_a_library_verifies_when_it_is_woven(Class<?> some) throws Exception {
        Path jar = Path.of(some.getProtectionDomain().getCodeSource().getLocation().toURI());
        MassWeaving.Result result = MassWeaving.weave(jar);
        System.out.println(jar.getFileName() + ": " + result);
        assertEquals(List.of(), result.problems);
        assertTrue(result.classes > 10);
    }
}
