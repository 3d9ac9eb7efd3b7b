package dev.loom.agent.weave.watch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.loom.bootstrap.watch.ObjectTypes;
import dev.loom.bootstrap.watch.RaceSearch;
import dev.loom.bootstrap.watch.WatchedPlace;
import dev.loom.filter.weave.ClassWeaver;
import dev.loom.filter.weave.ClassWeaving;
import dev.loom.filter.weave.WovenClass;
import dev.loom.filter.weave.body.HookAbi;
import dev.loom.filter.weave.watch.WatchPlaces;
import dev.loom.filter.weave.watch.WatchPoint;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/** A watch point stands in front of each use of what threads may share, and changes nothing. */
class WatchWeavingTest {

    private static final String OWN = "dev/loom/agent/weave/watch/WatchTarget";

    @Test
    void every_field_that_is_not_final_and_every_call_of_the_table_is_watched() throws Exception {
        List<WatchPoint> points = new ArrayList<>();
        weave(plain(OWN), point -> {
            points.add(point);
            return points.size();
        });
        Set<String> call = new TreeSet<>();
        points.stream().filter(p -> p.method().startsWith("call")).forEach(p -> call.add(
                p.kind() + " " + p.target().replace(OWN.replace('/', '.'), "T") + (p.writes() ? " write" : " read") + (p.isStatic() ? " static" : "")
                        + (p.locked() ? " locked" : "")));
        assertEquals(new TreeSet<>(Set.of(
                "FIELD T.count read", "FIELD T.count write", "VOLATILE T.version read", "VOLATILE T.version write", "FIELD T.share read",
                "FIELD T.share write", "FIELD T.sum read", "FIELD T.sum write", "FIELD T.total read static", "FIELD T.total write static",
                "FIELD T.cells read", "FIELD TBase.inherited write", "FIELD TBase.inherited read", "FIELD T.name read",
                "FIELD T.name read locked", "FIELD T.name write locked", "CALL java.util.Map.put write", "CALL java.util.List.add write",
                "CALL java.util.Map.getOrDefault read locked")), call);
        assertTrue(points.stream().filter(p -> p.method().startsWith("guarded")).allMatch(WatchPoint::locked));
        assertEquals(3, points.stream().filter(p -> p.method().startsWith("<init>")).count(), "cells, name and count behind the calls of constructors");
        assertTrue(points.stream().allMatch(p -> p.line() > 0));
    }

    @Test
    void a_field_that_is_used_by_a_handle_is_told_where_the_class_says_which_it_is() throws Exception {
        Set<String> found = new TreeSet<>();
        weave(plain(OWN + "Handles"), point -> {
            if (point.kind() != WatchPoint.Kind.FIELD && !point.method().startsWith("<")) {
                found.add(point.kind() + " " + point.target().replace(OWN.replace('/', '.') + "Handles", "T") + (point.use().reads() ? " read" : "")
                        + (point.use().writes() ? " write" : "") + (point.use().checks() ? " checks" : ""));
            }
            return found.size() + 1;
        });
        assertEquals(new TreeSet<>(Set.of(
                "VOLATILE T.count read write", "VOLATILE T.count write", "VOLATILE T.count read", "VOLATILE T.state read", "VOLATILE T.state read write checks",
                "VOLATILE T.state write", "HANDLE java.util.concurrent.atomic.AtomicIntegerFieldUpdater.get read",
                "CALL java.util.concurrent.ConcurrentMap.get read", "CALL java.util.concurrent.ConcurrentMap.putIfAbsent write checks",
                "CALL java.util.concurrent.ConcurrentMap.remove write", "CALL java.util.concurrent.ConcurrentMap.remove write checks",
                "CALL java.util.concurrent.atomic.AtomicInteger.incrementAndGet write",
                "CALL java.util.concurrent.atomic.AtomicInteger.incrementAndGet read write")), found);
    }

    @Test
    void with_handles_and_keys_the_class_does_the_same_too() throws Exception {
        RaceSearch search = new RaceSearch(new ObjectTypes(Set.of(), Set.of(ConcurrentHashMap.class, AtomicInteger.class)), 0.5);
        byte[] woven = weave(plain(OWN + "Handles"), point -> search.add(point.variable(), WatchedPlace.WRITES).number());
        String handles = OWN.replace('/', '.') + "Handles";
        String expected = run(handles, Map.of());
        search.begin();
        try {
            search.places().forEach(search::arm);
            assertEquals(expected, run(handles, Map.of(handles, woven)));
        } finally {
            search.end();
        }
        assertTrue(search.places().stream().filter(place -> place.arrivals() > 0).count() > 12, "most were passed");
    }

