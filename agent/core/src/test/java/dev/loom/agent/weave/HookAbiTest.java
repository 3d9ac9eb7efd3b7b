package dev.loom.agent.weave;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.loom.bootstrap.ConstraintLocks;
import dev.loom.bootstrap.Faults;
import dev.loom.bootstrap.Hold;
import dev.loom.bootstrap.HookRegistry;
import dev.loom.bootstrap.Hooks;
import dev.loom.bootstrap.hook.ConstraintLock;
import dev.loom.bootstrap.hook.RegionHook;
import dev.loom.filter.plan.KeyPlan;
import dev.loom.filter.weave.body.HookAbi;
import dev.loom.filter.weave.body.KeySource;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.objectweb.asm.Handle;
import org.objectweb.asm.Type;

/** What the weaver writes into code, and what the classes in the boot loader offer, are the same: two sides of one contract. */
class HookAbiTest {

    /** Where keys of this test come from. */
    static final Object KEY = "a key";

    /** What follows a key of a class literal. */
    final int number = 3;

    @Test
    void everyCallOfWovenCodeIsAMethodOfTheBootstrapClasses() throws Exception {
        int checked = 0;
        for (Method each : HookAbi.class.getDeclaredMethods()) {
            if (each.getParameterCount() > 0 || Modifier.isStatic(each.getModifiers()) || !Modifier.isPublic(each.getModifiers())) {
                continue;
            }
            Object value = each.invoke(HookAbi.BOOTSTRAP);
            if (value instanceof HookAbi.Call call) {
                assertOffered(call.owner(), call.name(), call.desc());
                checked++;
            } else if (value instanceof Handle bootstrap) {
                assertOffered(bootstrap.getOwner(), bootstrap.getName(), bootstrap.getDesc());
                checked++;
            }
        }
        assertTrue(checked > 20, "only " + checked + " calls were found in HookAbi: is this test looking at the right thing?");
    }

    private static void assertOffered(String owner, String name, String desc) throws ClassNotFoundException {
        Class<?> type = Class.forName(owner.replace('/', '.'));
        List<String> offered = Arrays.stream(type.getDeclaredMethods())
                .filter(m -> Modifier.isPublic(m.getModifiers()) && Modifier.isStatic(m.getModifiers()) && m.getName().equals(name))
                .map(Type::getMethodDescriptor)
                .toList();
        assertTrue(offered.contains(desc), "woven code calls " + type.getSimpleName() + "." + name + desc + ", and there is " + offered);
    }

    @Test
    void theHookLinkerUnderstandsEveryKindOfKey() throws Throwable {
        String self = HookAbiTest.class.getName().replace('.', '/');
        List<KeyPlan.FieldRef> path = List.of(new KeyPlan.FieldRef(self, "number", "I"));
        List<KeyPlan> keys = new ArrayList<>(List.of(
                new KeyPlan(new KeyPlan.Base.This(), List.of(), "this"),
                new KeyPlan(new KeyPlan.Base.This(), path, "this.number"),
                new KeyPlan(new KeyPlan.Base.Static(new KeyPlan.FieldRef(self, "KEY", "Ljava/lang/Object;")), List.of(), "KEY"),
                new KeyPlan(new KeyPlan.Base.ClassLiteral(self), List.of(), "class")));
        for (Object literal : List.of(7, 7L, 1.5, 1.5f, 'c', true, "text | with # marks")) {
            keys.add(new KeyPlan(new KeyPlan.Base.Literal(literal), List.of(), "literal"));
        }
        for (KeyPlan key : keys) {
            long faults = Faults.total();
            assertNotNull(enter(KeySource.of(key)), KeySource.of(key) + " gives no hold");
            assertEquals(faults, Faults.total(), KeySource.of(key) + ": " + Faults.recent());
        }
    }

    @Test
    void aKeyOfNoKindIsAFault() throws Throwable {
        long faults = Faults.total();
        enter("nothing:known");
        assertTrue(Faults.total() > faults, "the test above could not fail: a key that nobody understands is no fault");
    }

    /** Enters and leaves a keyed region; the hold that the frame had. */
    private Hold enter(String source) throws Throwable {
        RegionHook hook = HookRegistry.create(ConstraintLocks.of("abi", true, false), 0, false, RegionHook.Mode.ENFORCE);
        try {
            boolean isArgument = source.startsWith("arg");
            MethodType type = MethodType.methodType(Hold.class, isArgument ? List.of(Hold.class, Object.class) : List.of(Hold.class));
            var site = Hooks.enter(MethodHandles.lookup(), "enter", type, hook.id(), source).dynamicInvoker();
            Hold hold = isArgument ? (Hold) site.invoke((Hold) null, (Object) this) : (Hold) site.invoke((Hold) null);
            Hooks.exit(hold, 1);
            assertEquals(0, hook.tokensOut(), source + ": the hold was not given back");
            return hold;
        } finally {
            HookRegistry.unregister(hook.id());
        }
    }
}
