package dev.loom.agent.transform;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.loom.filter.analysis.UpdatePoints.Reason;
import dev.loom.filter.weave.WovenClass;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WovenCacheTest {

    /** Tells nothing of other classes. */
    private static final Function<String, String> NOBODY = name -> null;

    @TempDir
    Path temporary;

    private Path directory;

    @BeforeEach
    void inADirectoryOfItsOwn() {
        directory = temporary.resolve("cache");
    }

    private static byte[] file(int seed) {
        byte[] bytes = new byte[200 + seed];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    private static WovenClass woven(int seed) {
        return new WovenClass(seed % 3 == 0 ? null : file(1_000 + seed), seed, Map.of(Reason.CONSTRUCTOR, seed, Reason.MONITOR, 1));
    }

    private void filled(int from, int to) {
        WovenCache cache = WovenCache.open(directory, false);
        for (int i = from; i < to; i++) {
            cache.add("com/acme/C" + i, file(i), woven(i), Map.of());
        }
        cache.save();
    }

    private Path content() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(".classes")).findFirst().orElseThrow();
        }
    }

    @Test
    void what_one_run_has_woven_the_next_one_finds() {
        filled(0, 500);
        filled(400, 700);
        WovenCache cache = WovenCache.open(directory, false);
        for (int i = 0; i < 700; i++) {
            WovenClass found = cache.find("com/acme/C" + i, file(i), NOBODY);
            assertNotNull(found, "class " + i + " is not found");
            assertArrayEquals(woven(i).bytes(), found.bytes());
            assertEquals(woven(i).methods(), found.methods());
            assertEquals(woven(i).skipped(), found.skipped());
        }
    }

    @Test
    void another_class_file_or_another_name_is_not_found() {
        filled(0, 50);
        WovenCache cache = WovenCache.open(directory, false);
        byte[] changed = file(7);
        changed[100] ^= 1;
        assertNull(cache.find("com/acme/C7", changed, NOBODY));
        assertNull(cache.find("com/acme/Other", file(7), NOBODY));
        assertNotNull(cache.find("com/acme/C7", file(7), NOBODY));
    }

    @Test
    void a_class_is_found_only_as_long_as_those_that_it_was_woven_beside_are_what_they_were() {
        WovenCache first = WovenCache.open(directory, false);
        first.add("com/acme/Old", file(1), woven(1), Map.of("com/acme/Parent", "cjava/lang/Object", "com/acme/Face", "ijava/lang/Object"));
        first.save();

        WovenCache next = WovenCache.open(directory, false);
        Map<String, String> same = Map.of("com/acme/Parent", "cjava/lang/Object", "com/acme/Face", "ijava/lang/Object");
        assertNotNull(next.find("com/acme/Old", file(1), same::get), "the same classes are beside it");
        Map<String, String> other = Map.of("com/acme/Parent", "ccom/acme/Grandparent", "com/acme/Face", "ijava/lang/Object");
        assertNull(next.find("com/acme/Old", file(1), other::get), "one of them has another superclass: the frames may be wrong now");
        assertNull(next.find("com/acme/Old", file(1), NOBODY), "they are not there any more");
    }

    @Test
    void what_was_woven_anew_beside_other_classes_takes_the_place_of_what_was_kept() {
        Map<String, String> before = Map.of("com/acme/Parent", "cjava/lang/Object");
        Map<String, String> now = Map.of("com/acme/Parent", "ccom/acme/Grandparent");
        for (Map<String, String> others : java.util.List.of(before, now)) {
            WovenCache cache = WovenCache.open(directory, false);
            assertNull(cache.find("com/acme/Old", file(1), others::get));
            cache.add("com/acme/Old", file(1), woven(1), others);
            cache.save();
        }
        assertNotNull(WovenCache.open(directory, false).find("com/acme/Old", file(1), now::get));
        assertNull(WovenCache.open(directory, false).find("com/acme/Old", file(1), before::get));
    }

    @Test
    void a_damaged_file_gives_nothing_wrong_and_is_written_anew() throws IOException {
        filled(0, 50);
        byte[] whole = Files.readAllBytes(content());
        for (int cut : new int[] {0, 5, 17, 300, whole.length - 1}) {
            Files.write(content(), java.util.Arrays.copyOf(whole, cut));
            assertNull(WovenCache.open(directory, false).find("com/acme/C7", file(7), NOBODY), "cut at " + cut);
        }
        Random random = new Random(1);
        for (int round = 0; round < 200; round++) {
            byte[] damaged = whole.clone();
            damaged[random.nextInt(damaged.length)] ^= (byte) (1 + random.nextInt(255));
            Files.write(content(), damaged);
            WovenCache cache = WovenCache.open(directory, false);
            for (int i = 0; i < 50; i++) {
                WovenClass found = cache.find("com/acme/C" + i, file(i), NOBODY);
                if (found != null) {
                    assertArrayEquals(woven(i).bytes(), found.bytes(), "a damaged class was given out");
                }
            }
        }
        filled(0, 50);
        assertNotNull(WovenCache.open(directory, false).find("com/acme/C7", file(7), NOBODY), "it was not written anew");
    }

    @Test
    void a_directory_that_others_may_write_to_is_not_used() throws IOException {
        Files.createDirectory(directory);
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxrwx---"));
        assertNull(WovenCache.open(directory, false));
    }
}
