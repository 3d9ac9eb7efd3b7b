package dev.loom.filter.analysis;

import java.util.List;

/**
 * A place where a running frame can move to another version of its method: the operand stack is empty and the frame holds no
 * monitor of its own. The n-th point of a body is the same place in all its versions, whatever hooks they carry.
 *
 * @param number its number in the body, from 0
 * @param kind where the guard stands
 * @param insn for {@link Kind#BACK_EDGE} the jump; for {@link Kind#AFTER_CALL} the real instruction before which the guard stands
 * @param resume for {@link Kind#BACK_EDGE} the target label of the jump; for {@link Kind#AFTER_CALL} the same as {@code insn}
 * @param locals verification types by slot where the frame resumes; long and double are followed by {@code TOP}
 */
public record UpdatePoint(int number, Kind kind, int insn, int resume, List<Object> locals) {

    /** Where the guard of an update point stands. */
    public enum Kind {
        /** On a backward jump. */
        BACK_EDGE,
        /** Behind a call that can keep a frame waiting, at the next place where a frame can be moved. */
        AFTER_CALL
    }
}
