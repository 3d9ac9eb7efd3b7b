package dev.loom.filter;

import dev.loom.filter.classes.ClassSource;
import dev.loom.filter.diagnostic.DiagnosticCode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/** The files and classes that the examples of the pages of diagnostics are about. */
final class Examples {

    private final String source = Files.readString(Path.of("src", "test", "resources", "docs", "Bank.java"));

    /** The class that nearly all pages are about, and a second one that is large. */
    private final Sources bank = Sources.compile("Bank.java", source).add(List.of("-g"), "Ledger.java", ledger())
            .add(List.of("-g"), "Rates.java", Files.readString(Path.of("src", "test", "resources", "docs", "Rates.java")));

    private Sources withCoroutine;

    Examples() throws IOException {}

    /** Its repetitions, {@code {x++;*797}}, are written out. */
    private static String ledger() throws IOException {
        return Pattern.compile("\\{(\\S+)\\*(\\d+)}")
                .matcher(Files.readString(Path.of("src", "test", "resources", "docs", "Ledger.java.txt")))
                .replaceAll(m -> m.group(1).repeat(Integer.parseInt(m.group(2))));
    }

    /** The file that a page's first filter stands for. */
    byte[] file(DiagnosticCode code, String filter) {
        return switch (code) {
            case NOT_UTF8 -> filter.getBytes(StandardCharsets.ISO_8859_1);
            case TOO_MANY -> filter.repeat(101).getBytes(StandardCharsets.UTF_8);
            default -> filter.getBytes(StandardCharsets.UTF_8);
        };
    }

    /** The classes that it is checked against. */
    ClassSource provoking(DiagnosticCode code) {
        return switch (code) {
            case AMBIGUOUS_FILE -> Sources.compile("Bank.java", source).add(
                    List.of("-g"), "Bank.java", "package org.other;\n" + "\n".repeat(27) + "class Bank { int x() { return 1; } }\n"
                            .replace("{ int", "{\nint"));
            case UNREADABLE_CLASS -> {
                byte[] future = bank.find("com/acme/Bank").orElseThrow().clone();
                future[7] = (byte) 244;
                yield bank.with("com/acme/Bank", future);
            }
            case CANNOT_WEAVE -> bank.with("com/acme/Table", full());
            case SUSPENDS -> coroutine();
            case WAITING_FOR_CLASS -> bank.without("com/acme/Branch");
            case NO_LINE_TABLE, NO_VARIABLE_TABLE -> Sources.compile(List.of("-g:none"), "Bank.java", source);
            default -> bank;
        };
    }

    /** The classes that its cure is checked against. */
    ClassSource cured(DiagnosticCode code) {
        return code == DiagnosticCode.AMBIGUOUS_FILE || code == DiagnosticCode.SUSPENDS ? provoking(code) : bank;
    }

    /** The bank with a class that Kotlin has compiled. */
    private Sources coroutine() {
        if (withCoroutine == null) {
            try {
                Path directory = Files.createTempDirectory("coroutine");
                Path classes = Kotlin.compile(directory, "Counter.kt", Files.readString(Path.of("src", "test", "resources", "docs", "Counter.kt")));
                withCoroutine = bank.with("com/acme/Counter", Files.readAllBytes(classes.resolve("com/acme/Counter.class")));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return withCoroutine;
    }

    /** A class with as many constants as there may be. */
    private static byte[] full() {
        ClassWriter writer = new ClassWriter(0);
        writer.visit(Opcodes.V17, Opcodes.ACC_PUBLIC, "com/acme/Table", null, "java/lang/Object", null);
        writer.visitSource("Table.java", null);
        MethodVisitor method = writer.visitMethod(Opcodes.ACC_STATIC, "look", "()V", null, null);
        method.visitCode();
        Label start = new Label();
        method.visitLabel(start);
        method.visitLineNumber(3, start);
        method.visitInsn(Opcodes.RETURN);
        method.visitMaxs(0, 0);
        method.visitEnd();
        for (int i = 1; i <= 65_515; i++) {
            writer.newConst(i);
        }
        writer.visitEnd();
        return writer.toByteArray();
    }
}
