package dev.loom.agent.filter;

import dev.loom.agent.code.ClassArrivals;
import dev.loom.agent.code.Compilations;
import dev.loom.agent.code.FilterVersion;
import dev.loom.agent.code.LoadedClasses;
import dev.loom.agent.code.PolledCode;
import dev.loom.agent.code.WovenCode;
import dev.loom.agent.evacuation.Evacuation;
import dev.loom.agent.evacuation.WatchedMethod;
import dev.loom.agent.transform.ClassId;
import dev.loom.agent.transform.Refused;
import dev.loom.agent.transform.Weaving;
import dev.loom.filter.diagnostic.Diagnostic;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Puts one version of a filter into the loaded classes, and looks at the frames that it finds in them. The manager's thread only. */
final class VersionWeaving {

    private final Weaving weaving;
    private final WovenCode code;
    private final Standstills standstills;

    VersionWeaving(WovenCode code, Standstills standstills) {
        this.weaving = code.weaving();
        this.code = code;
        this.standstills = standstills;
    }

    /** The filter does not fit the loaded classes. */
    static final class Misfit extends RuntimeException {
        private static final long serialVersionUID = 1L;
        final transient List<Diagnostic> diagnostics;

        Misfit(List<Diagnostic> diagnostics) {
            this.diagnostics = diagnostics;
        }
    }

    /**
     * What a version has become part of.
     *
     * @param plan the change of code
     * @param missing internal names of the classes that it waits for
     */
    record Woven(WovenCode.Plan plan, Set<String> missing) {}

    /**
     * Weaves a version. From the moment that this returns it is in force.
     *
     * @param remarks gets what does not fit in some loader only
     * @throws Misfit if it does not fit the loaded classes
     * @throws Refused if the JVM does not take the woven classes
     */
    Woven weave(FilterVersion version, List<Diagnostic> remarks) {
        // publish first, enumerate second: a class that is missed here has passed the transformer before, or was woven by it
        code.publish(version);
        LoadedClasses loaded = new LoadedClasses(weaving);
        List<Class<?>> types = new ArrayList<>();
        version.classNames().forEach(name -> types.addAll(loaded.named(name)));
        for (ClassId id : weaving.definitions().since(ClassArrivals.PATIENCE_NANOS, version::names)) {
            if (loaded.named(id.name()).stream().noneMatch(type -> ClassId.of(type).equals(id))) {
                version.arrives(id, false);
            }
        }
        Map<Class<?>, byte[]> files = weaving.classFiles(types);
        List<Diagnostic> errors = Compilations.resolve(version, types, files, loaded, weaving, remarks);
        if (!errors.isEmpty()) {
            throw new Misfit(errors);
        }
        PolledCode.Found unpolled = null;
        if (!version.scopes().isEmpty()) {
            standstills.start();
            unpolled = code.polled().bring(version, new LoadedClasses(weaving), Set.copyOf(types));
            unpolled.types().stream().filter(type -> !types.contains(type)).forEach(types::add);
            files.putAll(weaving.classFiles(types));
        }
        for (Class<?> type : types) {
            prepare(version, type, files.get(type));
        }
        if (unpolled != null) {
            code.polled().claim(version, unpolled, files);
        }
        for (String name : version.compiled.plan().classes()) {
            if (loaded.isLoaded(name) && loaded.named(name).stream().noneMatch(type -> version.serves(ClassId.of(type)))) {
                throw new Refused("class " + name.replace('/', '.') + " is loaded, and no copy of it has the filter's regions", null);
            }
        }
        version.engage();
        WovenCode.Plan plan = code.plan(types, version::turned);
        code.apply(plan, files);
        return new Woven(plan, missing(version, loaded));
    }

    private static Set<String> missing(FilterVersion version, LoadedClasses loaded) {
        Set<String> missing = new TreeSet<>(version.compiled.plan().waitingFor());
        missing.addAll(version.compiled.plan().classes());
        missing.removeIf(loaded::isLoaded);
        return Set.copyOf(missing);
    }

    /** Makes a class ready to be woven, if the version has something for it. */
    void prepare(FilterVersion version, Class<?> type, byte @Nullable [] classFile) {
        ClassId id = ClassId.of(type);
        if (!version.serves(id)) {
            return;
        }
        if (classFile == null) {
            throw new Refused("the JVM does not give out the class file of " + type.getName() + ", so nobody can tell where its"
                    + " frames stand", null);
        }
        version.touch(type);
        code.analyse(version, id, type, classFile);
    }

    /** The first look at a filter's frames after its version was woven. */
    void look(InstalledFilter filter, WovenCode.Plan plan) {
        FilterVersion version = filter.version;
        Evacuation evacuation = new Evacuation(code.stacks(), code.ancient(), Evacuation.Scope.UNSAFE);
        List<WatchedMethod> watched = new ArrayList<>();
        version.touched().forEach(type -> watched.addAll(version.watched(ClassId.of(type))));
        filter.failuresSeen = version.failures();
        filter.unprotected = List.of();
        evacuation.begin(watched, (position, method) -> false);
        code.noteUnhooked(plan, evacuation.census());
        filter.evacuation = evacuation;
        standstills.tellUnpolled();
        filter.shells = evacuation.shells();
    }
}
