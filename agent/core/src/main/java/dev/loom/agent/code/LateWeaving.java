package dev.loom.agent.code;

import dev.loom.agent.transform.ClassId;
import dev.loom.agent.transform.LateClasses;
import dev.loom.agent.transform.Weaving;
import dev.loom.filter.CompileResult;
import dev.loom.filter.classes.ClassSource;
import dev.loom.filter.diagnostic.Diagnostic;
import dev.loom.filter.weave.MethodWeaving;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Weaves classes that come, or are changed by others, while filters are in force. Runs on the threads that load classes; what follows
 * from it is left to the manager's.
 */
public final class LateWeaving implements LateClasses {

    /** What the manager has to hear of. */
    public interface Listener {
        /** A class of interest passes, or was redefined. */
        void passed();

        /** A class goes without what a version wanted in it. */
        void misfit(FilterVersion version, ClassId id, List<Diagnostic> diagnostics, String why);

        /** Somebody gave a class other code; a version's hooks were woven into that. */
        void redefined(FilterVersion version, ClassId id);
    }

    private final WovenCode code;
    private final Listener listener;

    public LateWeaving(WovenCode code, Listener listener) {
        this.code = code;
        this.listener = listener;
    }

    @Override
    public boolean isInteresting(String name) {
        for (FilterVersion version : code.versions()) {
            if (version.names(name)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public Map<String, List<MethodWeaving.Region>> regionsOf(ClassId id, byte[] classFile, @Nullable Class<?> redefined) {
        for (FilterVersion version : code.versions()) {
            boolean concerns = redefined == null
                    ? version.names(id.name()) && version.arrives(id, true)
                    : version.serves(id);
            if (concerns) {
                compile(version, id, classFile, redefined);
            }
        }
        listener.passed();
        return code.regionsOf(id);
    }

    private void compile(FilterVersion version, ClassId id, byte[] classFile, @Nullable Class<?> redefined) {
        CompileResult result = Compilations.compile(version.filter, version.text, new ClassSource() {
            @Override
            public Optional<byte[]> find(String internalName) {
                return internalName.equals(id.name())
                        ? Optional.of(classFile)
                        : Weaving.resource(new ClassId(id.loader(), internalName));
            }

            @Override
            public Set<String> names() {
                return version.classNames();
            }

            @Override
            public boolean mayGrow() {
                return true;
            }
        });
        if (result instanceof CompileResult.Compiled compiled) {
            version.add(id, compiled.plan());
            if (redefined != null) {
                code.analyse(version, id, redefined, classFile);
                listener.redefined(version, id);
            }
        } else {
            version.remove(id);
            listener.misfit(version, id, result.diagnostics(), redefined == null
                    ? "class " + id.dotted() + " was loaded and does not fit the filter"
                    : "class " + id.dotted() + " was redefined by somebody else and does not fit the filter any more");
        }
    }

    @Override
    public void lost(ClassId id, String why) {
        for (FilterVersion version : code.versions()) {
            if (version.serves(id) || version.names(id.name()) && !version.knows(id)) {
                listener.misfit(version, id, List.of(), why);
            }
        }
    }
}
