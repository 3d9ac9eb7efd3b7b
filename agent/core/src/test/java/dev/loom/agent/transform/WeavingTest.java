package dev.loom.agent.transform;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.loom.agent.config.AgentConfig;
import dev.loom.agent.config.ClassPatterns;
import dev.loom.agent.config.DefaultConfig;
import dev.loom.agent.config.PrepareOption;
import dev.loom.bootstrap.UpdatePointSites;
import dev.loom.filter.weave.MethodWeaving;
import java.io.InputStream;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.lang.invoke.CallSite;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WeavingTest {

    /** Any class that is neither Loom's nor the JDK's. */
    private static final Class<?> TYPE = org.opentest4j.ValueWrapper.class;
    /** Another, of a class file version whose frames stand in it, and with loops. */
    private static final Class<?> LOOPS = org.junit.platform.commons.util.ReflectionUtils.class;
    private static final String METHOD = "getType()Ljava/lang/Class;";

    private ClassFileTransformer transformer;

    private Instrumentation instrumentation(byte[] classFile) {
        return (Instrumentation) Proxy.newProxyInstance(
                WeavingTest.class.getClassLoader(), new Class<?>[] {Instrumentation.class}, (proxy, method, arguments) -> {
                    switch (method.getName()) {
                        case "addTransformer" -> transformer = (ClassFileTransformer) arguments[0];
                        case "retransformClasses" -> transform(classFile);
                        case "isModifiableClass", "removeTransformer" -> {
                            return true;
                        }
                        case "getAllLoadedClasses" -> {
                            return new Class<?>[0];
                        }
                        default -> throw new UnsupportedOperationException(method.getName());
                    }
                    return null;
                });
    }

    private byte[] transform(byte[] classFile) throws Exception {
        return transformer.transform(TYPE.getModule(), TYPE.getClassLoader(), TYPE.getName().replace('.', '/'), TYPE, null, classFile);
    }

    private byte[] load(Class<?> type) throws Exception {
        return transformer.transform(
                type.getModule(), type.getClassLoader(), type.getName().replace('.', '/'), null, null, classFile(type));
    }

    private static AgentConfig config(ClassPatterns exclude, Path cache) {
        AgentConfig none = DefaultConfig.read();
        return new AgentConfig(
                none.include(), exclude, null, null, cache, PrepareOption.START, none.name(), none.labels(), null, null, none.log());
    }

    private static byte[] classFile() throws Exception {
        return classFile(TYPE);
    }

    private static byte[] classFile(Class<?> type) throws Exception {
        try (InputStream in = type.getResourceAsStream("/" + type.getName().replace('.', '/') + ".class")) {
            return in.readAllBytes();
        }
    }

    /** What frames of the static code see at their first guard. */
    private static Object isWantedElsewhere() throws Throwable {
        CallSite guard = UpdatePointSites.guard(
                MethodHandles.privateLookupIn(TYPE, MethodHandles.lookup()), "guard", MethodType.methodType(boolean.class), METHOD, 0, 0);
        return guard.getTarget().invoke();
    }

    /** A JVM that refuses its first retransformation. */
    private Instrumentation refusesOnce(List<String> log) {
        boolean[] refused = {false};
        return (Instrumentation) Proxy.newProxyInstance(
                WeavingTest.class.getClassLoader(), new Class<?>[] {Instrumentation.class}, (proxy, method, arguments) -> {
                    switch (method.getName()) {
                        case "addTransformer" -> transformer = (ClassFileTransformer) arguments[0];
                        case "retransformClasses" -> {
                            for (Class<?> type : (Class<?>[]) arguments[0]) {
                                transformer.transform(
                                        type.getModule(), type.getClassLoader(), type.getName().replace('.', '/'), type, null, classFile(type));
                            }
                            if (!refused[0]) {
                                refused[0] = true;
                                log.add("refused");
                                throw new VerifyError("as another agent's class in the batch may cause");
                            }
                            log.add("taken");
                        }
                        case "isModifiableClass", "removeTransformer" -> {
                            return true;
                        }
                        case "getAllLoadedClasses" -> {
                            return new Class<?>[0];
                        }
                        default -> throw new UnsupportedOperationException(method.getName());
                    }
                    return null;
                });
    }

    @Test
    void methods_that_were_left_have_points_only_once_the_jvm_has_taken_them() throws Exception {
        List<String> log = new ArrayList<>();
        try (Weaving weaving = new Weaving(refusesOnce(log), DefaultConfig.read())) {
            weaving.whenCompleted(methods -> log.add("frames noted"));
            load(LOOPS);
            assertTrue(weaving.isUnprepared(LOOPS), "nothing was left for later of a class with brief loops");
            weaving.prepare(List.of(LOOPS, TYPE));
            assertEquals(
                    List.of("refused", "taken", "frames noted"), log.subList(0, 3),
                    "frames that enter between the refusal and the next try run code without points, and have to be noted too");
            assertFalse(weaving.isUnprepared(LOOPS));
        }
    }

    @Test
    void where_a_class_goes_unwoven_no_frame_moves_into_it_any_more() throws Throwable {
        try (Weaving weaving = new Weaving(instrumentation(classFile()), DefaultConfig.read())) {
            weaving.apply(
                    List.of(new Weaving.Change(TYPE, Map.of(METHOD, new MethodWeaving(1, List.of())), Set.of())),
                    Map.of(TYPE, classFile()));
            UpdatePointSites.setLive(TYPE, METHOD, 1);
            assertEquals(true, isWantedElsewhere());

            assertNull(transform(new byte[] {1, 2, 3}), "nobody understands this");

            assertEquals(false, isWantedElsewhere(), "a frame that moved would run its method from the beginning");
        }
    }

    @Test
    void what_is_kept_between_runs_does_not_depend_on_which_classes_were_prepared_then(@TempDir Path directory) throws Exception {
        Path cache = directory.resolve("cache");
        ClassPatterns excluded = ClassPatterns.parse("exclude", LOOPS.getName());
        try (Weaving weaving = new Weaving(instrumentation(classFile()), config(excluded, cache))) {
            weaving.late(new Naming());
            assertNull(load(LOOPS), "an excluded class without a region stays as it is");
            weaving.saveCache();
        }
        try (Weaving weaving = new Weaving(instrumentation(classFile()), config(ClassPatterns.NONE, cache))) {
            assertNotNull(load(LOOPS), "the class was kept without update points, as it was excluded in the run before");
            weaving.saveCache();
        }
        try (Weaving weaving = new Weaving(instrumentation(classFile()), config(excluded, cache))) {
            weaving.late(new Naming());
            assertNull(load(LOOPS), "an excluded class was given the update points of the run before");
        }
    }

    /** A filter that names every class, and nothing in it. */
    private static final class Naming implements LateClasses {

        @Override
        public boolean isInteresting(String name) {
            return true;
        }

        @Override
        public Map<String, List<MethodWeaving.Region>> regionsOf(ClassId id, byte[] classFile, Class<?> redefined) {
            return Map.of();
        }

        @Override
        public void lost(ClassId id, String why) {}
    }
}
