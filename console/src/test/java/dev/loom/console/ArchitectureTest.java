package dev.loom.console;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.RestController;

@AnalyzeClasses(packages = "dev.loom.console", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    @ArchTest
    static final ArchRule noCycles = slices()
            .matching("dev.loom.console.(*)..")
            .should()
            .beFreeOfCycles()
            .because("a feature that is changed must not change those that it is made of");

    @ArchTest
    static final ArchRule noAgent = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("dev.loom.agent..", "dev.loom.bootstrap..", "dev.loom.ctl..", "dev.loom.launcher..")
            .because("the console knows agents only over JMX, of whatever version they are");

    @ArchTest
    static final ArchRule jmxApart = noClasses()
            .that()
            .resideInAPackage("dev.loom.console.jmx")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.springframework..")
            .because("what speaks with a JVM is tried without a console around it");

    @ArchTest
    static final ArchRule controllers = classes()
            .that()
            .areAnnotatedWith(RestController.class)
            .or()
            .areAnnotatedWith(Controller.class)
            .should()
            .bePackagePrivate()
            .because("nothing but HTTP may call a controller: what it does is in a service");

    @ArchTest
    static final ArchRule fields = noClasses()
            .should()
            .dependOnClassesThat()
            .haveFullyQualifiedName("org.springframework.beans.factory.annotation.Autowired")
            .because("constructors say what a class needs");
}
