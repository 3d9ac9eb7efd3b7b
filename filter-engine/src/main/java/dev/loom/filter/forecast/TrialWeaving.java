package dev.loom.filter.forecast;

import dev.loom.filter.classes.ClassFiles;
import dev.loom.filter.plan.EventPlan;
import dev.loom.filter.plan.MethodPlan;
import dev.loom.filter.plan.RegionPlan;
import dev.loom.filter.weave.ClassWeaver;
import dev.loom.filter.weave.ClassWeaving;
import dev.loom.filter.weave.MethodWeaving;
import dev.loom.filter.weave.WovenClass;
import dev.loom.filter.weave.body.CannotWeave;
import dev.loom.filter.weave.body.HookAbi;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Weaves a class as an install would and looks at what comes out, so that what cannot be woven is known before. */
public final class TrialWeaving {

    private TrialWeaving() {}

    /**
     * Bytes of a method's code.
     *
     * @param before as it is
     * @param after with update points and hooks
     */
    public record Size(int before, int after) {}

    /**
     * The sizes of methods before and after.
     *
     * @param classFile unwoven
     * @param plans what the filter asks of methods of this class
     * @param classes finds other classes by internal name; asked only for class files older than version 51
     * @throws CannotWeave if the class cannot be woven, a method that would outgrow the limit of class files included
     */
    public static Map<String, Size> sizes(
            byte[] classFile, List<MethodPlan> plans, Function<String, Optional<byte[]>> classes) {
        Map<String, MethodWeaving> methods = new HashMap<>();
        int hook = 0;
        for (MethodPlan plan : plans) {
            List<MethodWeaving.Region> woven = new ArrayList<>();
            for (EventPlan event : plan.events()) {
                woven.add(MethodWeaving.Region.of(event, hook, "trial" + hook, "trial" + event.constraint()));
                hook++;
            }
            for (RegionPlan region : plan.regions()) {
                woven.add(new MethodWeaving.Region(region, hook, "trial" + hook, "trial" + region.constraint()));
                hook++;
            }
            methods.put(plan.method().key(), new MethodWeaving(1, woven));
        }
        WovenClass result = new ClassWeaver(HookAbi.BOOTSTRAP).weave(classFile, new ClassWeaving(true, methods), classes);
        Map<String, Integer> before = ClassFiles.codeSizes(classFile);
        Map<String, Integer> after = result.bytes() == null ? before : ClassFiles.codeSizes(result.bytes());
        Map<String, Size> sizes = new HashMap<>();
        for (String method : methods.keySet()) {
            if (before.containsKey(method) && after.containsKey(method)) {
                sizes.put(method, new Size(before.get(method), after.get(method)));
            }
        }
        return sizes;
    }
}
