package dev.loom.agent;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaFieldAccess;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Dependencies run one way: from the start of the agent down to its support. */
class ArchitectureTest {

    private static final Set<String> OVERRIDABLE = Set.of("getId", "getState", "getStackTrace", "toString", "hashCode", "equals");

    /** What the agent may use of the facade's inner packages. */
    private static final Set<String> FACADE = Set.of(
            "ConstraintLock", "RegionHook", "HookCounts", "LockWait", "UnprotectedHold", "Standstill", "WaitRegistry", "Wait", "LoomCode", "LoomThread",
            "ObjectTypes", "RaceSearch", "TornStep", "WatchedPlace", "Collision", "Side", "Interleaving", "Interleavings");

    private static final JavaClasses CLASSES =
            new ClassFileImporter().withImportOption(new ImportOption.DoNotIncludeTests()).importPackages("dev.loom.agent");

    @Test
    void the_packages_have_no_cycles() {
        slices().matching("dev.loom.agent.(*)..").should().beFreeOfCycles()
                .because("a package in a cycle cannot be understood by itself").check(CLASSES);
    }

    @Test
    void each_layer_knows_only_those_below_it() {
        layeredArchitecture().consideringOnlyDependenciesInAnyPackage("dev.loom.agent..")
                .layer("start").definedBy("dev.loom.agent")
                .layer("management").definedBy("dev.loom.agent.jmx..", "dev.loom.agent.registration")
                .layer("filter").definedBy("dev.loom.agent.filter")
                .layer("find").definedBy("dev.loom.agent.find")
                .layer("facade").definedBy("dev.loom.agent.facade")
                .layer("guard").definedBy("dev.loom.agent.guard")
                .layer("code").definedBy("dev.loom.agent.code")
                .layer("standstill").definedBy("dev.loom.agent.standstill")
                .layer("evacuation").definedBy("dev.loom.agent.evacuation")
                .layer("transform").definedBy("dev.loom.agent.transform")
                .layer("contract").definedBy("dev.loom.agent.control")
                .layer("stack").definedBy("dev.loom.agent.stack")
                .layer("support").definedBy("dev.loom.agent.support")
                .layer("config").definedBy("dev.loom.agent.config")
                .whereLayer("start").mayNotBeAccessedByAnyLayer()
                .whereLayer("management").mayOnlyBeAccessedByLayers("start")
                .whereLayer("filter").mayOnlyBeAccessedByLayers("start")
                .whereLayer("find").mayOnlyBeAccessedByLayers("filter")
                .whereLayer("facade").mayOnlyBeAccessedByLayers("start", "find")
                .whereLayer("guard").mayOnlyBeAccessedByLayers("start", "filter")
                .whereLayer("code").mayOnlyBeAccessedByLayers("filter", "find")
                .whereLayer("standstill").mayOnlyBeAccessedByLayers("filter")
                .whereLayer("evacuation").mayOnlyBeAccessedByLayers("filter", "code", "standstill")
                .whereLayer("transform").mayOnlyBeAccessedByLayers("start", "filter", "find", "code", "standstill")
                .whereLayer("contract").mayOnlyBeAccessedByLayers("start", "management", "filter", "find", "code")
                .whereLayer("stack").mayOnlyBeAccessedByLayers(
                        "start", "management", "filter", "find", "guard", "code", "standstill", "evacuation")
                .because("what a filter does to code must not depend on who asked for it, nor what a frame is on what is made of that")
                .check(CLASSES);
    }

    @Test
    void management_never_comes_near_woven_code() {
        noClasses().that().resideInAnyPackage("dev.loom.agent.jmx..", "dev.loom.agent.registration", "dev.loom.agent.control")
                .should().dependOnClassesThat().resideInAnyPackage("dev.loom.bootstrap..", "dev.loom.filter..", "org.objectweb.asm..")
                .because("what is shown is a record of values: no MBean may hold a lock or a class of the application").check(CLASSES);
    }

    @Test
    void the_looks_at_threads_go_through_one_place() {
        noClasses().that().resideOutsideOfPackage("dev.loom.agent.stack")
                .should().callMethodWhere(JavaCall.Predicates.target(
                        DescribedPredicate.describe("is a method of Thread that an application may override",
                                target -> target.getOwner().isAssignableTo(Thread.class) && OVERRIDABLE.contains(target.getName()))))
                .because("an application's thread answers what it likes, or throws, or blocks: dev.loom.agent.stack.Threads asks the JVM")
                .check(CLASSES);
    }

    @Test
    void the_agent_uses_of_the_facade_what_is_made_for_it() {
        classes().that().resideInAPackage("dev.loom.agent..")
                .should().onlyDependOnClassesThat(DescribedPredicate.describe("are not internals of the facade",
                        type -> !type.getPackageName().startsWith("dev.loom.bootstrap.") || FACADE.contains(outermost(type).getSimpleName())))
                .because("what lies behind the facade is public for the JVM's sake only; a lock's latches and queues are no business of the agent's")
                .check(CLASSES);
    }

    @Test
    void the_agent_touches_no_field_of_the_facade() {
        noClasses().that().resideInAPackage("dev.loom.agent..")
                .should().accessFieldWhere(JavaFieldAccess.Predicates.target(DescribedPredicate.describe("is a field of the facade that changes",
                        target -> target.getOwner().getPackageName().startsWith("dev.loom.bootstrap")
                                && !target.resolveMember().map(field -> field.getModifiers().contains(JavaModifier.FINAL)).orElse(false))))
                .because("who may write it is part of a protocol, and some are written without a call where a stack ends")
                .check(CLASSES);
    }

    private static JavaClass outermost(JavaClass type) {
        return type.getEnclosingClass().map(ArchitectureTest::outermost).orElse(type);
    }
}
