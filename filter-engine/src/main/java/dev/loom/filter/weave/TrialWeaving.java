package dev.loom.filter.weave;

import dev.loom.filter.classes.ClassFiles;
import dev.loom.filter.plan.RegionPlan;
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
     * @param after with switch points and hooks
     */
    public record Size(int before, int after) {}

    /**
     * The sizes of methods before and after.
     *
     * @param classFile unwoven
     * @param regions by method name and descriptor
     * @param classes finds other classes by internal name; asked only for class files older than version 51
     * @throws CannotWeave if the class cannot be woven, a method that would outgrow the limit of class files included
     */
    public static Map<String, Size> sizes(
            byte[] classFile, Map<String, List<RegionPlan>> regions, Function<String, Optional<byte[]>> classes) {
        Map<String, MethodWeaving> methods = new HashMap<>();
        int hook = 0;
        for (Map.Entry<String, List<RegionPlan>> method : regions.entrySet()) {
            List<MethodWeaving.Region> woven = new ArrayList<>();
            for (RegionPlan plan : method.getValue()) {
                woven.add(new MethodWeaving.Region(plan, hook, "trial" + hook, "trial" + plan.constraint()));
                hook++;
            }
            methods.put(method.getKey(), new MethodWeaving(1, woven));
        }
        WovenClass result = new ClassWeaver(HookNames.BOOTSTRAP).weave(classFile, new ClassWeaving(true, methods), classes);
        Map<String, Integer> before = ClassFiles.codeSizes(classFile);
        Map<String, Integer> after = result.bytes() == null ? before : ClassFiles.codeSizes(result.bytes());
        Map<String, Size> sizes = new HashMap<>();
        for (String method : regions.keySet()) {
            if (before.containsKey(method) && after.containsKey(method)) {
                sizes.put(method, new Size(before.get(method), after.get(method)));
            }
        }
        return sizes;
    }
}
