package dev.loom.it.targets;

import java.nio.file.Files;
import java.nio.file.Path;

/** Loads the classes that a file lists, as far as they can be loaded, initializes none of them, and stays for as long as a test may take. */
public final class Loader {

    /** It ends by itself if the test that started it was killed, ms. */
    private static final long LIFE_MILLIS = 3_600_000;

    private Loader() {}

    public static void main(String[] lists) throws Exception {
        StringBuilder loaded = new StringBuilder();
        for (String name : Files.readAllLines(Path.of(lists[0]))) {
            try {
                Class.forName(name.replace('/', '.'), false, Loader.class.getClassLoader());
                loaded.append("loaded ").append(name).append('\n');
            } catch (Throwable missing) {
                // what it extends is in no jar
            }
        }
        System.out.println(loaded + "ready");
        Thread.sleep(LIFE_MILLIS);
    }
}
