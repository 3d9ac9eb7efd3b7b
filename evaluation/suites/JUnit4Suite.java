import java.io.BufferedWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.jar.JarFile;
import org.junit.runner.Description;
import org.junit.runner.JUnitCore;
import org.junit.runner.Request;
import org.junit.runner.notification.Failure;
import org.junit.runner.notification.RunListener;

/**
 * Runs test classes of a jar by JUnit 4 itself, a class after the other, and writes {@code test<TAB>ended<TAB>why} as each ends: guava's
 * collections have a million generated tests, of which the platform's launcher keeps everything until the end. Arguments: the jar, the file to
 * write, packages (each with what is below it).
 */
public final class JUnit4Suite {

    public static void main(String[] arguments) throws Exception {
        List<String> packages = List.of(arguments).subList(2, arguments.length);
        int failed = 0;
        try (BufferedWriter out = Files.newBufferedWriter(Path.of(arguments[1]))) {
            for (String name : testClasses(Path.of(arguments[0]), packages)) {
                JUnitCore core = new JUnitCore();
                core.addListener(new Results(out));
                failed += core.run(Request.aClass(Class.forName(name))).getFailureCount();
                System.out.println(name);
            }
        }
        // tests leave threads behind
        System.exit(failed == 0 ? 0 : 1);
    }

    private static TreeSet<String> testClasses(Path jar, List<String> packages) throws Exception {
        TreeSet<String> names = new TreeSet<>();
        try (JarFile file = new JarFile(jar.toFile())) {
            file.stream().map(entry -> entry.getName()).filter(name -> name.matches("[^$]*Tests?\\.class")).forEach(name -> {
                String type = name.substring(0, name.length() - ".class".length()).replace('/', '.');
                if (packages.stream().anyMatch(some -> type.startsWith(some + "."))) {
                    names.add(type);
                }
            });
        }
        return names;
    }

    private static final class Results extends RunListener {

        private final BufferedWriter out;
        private final Map<Description, String> ended = new HashMap<>();

        Results(BufferedWriter out) {
            this.out = out;
        }

        @Override
        public void testFailure(Failure failure) {
            ended.put(failure.getDescription(), "failure\t" + String.valueOf(failure.getException()).replaceAll("\\s+", " "));
            if (!failure.getDescription().isTest()) {
                testFinished(failure.getDescription());
            }
        }

        @Override
        public void testAssumptionFailure(Failure failure) {
            ended.put(failure.getDescription(), "skipped\t");
        }

        @Override
        public void testIgnored(Description test) {
            write(test, "skipped\t");
        }

        @Override
        public void testFinished(Description test) {
            String how = ended.remove(test);
            write(test, how == null ? "passed\t" : how);
        }

        private synchronized void write(Description test, String how) {
            try {
                out.write((test.getClassName() + "#" + test.getMethodName()).replaceAll("\\s+", " ") + "\t" + how);
                out.newLine();
            } catch (java.io.IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }
    }
}
