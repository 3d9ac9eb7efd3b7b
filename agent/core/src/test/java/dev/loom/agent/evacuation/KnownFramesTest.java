package dev.loom.agent.evacuation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Set;
import org.junit.jupiter.api.Test;

class KnownFramesTest {

    private static final FramePosition PLACE = new FramePosition(1, 0);
    private static final String BORROW = WatchedMethod.shown("acme.Pool", "borrow");

    private final WrittenStacks stacks = new WrittenStacks();
    private final KnownFrames known = new KnownFrames();

    private boolean isKnownAfter(String text) {
        known.add(PLACE, BORROW);
        known.lookThrough(stacks.are(text), Set.of("acme.Pool"));
        return known.contains(PLACE, BORROW);
    }

    @Test
    void aFrameStaysKnownWhileItStandsInSupersededCode() {
        assertTrue(isKnownAfter("1: acme.Pool#borrow@12*"));
    }

    @Test
    void aFrameIsForgottenWhenItsPlaceIsAnother() {
        assertFalse(isKnownAfter("1: acme.Pool#giveBack@12*"), "another method has its place");
        assertFalse(isKnownAfter("1: acme.Pool#borrow@12"), "a call of the newest code has its place");
        assertFalse(isKnownAfter("1:"), "its stack is not that deep any more");
        assertFalse(isKnownAfter("2: acme.Pool#borrow@12*"), "its thread has ended");
    }

    @Test
    void aStackThatIsCutTellsNothing() {
        assertTrue(isKnownAfter("~1: acme.Main#run@1"));
    }

    @Test
    void framesOfOtherClassesAreNotLookedAt() {
        known.add(PLACE, BORROW);
        known.lookThrough(stacks.are(""), Set.of("acme.Store"));
        assertEquals(1, known.size());
    }

    @Test
    void aCopyKeepsWhatIsForgottenLater() {
        known.add(PLACE, BORROW);
        KnownFrames copy = known.copy();
        known.removeAll(Set.of(BORROW));
        assertTrue(copy.contains(PLACE, BORROW));
        assertTrue(known.isEmpty());
    }
}
