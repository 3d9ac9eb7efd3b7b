package dev.loom.bootstrap;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import dev.loom.bootstrap.hook.HookLinker;
import dev.loom.bootstrap.hook.RegionHook;
import dev.loom.bootstrap.standstill.Standstill;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

@AnalyzeClasses(packages = "dev.loom.bootstrap", importOptions = ImportOption.DoNotIncludeTests.class)
class BootstrapRulesTest {

    private static final String FACADE = "dev.loom.bootstrap";

    /** What stands in for the JDK's own at compile time. */
    private static final Set<String> STAND_INS = Set.of("jdk.internal.vm.annotation", "jdk.internal.misc");

    @ArchTest
    static final ArchRule java_base_only = noClasses()
            .should()
            .dependOnClassesThat(describe("are outside java.base", BootstrapRulesTest::isForeign))
            .because("these classes are loaded by the boot loader of whatever run-time image the application has");

    @ArchTest
    static final ArchRule no_thread_locals = noFields()
            .should()
            .haveRawType(ThreadLocal.class)
            .because("what a thread-local holds would outlive the agent in the application's threads");

    @ArchTest
    static final ArchRule the_packages_have_no_cycles = slices()
            .matching("dev.loom.bootstrap.(*)")
            .should()
            .beFreeOfCycles()
            .because("a package in a cycle cannot be understood by itself");

    @ArchTest
    static final ArchRule each_package_knows_only_those_below_it = layeredArchitecture()
            .consideringOnlyDependenciesInAnyPackage("dev.loom.bootstrap..")
            .layer("facade").definedBy(describe("the facade", type -> type.getPackageName().equals(FACADE) && !isBase(type)))
            .layer("constraints").definedBy(FACADE + ".lock", FACADE + ".order", FACADE + ".standstill")
            .layer("watch").definedBy(FACADE + ".watch")
            .layer("hook").definedBy(FACADE + ".hook")
            .layer("wait").definedBy(FACADE + ".wait")
            .layer("base").definedBy(describe("the base", BootstrapRulesTest::isBase))
            .whereLayer("facade").mayNotBeAccessedByAnyLayer()
            .whereLayer("constraints").mayOnlyBeAccessedByLayers("facade")
            .whereLayer("watch").mayOnlyBeAccessedByLayers("facade")
            .whereLayer("hook").mayOnlyBeAccessedByLayers("facade", "constraints", "watch")
            .whereLayer("wait").mayOnlyBeAccessedByLayers("facade", "constraints", "watch", "hook")
            .because("how a thread waits must not depend on what for, nor what a hook is on the kind of its lock; Hold and Faults belong"
                    + " to the facade by name only, since woven code and the agent know them by it");

    @ArchTest
    static final ArchRule the_kinds_of_constraints_do_not_know_each_other = slices()
            .matching(FACADE + ".(lock|order|standstill)")
            .should()
            .notDependOnEachOther()
            .because("each kind has its own proof that it neither hangs a thread nor lets one in; that of one must not rest on another");

    @ArchTest
    static final ArchRule waits_hold_nothing = noClasses()
            .that()
            .resideInAPackage(FACADE + ".wait")
            .should()
            .dependOnClassesThat()
            .haveFullyQualifiedName(Hold.class.getName())
            .because("a wait ends with yes or no; what is acquired is its target's business");

    /** What depends on nothing and is used by all. */
    private static boolean isBase(JavaClass type) {
        return type.getName().equals(Hold.class.getName()) || type.getName().startsWith(Faults.class.getName());
    }

    private static boolean isForeign(JavaClass type) {
        JavaClass element = type.getBaseComponentType();
        if (element.isPrimitive() || (element.getPackageName() + ".").startsWith(FACADE + ".")
                || STAND_INS.contains(element.getPackageName())) {
            return false;
        }
        try {
            return Class.forName(element.getName(), false, null).getModule() != Object.class.getModule();
        } catch (ClassNotFoundException e) {
            return true;
        }
    }

    /** Records have their equals, hashCode and toString by invokedynamic; that is not called by woven code. */
    private static final List<String> RECORDS = List.of("HookCounts", "KeyReader", "Standstill$Request");

    @Test
    void nothing_links_lazily_by_invokedynamic() throws Exception {
        Path classes = Path.of(Hooks.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        try (Stream<Path> files = Files.walk(classes.resolve("dev/loom/bootstrap"))) {
            List<String> guilty = files.filter(file -> file.toString().endsWith(".class") && usesInvokeDynamic(file))
                    .map(file -> file.getFileName().toString().replace(".class", ""))
                    .filter(name -> !RECORDS.contains(name))
                    .toList();
            assertEquals(List.of(), guilty, "a lambda, a method reference or string concatenation is linked when it is first run:"
                    + " in the application's thread, maybe at the end of its stack");
        }
    }

    /** Looks for the tag in the constant pool (JVMS 4.4). */
    private static boolean usesInvokeDynamic(Path classFile) {
        try (DataInputStream in = new DataInputStream(Files.newInputStream(classFile))) {
            in.readLong();
            int count = in.readUnsignedShort();
            for (int i = 1; i < count; i++) {
                int tag = in.readUnsignedByte();
                switch (tag) {
                    case 1 -> in.skipNBytes(in.readUnsignedShort());
                    case 7, 8, 16, 19, 20 -> in.skipNBytes(2);
                    case 15 -> in.skipNBytes(3);
                    case 5, 6 -> {
                        in.skipNBytes(8);
                        i++;
                    }
                    case 17, 18 -> {
                        return true;
                    }
                    default -> in.skipNBytes(4);
                }
            }
            return false;
        } catch (IOException e) {
            throw new IllegalStateException(classFile.toString(), e);
        }
    }
}
