package dev.loom.filter.fuzz;

import dev.loom.filter.Sources;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Writes what the fuzzer starts from: the filters of the documentation, and a class compiled in several ways. */
public final class Seeds {

    private static final Pattern FILTER = Pattern.compile("```loom\n(.*?)```", Pattern.DOTALL);

    private Seeds() {}

    /** Arguments: the directory of the documentation, of the example class, and the one to write to, with a directory a target. */
    public static void main(String[] arguments) throws IOException {
        Path docs = Path.of(arguments[0]);
        Path example = Path.of(arguments[1]);
        Path out = Path.of(arguments[2]);
        int number = 0;
        try (Stream<Path> pages = Files.walk(docs)) {
            for (Path page : pages.filter(p -> p.toString().endsWith(".md")).sorted().toList()) {
                Matcher filter = FILTER.matcher(Files.readString(page));
                while (filter.find()) {
                    byte[] text = filter.group(1).getBytes(StandardCharsets.UTF_8);
                    write(out.resolve("ParserFuzz"), "seed" + number, text);
                    write(out.resolve("FormatterFuzz"), "seed" + number++, text);
                }
            }
        }
        String source = Files.readString(example);
        for (List<String> options : List.of(List.of("-g"), List.of("-g:none"), List.of("-g", "--release", "8"))) {
            byte[] classFile = Sources.compile(options, "Bank.java", source).find(CheckerFuzz.TYPE).orElseThrow();
            for (int filter = 0; filter < CheckerFuzz.FILTERS.size(); filter++) {
                byte[] seed = new byte[classFile.length + 1];
                seed[0] = (byte) filter;
                System.arraycopy(classFile, 0, seed, 1, classFile.length);
                write(out.resolve("CheckerFuzz"), "seed" + number++, seed);
            }
        }
    }

    private static void write(Path directory, String name, byte[] bytes) throws IOException {
        Files.createDirectories(directory);
        Files.write(directory.resolve(name), bytes);
    }
}
