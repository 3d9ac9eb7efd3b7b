package dev.loom.agent.evacuation;

import static dev.loom.agent.evacuation.WrittenStacks.lines;
import static dev.loom.agent.evacuation.WrittenStacks.method;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class EvacuationTest {

    private final WrittenStacks stacks = new WrittenStacks();
    private final KnownFrames ancient = new KnownFrames();
    private final Evacuation evacuation = new Evacuation(stacks, ancient, Evacuation.Scope.UNSAFE);
    /** Lines 12 and 13 are inside a region. */
    private final WatchedMethod borrow = method("acme.Pool", "borrow", 12, 13);

    private void begin(String text) {
        stacks.are(text);
        evacuation.begin(List.of(borrow), (position, method) -> false);
    }

    private void look(String text) {
        stacks.are(text);
        evacuation.look();
    }

    /** The suspects: thread, depth and why. */
    private String suspects() {
        Map<String, String> found = new TreeMap<>();
        evacuation.suspects().forEach(suspect ->
                found.put(suspect.position().thread() + "/" + suspect.position().depth(), suspect.why().name()));
        return found.toString();
    }

    @Test
    void nothingIsClearBeforeTheFirstLook() {
        assertFalse(evacuation.isClear());
        assertEquals(0, evacuation.progress(0));
    }

    @Test
    void onlyFramesOfOlderCodeAtUnsafePlacesAreSuspects() {
        begin("""
                1: acme.Tools#work@1 acme.Pool#borrow@12* acme.Main#run@1
                2: acme.Pool#borrow@10* acme.Main#run@1
                3: acme.Pool#borrow@12 acme.Main#run@1
                """);
        assertEquals("{1/1=OLD_CODE}", suspects());
        assertFalse(evacuation.isClear());
    }

    @Test
    void withoutFramesInTheWayItIsClearAtOnce() {
        begin("1: acme.Main#run@1");
        assertTrue(evacuation.isClear());
        assertEquals(1, evacuation.progress(0));
    }

    @Test
    void nothingIsClearWhileThereAreThreadsThatNobodySees() {
        stacks.hideSome();
        begin("1: acme.Main#run@1");
        assertFalse(evacuation.isClear());
    }

    @Test
    void aSuspectIsClearedWhenItReturnsOrMovesOnOrItsThreadEnds() {
        begin("""
                1: acme.Pool#borrow@12* acme.Main#run@1
                2: acme.Pool#borrow@12* acme.Main#run@1
                3: acme.Pool#borrow@12* acme.Main#run@1
                4: acme.Pool#borrow@12* acme.Main#run@1
                """);
        look("""
                1: acme.Main#run@1
                2: acme.Pool#borrow@10* acme.Main#run@1
                4: acme.Pool#borrow@13* acme.Main#run@1
                """);
        assertEquals("{4/1=OLD_CODE}", suspects());
        assertEquals(0.75, evacuation.progress(0));
        look("4: acme.Pool#borrow@12 acme.Main#run@1");
        assertTrue(evacuation.isClear(), "at its place there is a frame of the newest code");
    }

    @Test
    void laterLooksOnlyTakeSuspectsAway() {
        begin("1: acme.Main#run@1");
        look("1: acme.Pool#borrow@12* acme.Main#run@1");
        assertTrue(evacuation.isClear(), "what was called after the first look runs new code, whatever it looks like");
    }

    @Test
    void aThreadWhoseStackIsCutIsASuspectUntilItIsSeenWhole() {
        begin("~1: acme.Deep#er@1");
        assertEquals("{1/-1=UNSEEN}", suspects());
        look("~1: acme.Deep#er@2");
        assertEquals("{1/-1=UNSEEN}", suspects());
        look("1: acme.Deep#er@2 acme.Pool#borrow@12*");
        assertEquals("{1/0=OLD_CODE}", suspects());
        look("1:");
        assertTrue(evacuation.isClear());
    }

    @Test
    void aSuspectWhoseStackIsCutMeanwhileStays() {
        begin("1: acme.Pool#borrow@12*");
        look("~1: acme.Deep#er@1");
        assertEquals("{1/0=OLD_CODE}", suspects());
    }

    @Test
    void framesOlderThanTheAgentAreSaidToBeSo() {
        ancient.add(new FramePosition(1, 0), "acme.Pool#borrow");
        begin("1: acme.Pool#borrow@12*");
        assertEquals("{1/0=ANCIENT}", suspects());
    }

    @Test
    void exemptFramesAreNotInTheWay() {
        stacks.are("1: acme.Pool#borrow@12*\n2: acme.Pool#borrow@12*");
        evacuation.begin(List.of(borrow), (position, method) -> position.thread() == 1);
        assertEquals("{2/0=OLD_CODE}", suspects());
    }

    @Test
    void aFrameThatCouldNotMoveIsASuspectUntilItReturns() {
        begin("1: acme.Pool#borrow@10*\n2: acme.Main#run@1");
        assertTrue(evacuation.isClear());
        evacuation.distrust((position, method) -> true);
        assertEquals("{1/0=STUCK}", suspects());
        look("1: acme.Pool#borrow@15*");
        assertEquals("{1/0=STUCK}", suspects(), "no place of it is safe any more");
        look("1: acme.Main#run@1");
        assertTrue(evacuation.isClear());
    }

    @Test
    void framesThatHaveReturnedAreNotDistrusted() {
        begin("1: acme.Pool#borrow@10*");
        stacks.are("1: acme.Main#run@1");
        evacuation.distrust((position, method) -> true);
        assertTrue(evacuation.isClear());
    }

    @Test
    void aThreadThatNeverGoesOnIsNotInTheWayAsLongAsThatIsSo() {
        begin("1: acme.Pool#borrow@12*\n2: acme.Pool#borrow@12*");
        evacuation.deadlocked(Set.of(1L));
        assertEquals("{2/0=OLD_CODE}", suspects());
        evacuation.deadlocked(Set.of());
        assertEquals("{1/0=OLD_CODE, 2/0=OLD_CODE}", suspects());
    }

    @Test
    void whenCodeIsLeftForGoodEveryFrameOfItIsInTheWay() {
        Evacuation departure = new Evacuation(
                stacks.are("1: acme.Pool#borrow@10*\n2: acme.Pool#borrow@12 acme.Pool#borrow@65535*"), ancient,
                Evacuation.Scope.EVERYWHERE);
        departure.begin(List.of(borrow), (position, method) -> false);
        assertEquals(1, departure.suspects().size());
        assertEquals(Suspect.Why.WOVEN, departure.suspects().iterator().next().why());
        assertEquals(1, departure.shells(), "what only forwards to its continuation is a shell");
    }

    @Test
    void aFrameWithoutPollsIsInTheWayAgainWhenTheCodeThatItCalledHasReturned() {
        WatchedMethod unpolled =
                new WatchedMethod("acme.Pool", "borrow()V", lines(12), lines(12), true, "acme.Polled"::equals);
        stacks.are("1: acme.Polled#run@1 acme.Pool#borrow@12*");
        evacuation.begin(List.of(unpolled), (position, method) -> false);
        assertTrue(evacuation.isClear());
        assertEquals(Set.of(new FramePosition(1, 0)), evacuation.unpolled().keySet());
        stacks.are("1: acme.Pool#borrow@12*");
        evacuation.lookAtUnpolled();
        assertEquals("{1/0=OLD_CODE}", suspects());
    }

    @Test
    void ofTheProgressFramesThatMovedFromInsideAreNotPartUntilTheyHaveLeft() {
        begin("1: acme.Pool#borrow@12*\n2: acme.Pool#borrow@12*");
        look("2: acme.Pool#borrow@12*");
        assertEquals(0.5, evacuation.progress(0));
        assertEquals(0, evacuation.progress(1));
    }
}
