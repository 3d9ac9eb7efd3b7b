package dev.loom.filter;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "dev.loom.filter", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    @ArchTest
    static final ArchRule PACKAGES_FORM_NO_CYCLE = slices().matching("dev.loom.filter.(*)..")
            .should()
            .beFreeOfCycles()
            .because("data flows one way: text, tree, resolved, plan, woven bytes");

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
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage("java..", "org.objectweb.asm..", "org.jspecify..", "dev.loom.filter..")
            .because("the engine is relocated into the agent, where nothing else may be seen by the application");

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
