package dev.loom.agent.weave;

import dev.loom.filter.weave.ClassWeaver;
import dev.loom.filter.weave.ClassWeaving;
import dev.loom.filter.weave.MethodWeaving;
import dev.loom.filter.weave.body.HookAbi;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.MethodNode;

/** Weaves classes so that their frames move at every update point. */
final class WeavingLoader {

    static final HookAbi FORCED = new HookAbi(
            "dev/loom/bootstrap/Hooks", "dev/loom/bootstrap/Hold", "dev/loom/agent/weave/ForcedGuards",
            "dev/loom/bootstrap/Transfer", "dev/loom/bootstrap/SavedFrame");

    private WeavingLoader() {}

    /** Weaves every method as version 1 without hooks: all update points, stubs and restores are there. */
    static byte[] neutral(HookAbi names, byte[] bytes, Function<String, Optional<byte[]>> lookup) {
        ClassNode type = new ClassNode();
        new ClassReader(bytes).accept(type, ClassReader.SKIP_DEBUG | ClassReader.SKIP_FRAMES);
        Map<String, MethodWeaving> methods = new HashMap<>();
        for (MethodNode method : type.methods) {
            if ((method.access & (Opcodes.ACC_ABSTRACT | Opcodes.ACC_NATIVE)) == 0 && !method.name.startsWith("<")) {
                methods.put(method.name + method.desc, new MethodWeaving(1, List.of()));
            }
        }
        byte[] woven = new ClassWeaver(names).weave(bytes, new ClassWeaving(true, methods), lookup).bytes();
        return woven == null ? bytes : woven;
    }
}
