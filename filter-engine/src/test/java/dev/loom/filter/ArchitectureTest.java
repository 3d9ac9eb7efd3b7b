package dev.loom.filter;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import dev.loom.filter.weave.pass.Pass;

@AnalyzeClasses(packages = "dev.loom.filter", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    @ArchTest
    static final ArchRule PACKAGES_FORM_NO_CYCLE = slices().matching("dev.loom.filter.(*)..")
            .should()
            .beFreeOfCycles()
            .because("data flows one way: text, tree, resolved, plan, woven bytes");

    @ArchTest
    static final ArchRule SUB_PACKAGES_FORM_NO_CYCLE = slices().matching("dev.loom.filter.(**)")
            .should()
            .beFreeOfCycles()
            .because("a package in a cycle cannot be understood by itself");

    @ArchTest
    static final ArchRule EACH_PACKAGE_KNOWS_ONLY_WHAT_COMES_BEFORE_IT = layeredArchitecture()
            .consideringOnlyDependenciesInAnyPackage("dev.loom.filter..")
            .layer("compiler").definedBy("dev.loom.filter")
            .layer("answers").definedBy("..filter.check..", "..filter.explain..", "..filter.complete..", "..filter.suggest..")
            .layer("preparation").definedBy("..filter.prepare..")
            .layer("forecast").definedBy("..filter.forecast..")
            .layer("weaver").definedBy("dev.loom.filter.weave")
            .layer("passes").definedBy("..filter.weave.pass..")
            .layer("watch").definedBy("..filter.weave.watch..")
            .layer("body").definedBy("..filter.weave.body..")
            .layer("resolution").definedBy("..filter.resolve..")
            .whereLayer("compiler").mayNotBeAccessedByAnyLayer()
            .whereLayer("answers").mayOnlyBeAccessedByLayers("compiler")
            .whereLayer("preparation").mayNotBeAccessedByAnyLayer()
            .whereLayer("forecast").mayOnlyBeAccessedByLayers("answers")
            .whereLayer("weaver").mayOnlyBeAccessedByLayers("forecast", "preparation")
            .whereLayer("passes").mayOnlyBeAccessedByLayers("weaver")
            .whereLayer("watch").mayOnlyBeAccessedByLayers("weaver")
            .whereLayer("body").mayOnlyBeAccessedByLayers("passes", "watch", "weaver", "forecast", "answers", "preparation")
            .whereLayer("resolution").mayOnlyBeAccessedByLayers("answers", "compiler", "preparation")
            .because("what is woven must not depend on how a filter was written, nor a pass on the list that it stands in");

    @ArchTest
    static final ArchRule ANALYSES_KNOW_BODIES_ONLY = noClasses()
            .that()
            .resideInAPackage("..filter.analysis..")
            .should()
            .dependOnClassesThat(resideInAPackage("dev.loom.filter..").and(not(resideInAPackage("..filter.analysis.."))))
            .because("checker, forecast and weaver ask the same questions and must get the same answers");

    @ArchTest
    static final ArchRule PASSES_KEEP_NO_STATE = fields()
            .that()
            .areDeclaredInClassesThat()
            .implement(Pass.class)
            .should()
            .beStatic()
            .because("one list of passes weaves all bodies, in several threads at once; what a pass leaves is left in the body");

    @ArchTest
    static final ArchRule NOTHING_DEPENDS_ON_THE_ENTRY = noClasses()
            .that()
            .resideInAPackage("dev.loom.filter.*..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("dev.loom.filter")
            .because("FilterCompiler puts the parts together; a part that knew it would be part of a cycle");

    @ArchTest
    static final ArchRule ONLY_ASM_AND_THE_JDK = classes()
            .that()
            .resideOutsideOfPackage("..filter.recording..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage("java..", "org.objectweb.asm..", "org.jspecify..", "dev.loom.filter..")
            .because("the engine is relocated into the agent, where nothing else may be seen by the application");

    @ArchTest
    static final ArchRule RECORDINGS_NEED_THE_JDK_ALONE = classes()
            .that()
            .resideInAPackage("..filter.recording..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage("java..", "jdk.jfr..", "org.jspecify..", "dev.loom.filter.recording..")
            .because("they are read in a JVM of their own, and nothing else may need a module that a Java runtime can lack");

    @ArchTest
    static final ArchRule NOTHING_NEEDS_RECORDINGS = noClasses()
            .that()
            .resideOutsideOfPackage("..filter.recording..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("..filter.recording..")
            .because("the agent has the engine, and must not come to load the JDK's reader");

    @ArchTest
    static final ArchRule SYNTAX_KNOWS_NO_CLASSES = noClasses()
            .that()
            .resideInAnyPackage("..filter.syntax..", "..filter.diagnostic..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("..filter.classes..", "..filter.resolve..", "..filter.check..", "..filter.plan..",
                    "org.objectweb.asm..")
            .because("a text can be read, formatted and marked up without any class at hand, as the console does");

    @ArchTest
    static final ArchRule PLANS_KNOW_NOTHING_ELSE = noClasses()
            .that()
            .resideInAPackage("..filter.plan..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("..filter.syntax..", "..filter.classes..", "..filter.resolve..", "..filter.weave..",
                    "org.objectweb.asm..")
            .because("a plan is what the agent weaves and what people read, independent of how it was written or is woven");
}
