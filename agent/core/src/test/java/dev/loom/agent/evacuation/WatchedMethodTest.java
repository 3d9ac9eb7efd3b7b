package dev.loom.agent.evacuation;

import static dev.loom.agent.evacuation.WrittenStacks.lines;
import static dev.loom.agent.evacuation.WrittenStacks.method;
import static dev.loom.agent.evacuation.WrittenStacks.stack;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.loom.agent.evacuation.WatchedMethod.Place;
import dev.loom.filter.analysis.UnsafeLines;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class WatchedMethodTest {

    /** Lines 12 and 13 are inside a region. */
    private final WatchedMethod borrow = method("acme.Pool", "borrow", 12, 13);

    static Stream<Arguments> frames() {
        return Stream.of(
                Arguments.of("of another class", Place.OTHER, "1: acme.Store#borrow@12*"),
                Arguments.of("of another method", Place.OTHER, "1: acme.Pool#giveBack@12*"),
                Arguments.of("at a line that the method does not have", Place.OTHER, "1: acme.Pool#borrow@40*"),
                Arguments.of("where there is none", Place.OTHER, "1:"),
                Arguments.of("in the newest code, inside the region", Place.NEW, "1: acme.Pool#borrow@12"),
                Arguments.of("in older code, in front of an update point", Place.SAFE, "1: acme.Pool#borrow@10*"),
                Arguments.of("in older code, inside the region", Place.UNSAFE, "1: acme.Pool#borrow@12*"),
                Arguments.of("in older code, in a call from inside the region", Place.UNSAFE, "1: acme.Tools#work@1 acme.Pool#borrow@12*"),
                Arguments.of("in a hook of older code, inside the region", Place.UNSAFE,
                        "1: dev.loom.bootstrap.Hooks#enter@1 acme.Pool#borrow@12*"),
                Arguments.of("leaving, without its continuation", Place.UNSAFE, "1: acme.Pool#borrow@65535*"),
                Arguments.of("arriving in code that is superseded already", Place.UNSAFE, "1: acme.Pool#borrow@65534*"),
                Arguments.of("below its continuation", Place.SHELL, "1: acme.Pool#borrow@12 acme.Pool#borrow@65535*"),
                Arguments.of("without a line, on top", Place.UNSAFE, "1: acme.Pool#borrow@-1*"),
                Arguments.of("without a line, below its continuation", Place.SHELL, "1: acme.Pool#borrow@12 acme.Pool#borrow@-1*"));
    }

    @ParameterizedTest(name = "a frame {0} is {1}")
    @MethodSource("frames")
    void aFrameStandsWhereItsStackSays(String name, Place place, String stack) {
        assertEquals(place, borrow.place(stack(stack), 0, false), "the place of the lowest frame of " + stack);
    }

    @Test
    void aFrameOlderThanTheAgentIsJudgedByTheLinesOfCodeWithoutUpdatePoints() {
        WatchedMethod method = new WatchedMethod("acme.Pool", "borrow()V", lines(12), lines(10, 11, 12), true);
        assertEquals(Place.SAFE, method.place(stack("1: acme.Pool#borrow@10*"), 0, false));
        assertEquals(Place.UNSAFE, method.place(stack("1: acme.Pool#borrow@10*"), 0, true));
    }

    @Test
    void aCallFromASafePlaceOfAnUnsafeLineMakesItsFrameSafe() {
        UnsafeLines lines = new UnsafeLines(
                Set.of(12), Set.of(10, 12), true, Set.of("close", "open"), Set.of("open"), Map.of(12, Set.of("close")));
        WatchedMethod method = new WatchedMethod("acme.Pool", "borrow()V", lines, lines, true);
        assertEquals(Place.SAFE, method.place(stack("1: acme.Door#close@1 acme.Pool#borrow@12*"), 0, false));
        assertEquals(Place.UNSAFE, method.place(stack("1: acme.Door#open@1 acme.Pool#borrow@12*"), 0, false));
    }

    @Test
    void aFrameThatHasCalledCodeWithPollsIsSafeUntilThatReturns() {
        WatchedMethod method =
                new WatchedMethod("acme.Pool", "borrow()V", lines(12), lines(12), true, "acme.Polled"::equals);
        assertEquals(Place.SAFE, method.place(stack("1: acme.Polled#run@1 acme.Pool#borrow@12*"), 0, false));
        assertEquals(Place.SAFE, method.place(stack("1: acme.Polled#run@1 acme.Pool$$Lambda/0x1#run@1 acme.Pool#borrow@12*"), 0, false),
                "a lambda's own class stands between them");
        assertEquals(Place.UNSAFE, method.place(stack("1: acme.Other#run@1 acme.Pool#borrow@12*"), 0, false));
    }

    @Test
    void whereNewFramesLookLikeOldOnesNoneIsTakenForNew() {
        WatchedMethod method = new WatchedMethod("acme.Pool", "borrow()V", lines(12), lines(12), false);
        assertEquals(Place.UNSAFE, method.place(stack("1: acme.Pool#borrow@12"), 0, false));
    }

    @Test
    void aFrameIsInsideARegionInWhateverCodeItRuns() {
        assertTrue(borrow.isInside(stack("1: acme.Pool#borrow@12"), 0));
        assertFalse(borrow.isInside(stack("1: acme.Pool#borrow@10"), 0));
        assertFalse(borrow.isInside(stack("1: acme.Pool#borrow@12 acme.Pool#borrow@65535*"), 0), "a shell runs nothing");
    }
}
