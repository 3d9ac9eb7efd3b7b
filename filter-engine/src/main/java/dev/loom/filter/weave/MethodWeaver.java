package dev.loom.filter.weave;

import dev.loom.filter.analysis.ControlFlow;
import dev.loom.filter.analysis.EventLine;
import dev.loom.filter.analysis.RegionInterior;
import dev.loom.filter.analysis.UpdatePoint;
import dev.loom.filter.analysis.UpdatePoints;
import dev.loom.filter.analysis.VerifierTypes;
import dev.loom.filter.weave.body.CannotWeave;
import dev.loom.filter.weave.body.HookAbi;
import dev.loom.filter.weave.body.WovenBody;
import dev.loom.filter.weave.body.WovenRegion;
import dev.loom.filter.weave.pass.FrameLocals;
import dev.loom.filter.weave.pass.Guards;
import dev.loom.filter.weave.pass.OutOfLine;
import dev.loom.filter.weave.pass.Pass;
import dev.loom.filter.weave.pass.Placement;
import dev.loom.filter.weave.pass.Prologue;
import dev.loom.filter.weave.pass.RegionEntries;
import dev.loom.filter.weave.pass.RegionExits;
import dev.loom.filter.weave.pass.Restores;
import dev.loom.filter.weave.pass.Stubs;
import dev.loom.filter.weave.pass.TrampolineHandlers;
import dev.loom.filter.weave.pass.Trampolines;
import dev.loom.filter.weave.pass.Unwinding;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.MethodNode;

/**
 * Weaves one method body, pass by pass. An event of an order is woven as a region of its line that gives nothing back: where it is left
 * on the normal way it has completed, and where an exception leads out of it, it is forgotten.
 *
 * <h2>Layout of a woven body</h2>
 *
 * <pre>
 *   prologue   (woven versions with update points) is a frame waiting to move in here? then to its restore block
 *              the frame's Loom locals are set up: moved-in flag, and a token (hold, depth) for each region
 *   body       the code as it was, with guards at its update points and hooks at the edges of its regions and events
 *   unwind     a catch-all for regions: every token is given back, each behind a catch-all of its own
 *   trampolines  conditional backward jumps and jumps out of a region pass through these
 *   restores   one an update point: locals and tokens come from the saved frame; the guard is asked again, and on it goes
 *   stubs      one an update point: save the frame, then to the common part, the shell: call the method again, return what it returns
 * </pre>
 *
 * Stubs and restores stand outside every range of the application's exception table: an exception in a stub, before the frame is
 * saved, sends the frame on in its old code. Trampolines stand in the ranges of their jumps. All versions of a body are made from the same unwoven code
 * by the same rules, so that an update point has the same number and the same types of locals in each.
 */
final class MethodWeaver {

    /** In this order: each relies on what those before it have left in the body. */
    private static final List<Pass> PASSES = List.of(
            new RegionExits(),
            new Guards(),
            new RegionEntries(),
            new FrameLocals(),
            new Trampolines(),
            new Placement(),
            new Restores(),
            new Prologue(),
            new TrampolineHandlers(),
            new Unwinding(),
            new OutOfLine(),
            new Stubs());

    private final ClassNode type;
    private final MethodNode method;
    private final ControlFlow code;
    private final UpdatePoints points;
    private final List<MethodWeaving.Region> regions;

    private MethodWeaver(ClassNode type, MethodNode method, ControlFlow code, UpdatePoints points, List<MethodWeaving.Region> regions) {
        this.type = type;
        this.method = method;
        this.code = code;
        this.points = points;
        this.regions = regions;
    }

    /**
     * Weaves a body in place, without polls.
     *
     * @param weaving null for the static part alone
     * @throws CannotWeave if a region does not fit the body
     */
    static void weave(
            HookAbi abi, ClassNode type, MethodNode method, ControlFlow code, UpdatePoints points, @Nullable MethodWeaving weaving) {
        List<MethodWeaving.Region> regions = weaving == null ? List.of() : weaving.regions();
        int version = weaving == null ? 0 : weaving.version();
        WovenBody body = new MethodWeaver(type, method, code, points, regions).body(abi, version);
        PASSES.forEach(pass -> pass.apply(body));
        body.setLimits();
    }

    private WovenBody body(HookAbi abi, int version) {
        boolean hasEvents = regions.stream().anyMatch(region -> region.event() != null);
        VerifierTypes types = hasEvents || mayNeedCoveredTrampolines() ? VerifierTypes.of(type.name, method) : null;
        List<WovenRegion> woven = regions.stream().map(region -> region(region, types)).toList();
        return new WovenBody(abi, type, method, code, points.points(), version, woven, types);
    }

    private boolean mayNeedCoveredTrampolines() {
        boolean catches = method.tryCatchBlocks != null && !method.tryCatchBlocks.isEmpty();
        return catches && (!regions.isEmpty() || points.points().stream().anyMatch(this::isConditional));
    }

    private boolean isConditional(UpdatePoint point) {
        return point.kind() == UpdatePoint.Kind.BACK_EDGE && code.insn(point.insn()).getOpcode() != Opcodes.GOTO;
    }

    private WovenRegion region(MethodWeaving.Region region, @Nullable VerifierTypes types) {
        EventLine event = region.event() == null ? null : EventLine.of(code, types, region.event().line());
        RegionInterior interior = event != null ? event.interior() : region.interior(code, types);
        String name = type.name.replace('/', '.') + "#" + method.name + method.desc;
        if (!interior.deadEntries().isEmpty()) {
            throw new CannotWeave("method " + name + " has no way from line " + interior.deadEntries() + " to an exit of region "
                    + region.plan().location());
        }
        if (interior.entries().isEmpty() || !interior.missingLines().isEmpty()) {
            throw new CannotWeave("method " + name + " has no code at line " + interior.missingLines() + " of region "
                    + region.plan().location());
        }
        return new WovenRegion(
                region.plan(), region.hookId(), region.token(), region.lock(), region.event(), interior,
                event == null ? Set.of() : event.completing());
    }
}
