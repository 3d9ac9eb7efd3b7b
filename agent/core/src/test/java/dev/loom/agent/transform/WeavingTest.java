package dev.loom.agent.transform;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.loom.agent.config.AgentConfig;
import dev.loom.bootstrap.SwitchPointSites;
import dev.loom.filter.weave.MethodWeaving;
import java.io.InputStream;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.lang.invoke.CallSite;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class WeavingTest {

    /** Any class that is neither Loom's nor the JDK's. */
    private static final Class<?> TYPE = org.opentest4j.ValueWrapper.class;
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

    private static byte[] classFile() throws Exception {
        try (InputStream in = TYPE.getResourceAsStream("/" + TYPE.getName().replace('.', '/') + ".class")) {
            return in.readAllBytes();
        }
    }

    /** What frames of the static code see at their first guard. */
    private static Object isWantedElsewhere() throws Throwable {
        CallSite guard = SwitchPointSites.guard(
                MethodHandles.privateLookupIn(TYPE, MethodHandles.lookup()), "guard", MethodType.methodType(boolean.class), METHOD, 0, 0);
        return guard.getTarget().invoke();
    }

    @Test
    void where_a_class_goes_unwoven_no_frame_moves_into_it_any_more() throws Throwable {
        try (Weaving weaving = new Weaving(instrumentation(classFile()), AgentConfig.defaults())) {
            weaving.apply(
                    List.of(new Weaving.Change(TYPE, Map.of(METHOD, new MethodWeaving(1, List.of())), Set.of())),
                    Map.of(TYPE, classFile()));
            SwitchPointSites.setLive(TYPE, METHOD, 1);
            assertEquals(true, isWantedElsewhere());

            assertNull(transform(new byte[] {1, 2, 3}), "nobody understands this");

            assertEquals(false, isWantedElsewhere(), "a frame that moved would run its method from the beginning");
        }
    }
}
