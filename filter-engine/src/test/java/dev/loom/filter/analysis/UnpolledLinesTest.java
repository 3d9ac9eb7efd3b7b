package dev.loom.filter.analysis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.loom.filter.Sources;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.MethodNode;

/** Where a frame in code without polls comes to an update point before it does anything that can be noticed. */
class UnpolledLinesTest {

    private static final String SOURCE =
            """
            class A {
                java.util.concurrent.BlockingQueue<Integer> queue;
                int sum;
                void worker() throws InterruptedException {
                    while (true) {
                        Integer item = queue.take();
                        sum += item;
                    }
                }
                void adds() throws InterruptedException {
                    while (true) {
                        sum += queue.take();
                    }
                }
                Integer last() throws InterruptedException {
                    sum++;
                    return queue.take();
                }
                void waits() throws InterruptedException {
                    new java.util.concurrent.CountDownLatch(1).await();
                }
                void restarts() {
                    while (true) {
                        try {
                            worker();
                        } catch (InterruptedException e) {
                            sum = 0;
                        }
                    }
                }
            }
            """;

    private static UnsafeLines lines(String name, boolean points) {
        ClassNode type = new ClassNode();
        new ClassReader(Sources.compile("A.java", SOURCE).find("A").orElseThrow()).accept(type, ClassReader.EXPAND_FRAMES);
        MethodNode method = type.methods.stream().filter(m -> m.name.equals(name)).findFirst().orElseThrow();
        ControlFlow code = ControlFlow.of(method);
        return UnpolledLines.of(
                code, points ? UpdatePoints.of(type.name, method, code, UpdatePoints.Density.ALL).points() : List.of());
    }

    @Test
    @DisplayName("a frame on top of its stack runs")
    void aFrameOnTopRuns() {
        assertTrue(lines("worker", true).isUnsafe(6, null));
        assertTrue(lines("last", true).isUnsafe(17, null));
    }

    @Test
    @DisplayName("what a call returns may be kept in a variable before the update point")
    void aVariableIsNotNoticed() {
        assertFalse(lines("worker", true).isUnsafe(6, "take"));
        assertTrue(lines("worker", true).isUnsafe(7, "intValue"), "the field is written first");
        assertTrue(lines("adds", true).isUnsafe(12, "take"));
    }

    @Test
    @DisplayName("a frame that returns runs no more")
    void aReturnIsNotNoticed() {
        assertFalse(lines("last", true).isUnsafe(17, "take"));
        assertFalse(lines("last", false).isUnsafe(17, "take"));
    }

    @Test
    @DisplayName("calls of one line are told apart by what they call")
    void callsOfOneLine() {
        assertFalse(lines("waits", true).isUnsafe(20, "await"));
        assertTrue(lines("waits", true).isUnsafe(20, UnsafeLines.called("java.util.concurrent.CountDownLatch", "<init>")));
        assertTrue(lines("waits", true).isUnsafe(20, "loadClass"), "another call may be any");
    }

    @Test
    @DisplayName("without update points a loop goes on")
    void withoutPoints() {
        assertTrue(lines("worker", false).isUnsafe(6, "take"));
        assertEquals(List.of(), lines("worker", true).safeCalls().getOrDefault(7, java.util.Set.of()).stream().toList());
    }

    @Test
    @DisplayName("a handler counts like what follows the call")
    void handlersCount() {
        assertFalse(lines("restarts", true).isUnsafe(25, "worker"), "both the loop and the handler begin with an update point");
        assertTrue(lines("restarts", false).isUnsafe(25, "worker"));
    }
}
