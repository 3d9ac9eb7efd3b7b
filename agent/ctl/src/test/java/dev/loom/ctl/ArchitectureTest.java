package dev.loom.ctl;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class ArchitectureTest {

    private static final JavaClasses CLASSES =
            new ClassFileImporter().withImportOption(new ImportOption.DoNotIncludeTests()).importPackages("dev.loom.ctl");

    @Test
    void thePackagesHaveNoCycles() {
        slices().matching("dev.loom.ctl.(*)..").should().beFreeOfCycles()
                .because("a package in a cycle cannot be understood by itself").check(CLASSES);
    }

    @Test
    void onlyTheCommandsKnowTheCommandLine() {
        noClasses().that().resideInAnyPackage("dev.loom.ctl.attach..", "dev.loom.ctl.console..", "dev.loom.ctl.failure..", "dev.loom.ctl.output..", "dev.loom.ctl.target..").should().dependOnClassesThat().resideInAPackage("picocli..")
                .because("what reaches a JVM, or prints, must not care which option asked for it").check(CLASSES);
    }

    @Test
    void theToolReachesAnAgentByJmxAlone() {
        noClasses().should().dependOnClassesThat().resideInAnyPackage("dev.loom.agent..", "dev.loom.bootstrap..")
                .because("it has to work with the agents of other versions").check(CLASSES);
    }
}
