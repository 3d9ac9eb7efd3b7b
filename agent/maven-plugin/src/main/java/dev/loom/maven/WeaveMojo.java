package dev.loom.maven;

import dev.loom.filter.classes.JarClasses;
import dev.loom.filter.prepare.Preparation;
import dev.loom.filter.prepare.Tally;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.maven.plugin.AbstractMojo;
import org.apache.maven.plugin.MojoExecutionException;
import org.apache.maven.plugins.annotations.LifecyclePhase;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;
import org.apache.maven.plugins.annotations.ResolutionScope;
import org.jspecify.annotations.Nullable;

/**
 * Prepares the project's classes in place, after its tests and before they are packaged, as the control tool's {@code weave} does with jars.
 * What is prepared already stays as it is.
 */
@Mojo(
        name = "weave", defaultPhase = LifecyclePhase.PREPARE_PACKAGE, requiresDependencyResolution = ResolutionScope.COMPILE_PLUS_RUNTIME,
        threadSafe = true)
public final class WeaveMojo extends AbstractMojo {

    /** The directory whose classes are prepared. */
    @Parameter(property = "loom.weave.classes", defaultValue = "${project.build.outputDirectory}", required = true)
    private @Nullable File classes;

    /** Does nothing. */
    @Parameter(property = "loom.weave.skip", defaultValue = "false")
    private boolean skip;

    /** Whether methods whose frames are gone soon get update points too, which the agent else gives them when a filter needs them. */
    @Parameter(property = "loom.weave.all", defaultValue = "false")
    private boolean all;

    /** Whether a class that cannot be prepared fails the build. */
    @Parameter(property = "loom.weave.strict", defaultValue = "false")
    private boolean strict;

    @Parameter(defaultValue = "${project.compileClasspathElements}", readonly = true)
    private @Nullable List<String> classPath;

    @Override
    public void execute() throws MojoExecutionException {
        File directory = classes;
        if (skip || directory == null || !directory.isDirectory()) {
            getLog().info(skip ? "skipped" : "no classes");
            return;
        }
        try (JarClasses others = JarClasses.open(libraries())) {
            Tally tally = new Preparation(others, all, false, Map.of()).directory(directory.toPath(), directory.toPath());
            getLog().info("prepared " + tally.done() + " classes; " + tally.already() + " were, " + tally.notNeeded() + " need nothing");
            List<String> problems = new ArrayList<>(tally.left());
            tally.otherVersion().forEach(one -> problems.add(one + ", of another version of Loom: build from clean"));
            problems.forEach(one -> getLog().warn("left as it is: " + one));
            if (strict && !problems.isEmpty()) {
                throw new MojoExecutionException(problems.size() + " classes cannot be prepared: " + problems.get(0));
            }
        } catch (IOException e) {
            throw new MojoExecutionException(e.getMessage(), e);
        }
    }

    private List<Path> libraries() {
        List<Path> paths = new ArrayList<>();
        for (String element : classPath == null ? List.<String>of() : classPath) {
            Path path = Path.of(element);
            if (Files.isDirectory(path) || element.endsWith(".jar") && Files.isReadable(path)) {
                paths.add(path);
            }
        }
        return paths;
    }
}
