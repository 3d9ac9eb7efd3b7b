package dev.loom.filter.weave.body;

import java.util.ArrayList;
import java.util.List;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.MethodNode;

/**
 * The locals of a woven body: behind the method's own stand the flag that says whether the frame has moved in (where frames can), a
 * token and its depth for each region, and, until a restore is done, the saved frame.
 */
public final class LocalsLayout {

    private final HookAbi abi;
    /** Slots of the unwoven body. */
    private final int own;

    private final boolean hasFlag;
    private final int regions;
    private final List<Object> entry;

    LocalsLayout(HookAbi abi, String owner, MethodNode method, boolean hasFlag, int regions) {
        this.abi = abi;
        this.hasFlag = hasFlag;
        this.regions = regions;
        own = method.maxLocals;
        entry = entry(owner, method);
    }

    private static List<Object> entry(String owner, MethodNode method) {
        List<Object> locals = new ArrayList<>();
        if ((method.access & Opcodes.ACC_STATIC) == 0) {
            locals.add(method.name.equals("<init>") ? Opcodes.UNINITIALIZED_THIS : owner);
        }
        for (Type argument : Type.getArgumentTypes(method.desc)) {
            locals.add(Frames.type(argument));
        }
        return locals;
    }

    /** Whether frames of other versions can move in, and there is a flag that says which have. */
    public boolean hasFlag() {
        return hasFlag;
    }

    public int flagSlot() {
        return own;
    }

    public int holdSlot(int region) {
        return own + (hasFlag ? 1 : 0) + 2 * region;
    }

    public int depthSlot(int region) {
        return holdSlot(region) + 1;
    }

    public int savedSlot() {
        return own + (hasFlag ? 1 : 0) + 2 * regions;
    }

    /** Whether the body has locals of Loom's. */
    public boolean isExtended() {
        return hasFlag || regions > 0;
    }

    /** Slots of the woven body. */
    public int slots() {
        return own + (hasFlag ? 2 : 0) + 2 * regions;
    }

    /** When the method begins: receiver and parameters. */
    public List<Object> entry() {
        return List.copyOf(entry);
    }

    /** The given locals, and Loom's own behind them. */
    public List<Object> extended(List<Object> locals) {
        if (!isExtended()) {
            return new ArrayList<>(locals);
        }
        List<Object> all = Frames.padded(locals, own);
        if (hasFlag) {
            all.add(Opcodes.INTEGER);
        }
        for (int r = 0; r < regions; r++) {
            all.add(abi.hold());
            all.add(Opcodes.INTEGER);
        }
        return all;
    }

    /** What a shell keeps: receiver, parameters as declared, and the moved-in flag. */
    public List<Object> shell() {
        if (!hasFlag) {
            return entry();
        }
        List<Object> locals = Frames.padded(entry, own);
        locals.add(Opcodes.INTEGER);
        return locals;
    }

    /** When a restore begins: receiver, parameters, and the saved frame. */
    public List<Object> beforeRestore() {
        List<Object> locals = Frames.padded(entry, savedSlot());
        locals.add(abi.frame());
        return locals;
    }

    /** While a restore runs: Loom's own alone, and the saved frame. */
    public List<Object> restoring() {
        List<Object> locals = extended(List.of());
        locals.add(abi.frame());
        return locals;
    }
}
