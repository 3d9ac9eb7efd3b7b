package dev.loom.filter.analysis;

import java.util.BitSet;
import java.util.List;
import java.util.SortedSet;
import org.objectweb.asm.tree.MethodNode;

/**
 * Which instructions of a method body belong to a region, and where it is entered and left. Instruction numbers are indexes in
 * {@link MethodNode#instructions}.
 *
 * @param entries instructions before which the entry hook stands
 * @param interior every instruction inside
 * @param exitTargets instructions outside that directly follow one inside (by falling through, by a jump or as an exception
 *     handler): the exit hook stands before each
 * @param missingLines entry or exit lines without code in this body
 * @param unreachedExits exit lines that no path from an entry reaches
 * @param jumpsIn lines of instructions outside that jump into the interior behind an entry
 */
public record RegionInterior(
        List<Integer> entries,
        BitSet interior,
        List<Integer> exitTargets,
        List<Integer> missingLines,
        List<Integer> unreachedExits,
        List<Integer> jumpsIn) {

    /**
     * Computes the interior of a region.
     *
     * @param owner internal name of the class
     * @param method its body; frames may be present or not
     * @param entryLines empty for a method region
     * @param exitLines empty where only the returns are exits
     */
    public static RegionInterior of(String owner, MethodNode method, SortedSet<Integer> entryLines, SortedSet<Integer> exitLines) {
        throw new UnsupportedOperationException("in work");
    }
}