    @Test
    void the_class_does_the_same_and_a_thread_that_comes_to_an_armed_place_is_seen() throws Exception {
        RaceSearch search = new RaceSearch(new ObjectTypes(Set.of(HashMap.class), Set.of(ConcurrentHashMap.class, AtomicInteger.class)), 0.5);
        Map<Integer, WatchPoint> points = new HashMap<>();
        byte[] woven = weave(plain(OWN), point -> {
            WatchedPlace place = search.add(
                    point.variable(), (point.writes() ? WatchedPlace.WRITES : WatchedPlace.READS) | (point.isStatic() ? WatchedPlace.STATIC : 0)
                            | (point.kind() == WatchPoint.Kind.CALL ? WatchedPlace.CALL : 0));
            points.put(place.index(), point);
            return place.number();
        });
        String expected = run(Map.of());
        search.begin();
        try {
            search.places().forEach(search::arm);
            assertEquals(expected, run(Map.of(OWN.replace('/', '.'), woven)));
        } finally {
            search.end();
        }
        for (WatchedPlace place : search.places()) {
            // whether a class is initialized, only code of the boot loader can tell
            assertEquals(points.get(place.index()).isStatic() ? 0 : 1, place.arrivals(), points.get(place.index()) + " was passed in whatever way");
        }
        assertEquals(List.of(), search.collisions());
        assertEquals(expected, run(Map.of(OWN.replace('/', '.'), woven)), "once it has ended");
    }

    @Test
    void without_watch_points_the_bytes_are_those_of_before_and_with_them_always_the_same() throws Exception {
        byte[] plain = plain(OWN);
        ClassWeaving unwatched = new ClassWeaving(true, Map.of(), 0, false, null);
        assertArrayEquals(
                new ClassWeaver(HookAbi.BOOTSTRAP).weave(plain, ClassWeaving.STATIC, n -> Optional.empty()).bytes(),
                new ClassWeaver(HookAbi.BOOTSTRAP).weave(plain, unwatched, n -> Optional.empty()).bytes());
        byte[] first = weave(plain, point -> 7);
        assertArrayEquals(first, weave(plain, point -> 7));
        assertFalse(java.util.Arrays.equals(first, weave(plain, point -> point.writes() ? 7 : 0)), "0 is no place");
    }

    @Test
    void a_method_that_would_no_longer_be_compiled_is_left_and_named() {
        ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_MAXS);
        writer.visit(Opcodes.V17, Opcodes.ACC_PUBLIC, "Large", null, "java/lang/Object", null);
        writer.visitField(Opcodes.ACC_STATIC, "field", "I", null, null);
        MethodVisitor method = writer.visitMethod(Opcodes.ACC_STATIC, "large", "()V", null, null);
        method.visitCode();
        for (int i = 0; i < 1_500; i++) {
            method.visitFieldInsn(Opcodes.GETSTATIC, "Large", "field", "I");
            method.visitInsn(Opcodes.POP);
        }
        method.visitInsn(Opcodes.RETURN);
        method.visitMaxs(0, 0);
        method.visitEnd();
        WovenClass woven = new ClassWeaver(HookAbi.BOOTSTRAP)
                .weave(writer.toByteArray(), new ClassWeaving(true, Map.of(), 0, false, point -> 1), n -> Optional.empty());
        assertEquals(Set.of("large()V"), woven.unwatched());
    }

    private static byte[] weave(byte[] plain, WatchPlaces places) {
        byte[] woven = new ClassWeaver(HookAbi.BOOTSTRAP)
                .weave(plain, new ClassWeaving(true, Map.of(), 0, false, places), WatchWeavingTest::find).bytes();
        assertNotNull(woven);
        return woven;
    }

    private static Optional<byte[]> find(String name) {
        try {
            return Optional.of(plain(name));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static byte[] plain(String name) throws IOException {
        try (InputStream in = WatchWeavingTest.class.getResourceAsStream("/" + name + ".class")) {
            return in.readAllBytes();
        }
    }

    /** Runs the target, with some of its classes as given, in a loader of its own. */
    private static String run(Map<String, byte[]> changed) throws Exception {
        return run(OWN.replace('/', '.'), changed);
    }

    private static String run(String name, Map<String, byte[]> changed) throws Exception {
        ClassLoader loader = new ClassLoader(WatchWeavingTest.class.getClassLoader()) {
            @Override
            protected Class<?> loadClass(String type, boolean resolve) throws ClassNotFoundException {
                Class<?> known = findLoadedClass(type);
                if (known != null || !type.startsWith(OWN.replace('/', '.'))) {
                    return known != null ? known : super.loadClass(type, resolve);
                }
                try {
                    byte[] bytes = changed.containsKey(type) ? changed.get(type) : plain(type.replace('.', '/'));
                    return defineClass(type, bytes, 0, bytes.length);
                } catch (IOException e) {
                    throw new ClassNotFoundException(type, e);
                }
            }
        };
        return (String) ((Callable<?>) loader.loadClass(name).getConstructor().newInstance()).call();
    }
}
