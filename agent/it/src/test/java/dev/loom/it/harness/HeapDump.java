package dev.loom.it.harness;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.netbeans.lib.profiler.heap.Heap;
import org.netbeans.lib.profiler.heap.HeapFactory;
import org.netbeans.lib.profiler.heap.Instance;
import org.netbeans.lib.profiler.heap.JavaClass;

/** The live objects of a JVM at one moment. */
public final class HeapDump {

    private final Heap heap;

    private HeapDump(Heap heap) {
        this.heap = heap;
    }

    /** Takes a dump, into a file that is deleted when the tests end. */
    public static HeapDump of(Jvm jvm) {
        try {
            Path directory = Files.createTempDirectory("loom-heap");
            directory.toFile().deleteOnExit();
            File file = directory.resolve("dump.hprof").toFile();
            String answer = jvm.jcmd("GC.heap_dump", file.getPath());
            if (!file.exists()) {
                throw new AssertionError("no heap dump: " + answer);
            }
            file.deleteOnExit();
            return new HeapDump(HeapFactory.createHeap(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The instances of a class, of whatever loader; fails if the JVM has loaded no class of that name. */
    public List<Instance> instances(String type) {
        List<Instance> found = new ArrayList<>();
        Collection<?> classes = heap.getJavaClassesByRegExp(type.replace("$", "\\$"));
        if (classes.isEmpty()) {
            throw new AssertionError("no class " + type + " in the dump: has it another name now?");
        }
        for (Object some : classes) {
            JavaClass javaClass = (JavaClass) some;
            for (Object instance : javaClass.getInstances()) {
                found.add((Instance) instance);
            }
        }
        return found;
    }

    /** Names of the classes whose instances threads keep in their thread-locals. */
    public List<String> threadLocals() {
        List<String> found = new ArrayList<>();
        for (Instance entry : instances("java.lang.ThreadLocal$ThreadLocalMap$Entry")) {
            if (entry.getValueOfField("value") instanceof Instance value) {
                found.add(value.getJavaClass().getName());
            }
        }
        return found;
    }
}
