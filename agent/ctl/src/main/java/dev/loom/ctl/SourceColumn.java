package dev.loom.ctl;

import dev.loom.ctl.failure.CommandFailure;
import dev.loom.filter.diagnostic.Printable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/**
 * Puts the source into an explanation: the last column of {@code NUMBER | hooks | frames | code} becomes the line as it was written.
 * Lines of a file that is not among the sources stay as they are.
 */
final class SourceColumn {

    /** Largest source file that is read, bytes. */
    private static final int MAX_FILE = 8 << 20;

    /** Lines without code, such as a lone brace, that are shown between two with code. */
    private static final int MAX_BETWEEN = 4;

    private static final Pattern HEAD = Pattern.compile("  source (\\S+)");

    private static final Pattern LINE = Pattern.compile(" *(\\d+) (\\|[^|]*\\|[^|]*\\|).*");

    private final List<Path> roots;

    private SourceColumn(List<Path> roots) {
        this.roots = roots;
    }

    /** Looks in directories and jars, as {@code --sources} names them. */
    static SourceColumn of(String sources) {
        return new SourceColumn(ClassPath.paths("--sources", sources));
    }

    /** The explanation with the source lines in it. */
    String fill(String explanation) {
        StringBuilder out = new StringBuilder();
        List<String> source = null;
        int last = 0;
        for (String line : explanation.lines().toList()) {
            Matcher head = HEAD.matcher(line);
            Matcher row = LINE.matcher(line);
            if (head.matches()) {
                source = find(head.group(1));
                last = 0;
            } else if (source != null && row.matches()) {
                int number = Integer.parseInt(row.group(1));
                String columns = row.group(2);
                String empty = columns.replaceAll("[^|]", " ");
                for (int between = last + 1; last > 0 && number - last <= MAX_BETWEEN && between < number; between++) {
                    append(between, empty, source, out);
                }
                append(number, columns, source, out);
                last = number;
                continue;
            } else {
                last = 0;
            }
            out.append(line).append('\n');
        }
        return out.toString();
    }

    private static void append(int number, String columns, List<String> source, StringBuilder out) {
        String text = number <= source.size() ? source.get(number - 1).replace("\t", "    ") : "";
        out.append(String.format("  %6d %s %s", number, columns, Printable.of(text)).stripTrailing()).append('\n');
    }

    private @Nullable List<String> find(String file) {
        for (Path root : roots) {
            try {
                Optional<byte[]> bytes = Files.isDirectory(root) ? inDirectory(root, file) : inJar(root, file);
                if (bytes.isPresent()) {
                    return new ArrayList<>(new String(bytes.get(), StandardCharsets.UTF_8).lines().toList());
                }
            } catch (IOException e) {
                throw CommandFailure.failed("--sources: " + root + " cannot be read: " + e.getMessage(), "");
            }
        }
        return null;
    }

    private static Optional<byte[]> inDirectory(Path root, String file) throws IOException {
        Path path = root.resolve(file).normalize();
        // the name comes from a class file, which may say anything
        if (!path.startsWith(root.normalize()) || !Files.isRegularFile(path) || Files.size(path) > MAX_FILE) {
            return Optional.empty();
        }
        return Optional.of(Files.readAllBytes(path));
    }

    private static Optional<byte[]> inJar(Path root, String file) throws IOException {
        try (ZipFile jar = new ZipFile(root.toFile())) {
            ZipEntry entry = jar.getEntry(file);
            if (entry == null) {
                return Optional.empty();
            }
            try (InputStream in = jar.getInputStream(entry)) {
                return Optional.of(in.readNBytes(MAX_FILE));
            }
        }
    }
}
