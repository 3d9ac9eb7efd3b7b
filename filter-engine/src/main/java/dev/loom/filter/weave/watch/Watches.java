package dev.loom.filter.weave.watch;

import dev.loom.filter.analysis.ControlFlow;
import dev.loom.filter.analysis.Monitors;
import dev.loom.filter.analysis.UpdatePoints;
import dev.loom.filter.weave.body.Emitter;
import dev.loom.filter.weave.body.HookAbi;
import dev.loom.filter.weave.body.PointBudget;
import dev.loom.filter.weave.body.WovenBody;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.FieldInsnNode;
import org.objectweb.asm.tree.FrameNode;
import org.objectweb.asm.tree.InsnList;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;

/**
 * Puts the watch points into one class: in front of each access to a field that is not final, be it by an updater or a {@code VarHandle}, and of
 * each call that {@link ObjectCalls} lists, a static call with the object that is used, which leaves stack and locals as they are. The places
 * are those of the unwoven body; what is woven around them is left alone, so inside a region a watch point stands behind the region's entry.
 *
 * <p>Left out: final and synthetic fields, fields whose declaration is not found, fields of the JDK, and in a constructor what stands in
 * front of its call of another one, where the verifier lets nobody have {@code this}.
 */
public final class Watches {

    /** Bytes of a watch point, at most: moving an argument out of the way and back takes four, or six. */
    private static final int POINT_BYTES = 16;
    private static final int ARGUMENT_BYTES = 8;
    /** Values that a watch point has on the stack on top of the body's, at most. */
    private static final int STACK = 4;
    private static final Type OBJECT = Type.getType(Object.class);

    private final HookAbi abi;
    private final WatchPlaces places;
    private final Points points;

    /**
     * Begins with a class.
     *
     * @param own the class file that is woven
     * @param classes finds other classes by internal name
     */
    public Watches(HookAbi abi, WatchPlaces places, ClassReader own, Function<String, Optional<byte[]>> classes) {
        this.abi = abi;
        this.places = places;
        this.points = new Points(own, classes);
    }

    /** The points of one method: found before its body is woven, put in after that. */
    public final class OfMethod {

        private final MethodNode method;
        private final List<Found> found = new ArrayList<>();
        private final int unwovenSize;

        private record Found(AbstractInsnNode insn, WatchPoint point) {}

        private OfMethod(MethodNode method) {
            this.method = method;
            unwovenSize = PointBudget.codeSize(method);
        }

        /** Whether there is nothing to watch. */
        public boolean isEmpty() {
            return found.isEmpty();
        }

        /**
         * Puts the points in.
         *
         * @return false if there is no room: the JIT would not compile the method any more
         */
        public boolean weave() {
            int bytes = 0;
            for (Found one : found) {
                bytes += POINT_BYTES + (one.insn() instanceof MethodInsnNode call
                        ? ARGUMENT_BYTES * Type.getArgumentTypes(call.desc).length : 0);
            }
            if (unwovenSize <= UpdatePoints.HUGE_METHOD && PointBudget.codeSize(method) + bytes > UpdatePoints.HUGE_METHOD) {
                return false;
            }
            int aside = method.maxLocals;
            for (Found one : found) {
                int place = places.number(one.point());
                if (place != 0) {
                    Emitter code = new Emitter();
                    if (one.insn() instanceof MethodInsnNode call) {
                        method.maxLocals = Math.max(method.maxLocals, ofCall(call, one.point(), place, aside, code));
                    } else {
                        ofAccess((FieldInsnNode) one.insn(), place, code);
                    }
                    method.instructions.insertBefore(one.insn(), code.code());
                }
            }
            method.maxStack += STACK;
            return true;
        }

        private void ofAccess(FieldInsnNode access, int place, Emitter code) {
            switch (access.getOpcode()) {
                case Opcodes.GETFIELD -> code.dup();
                case Opcodes.PUTFIELD -> {
                    if (Type.getType(access.desc).getSize() == 2) {
                        code.dup2X1();
                        code.pop2();
                        code.dupX2();
                    } else {
                        code.dup2();
                        code.pop();
                    }
                }
                default -> code.ldc(Type.getObjectType(access.owner));
            }
            at(place, code);
        }

        /** The arguments go out of the way, into variables behind all others, and come back; returns how many variables there are then. */
        private int ofCall(MethodInsnNode call, WatchPoint point, int place, int aside, Emitter code) {
            Type[] arguments = Type.getArgumentTypes(call.desc);
            int top = aside;
            for (Type argument : arguments) {
                top += argument.getSize();
            }
            int slot = top;
            for (int i = arguments.length - 1; i >= 0; i--) {
                slot -= arguments[i].getSize();
                code.store(slot, arguments[i]);
            }
            at(point, place, slot, code);
            for (Type argument : arguments) {
                code.load(slot, argument);
                slot += argument.getSize();
            }
            return top;
        }

        /** With the receiver on the stack, where it stays, and the arguments in variables from the slot on. */
        private void at(WatchPoint point, int place, int slot, Emitter code) {
            switch (point.kind()) {
                case FIELD, VOLATILE -> {
                    code.load(slot, OBJECT);
                    at(place, code);
                }
                case HANDLE -> {
                    code.dup();
                    code.load(slot, OBJECT);
                    code.swap();
                    about(place, code);
                }
                case CALL -> {
                    code.dup();
                    if (point.use().isKeyed()) {
                        code.load(slot, OBJECT);
                        about(place, code);
                    } else {
                        at(place, code);
                    }
                }
            }
        }

        private void at(int place, Emitter code) {
            code.iconst(place);
            code.call(abi.watch());
        }

        private void about(int place, Emitter code) {
            code.iconst(place);
            code.call(abi.watchAbout());
        }
    }

    /** Finds what is to be watched in a method whose frames are expanded. */
    public OfMethod of(MethodNode method) {
        ControlFlow code = ControlFlow.of(method);
        OfMethod result = new OfMethod(method);
        int from = firstIndex(method, code);
        Monitors monitors = null;
        for (int i = from; i < code.size(); i++) {
            AbstractInsnNode insn = code.insn(i);
            if (insn.getOpcode() == Opcodes.MONITORENTER && monitors == null) {
                monitors = Monitors.of(code);
            }
        }
        for (int i = from; i < code.size(); i++) {
            boolean locked = (method.access & Opcodes.ACC_SYNCHRONIZED) != 0 || monitors != null && monitors.before(i) > 0;
            WatchPoint point = points.of(method, code, i, locked);
            if (point != null) {
                result.found.add(new OfMethod.Found(code.insn(i), point));
            }
        }
        return result;
    }

    /** In a constructor, what comes behind the call of another one; nothing where that is not plain to see. */
    private static int firstIndex(MethodNode method, ControlFlow code) {
        if (!method.name.equals("<init>")) {
            return 0;
        }
        AbstractInsnNode behind = WovenBody.behindSuper(method);
        for (AbstractInsnNode insn = behind; insn != null; insn = insn.getNext()) {
            if (insn instanceof FrameNode frame && frame.local != null && frame.local.contains(Opcodes.UNINITIALIZED_THIS)) {
                return code.size();
            }
        }
        return behind == null ? code.size() : code.indexOf(behind);
    }
}
