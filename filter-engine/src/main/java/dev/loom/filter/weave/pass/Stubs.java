package dev.loom.filter.weave.pass;

import dev.loom.filter.analysis.UpdatePoint;
import dev.loom.filter.weave.body.CannotWeave;
import dev.loom.filter.weave.body.Emitter;
import dev.loom.filter.weave.body.Frames;
import dev.loom.filter.weave.body.HookAbi;
import dev.loom.filter.weave.body.LocalsLayout;
import dev.loom.filter.weave.body.WovenBody;
import dev.loom.filter.weave.body.WovenRegion;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.LabelNode;

/**
 * A stub for each update point: it saves the frame and goes to the {@link Shell}. Where that fails, the frame goes on in its old code, as
 * if the guard had been off.
 */
public final class Stubs implements Pass {

    /** More argument slots than this a method handle with its own leading arguments does not take (JVMS 4.3.3: 255). */
    private static final int MAX_SAVED_SLOTS = 250;

    @Override
    public void apply(WovenBody body) {
        if (!body.points().isEmpty()) {
            LabelNode shell = new LabelNode();
            body.points().forEach(point -> stub(body, point, shell));
            Shell.add(body, shell);
        }
    }

    private static void stub(WovenBody body, UpdatePoint point, LabelNode shell) {
        List<Object> locals = body.layout().extended(Guards.locals(point));
        LabelNode resume = body.resume(point);
        LabelNode from = new LabelNode();
        LabelNode to = new LabelNode();
        LabelNode failed = new LabelNode();
        Emitter code = new Emitter();
        code.mark(body.stub(point), HookAbi.SHELL_LINE);
        code.frame(locals);
        code.mark(from);
        code.call(body.abi().hasRoom());
        code.jump(Opcodes.IFEQ, resume);
        List<Integer> references = save(code, body, point);
        code.mark(to);
        code.jump(Opcodes.IFEQ, resume);
        clear(code, body, point, references);
        code.goTo(shell);
        // no stack even for the first call: what it throws is nothing that the application did, and its handlers are not here
        code.mark(failed);
        code.frame(locals, "java/lang/Throwable");
        code.pop();
        code.goTo(resume);
        body.method().instructions.add(code.code());
        body.cover(from, to, failed);
    }

    /** Saves locals and tokens; leaves on the stack whether that could be done. Returns the slots of references. */
    private static List<Integer> save(Emitter code, WovenBody body, UpdatePoint point) {
        StringBuilder desc = new StringBuilder("(");
        StringBuilder types = new StringBuilder();
        List<Integer> references = new ArrayList<>();
        int pushed = 0;
        for (int slot = 0; slot < point.locals().size(); slot++) {
            Object local = point.locals().get(slot);
            if (local == Opcodes.TOP || local == Opcodes.NULL) {
                continue; // nothing to save, or the second half of a long or double
            }
            Type type = Frames.valueType(local);
            code.load(slot, type);
            desc.append(type.getDescriptor());
            if (type == Emitter.OBJECT) {
                types.append(local);
                references.add(slot);
            }
            types.append('\n');
            pushed += type.getSize();
        }
        StringBuilder tokens = new StringBuilder();
        for (int r = 0; r < body.regions().size(); r++) {
            WovenRegion region = body.regions().get(r);
            code.load(body.layout().holdSlot(r));
            code.load(body.layout().depthSlot(r), Type.INT_TYPE);
            desc.append(body.abi().holdDesc()).append('I');
            tokens.append(region.token()).append('\n');
            pushed += 2;
        }
        if (pushed > MAX_SAVED_SLOTS) {
            throw new CannotWeave("method " + body.name() + " has too many regions and variables for its frames to be moved");
        }
        body.needsStack(pushed + 4);
        code.visitInvokeDynamicInsn(
                body.abi().save().getName(),
                desc.append(")Z").toString(),
                body.abi().save(),
                body.key(),
                body.hash(),
                body.version(),
                point.number(),
                types.toString(),
                tokens.toString(),
                body.layout().slots() + body.method().maxStack + pushed);
        return references;
    }

    /** Lets go of what the frame held, and gives each parameter's variable a value of its declared type. */
    private static void clear(Emitter code, WovenBody body, UpdatePoint point, List<Integer> references) {
        LocalsLayout layout = body.layout();
        Map<Integer, Type> parameters = new HashMap<>();
        int slot = body.isStatic() ? 0 : 1;
        for (Type argument : Type.getArgumentTypes(body.method().desc)) {
            parameters.put(slot, argument);
            Object now = slot < point.locals().size() ? point.locals().get(slot) : Opcodes.TOP;
            if (!Frames.type(argument).equals(now)) {
                code.zero(argument);
                code.store(slot, argument);
            }
            slot += argument.getSize();
        }
        for (int reference : references) {
            boolean receiver = reference == 0 && !body.isStatic();
            if (!receiver && !parameters.containsKey(reference) && !isSecondHalf(reference, parameters)) {
                code.clear(reference);
            }
        }
        for (int r = 0; r < body.regions().size(); r++) {
            code.clear(layout.holdSlot(r));
        }
    }

    private static boolean isSecondHalf(int slot, Map<Integer, Type> parameters) {
        Type before = parameters.get(slot - 1);
        return before != null && before.getSize() == 2;
    }
}
