package dev.loom.client;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class ClientRulesTest {

    private static final JavaClasses CLASSES =
            new ClassFileImporter().withImportOption(new ImportOption.DoNotIncludeTests()).importPackages("dev.loom.client");

    @Test
    void theClientNeedsTheJdkAlone() {
        classes().should().onlyDependOnClassesThat().resideInAnyPackage("java..", "javax..", "dev.loom.client", "org.jspecify..")
                .because("the control tool starts it for each command, and it has to work with the agents of other versions").check(CLASSES);
    }
}
