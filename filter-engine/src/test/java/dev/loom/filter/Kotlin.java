package dev.loom.filter;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.jetbrains.kotlin.cli.common.ExitCode;
import org.jetbrains.kotlin.cli.jvm.K2JVMCompiler;

/** Compiles Kotlin, for tests. */
public final class Kotlin {

    private Kotlin() {}

    /** Compiles one file into a directory, against the libraries of the test. */
    public static Path compile(Path directory, String fileName, String source) throws IOException {
        Path file = Files.writeString(directory.resolve(fileName), source);
        Path classes = Files.createDirectories(directory.resolve("classes"));
        String libraries = Arrays.stream(System.getProperty("java.class.path").split(java.io.File.pathSeparator))
                .filter(entry -> Path.of(entry).getFileName().toString().matches("(kotlin-stdlib|kotlinx-coroutines|annotations).*\\.jar"))
                .collect(Collectors.joining(java.io.File.pathSeparator));
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        ExitCode code = new K2JVMCompiler().exec(
                new PrintStream(said, true, StandardCharsets.UTF_8), "-no-stdlib", "-no-reflect", "-nowarn", "-jvm-target", "17",
                "-classpath", libraries, "-d", classes.toString(), file.toString());
        if (code != ExitCode.OK) {
            throw new IllegalArgumentException("does not compile: " + said.toString(StandardCharsets.UTF_8));
        }
        return classes;
    }
}
