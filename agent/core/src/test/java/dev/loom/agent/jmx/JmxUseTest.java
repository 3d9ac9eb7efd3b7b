package dev.loom.agent.jmx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import javax.management.MBeanServerFactory;
import org.junit.jupiter.api.Test;

/** With an instrumentation that is played: the JVM of a test uses JMX already. */
class JmxUseTest {

    private final List<ClassFileTransformer> transformers = new CopyOnWriteArrayList<>();
    private volatile Class<?>[] loaded = {String.class};

    private final JmxUse use = new JmxUse((Instrumentation) Proxy.newProxyInstance(
            JmxUseTest.class.getClassLoader(), new Class<?>[] {Instrumentation.class}, (proxy, method, arguments) -> switch (method.getName()) {
                case "addTransformer" -> {
                    assertEquals(true, arguments[1], "one that can retransform: the JVM would call back twice for each class");
                    transformers.add((ClassFileTransformer) arguments[0]);
                    yield null;
                }
                case "removeTransformer" -> transformers.remove((ClassFileTransformer) arguments[0]);
                case "getAllLoadedClasses" -> loaded;
                default -> throw new UnsupportedOperationException(method.getName());
            }));

    private CompletableFuture<Boolean> waiting() throws Exception {
        CompletableFuture<Boolean> answer = CompletableFuture.supplyAsync(use::await, task -> new Thread(task).start());
        long deadline = System.nanoTime() + 10_000_000_000L;
        while (transformers.isEmpty() && System.nanoTime() < deadline) {
            Thread.sleep(1);
        }
        assertEquals(1, transformers.size(), "nobody waits for JMX to be used");
        assertFalse(answer.isDone(), "JMX is not used yet");
        return answer;
    }

    private void passes(ClassLoader loader, String name) throws Exception {
        for (ClassFileTransformer transformer : transformers) {
            assertEquals(null, transformer.transform(Object.class.getModule(), loader, name, null, null, new byte[0]), "it changes no class");
        }
    }

    @Test
    void waitsUntilTheClassOfWhoeverUsesJmxIsLoaded() throws Exception {
        CompletableFuture<Boolean> answer = waiting();
        passes(null, "java/util/ArrayList");
        passes(getClass().getClassLoader(), "javax/management/MBeanServerFactory");
        assertFalse(answer.isDone(), "another class of that name is none of the JDK's");
        passes(null, "javax/management/MBeanServerFactory");
        assertTrue(answer.get(10, TimeUnit.SECONDS));
        assertTrue(transformers.isEmpty(), "the look at classes stays when it is not needed any more");
    }

    @Test
    void waitsForNothingWhereJmxIsUsedAlready() throws Exception {
        loaded = new Class<?>[] {String.class, MBeanServerFactory.class};
        assertTrue(CompletableFuture.supplyAsync(use::await).get(10, TimeUnit.SECONDS));
        assertTrue(transformers.isEmpty());
    }

    @Test
    void whoWaitsIsLetGoAtDetachAndNothingIsLeft() throws Exception {
        CompletableFuture<Boolean> answer = waiting();
        use.close();
        assertFalse(answer.get(10, TimeUnit.SECONDS), "the agent is leaving: nothing is to be started");
        assertTrue(transformers.isEmpty());
    }

    @Test
    void whoComesAfterTheDetachDoesNotWait() throws Exception {
        use.close();
        assertFalse(CompletableFuture.supplyAsync(use::await).get(10, TimeUnit.SECONDS));
    }
}
