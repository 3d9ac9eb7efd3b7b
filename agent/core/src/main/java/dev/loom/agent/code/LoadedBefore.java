package dev.loom.agent.code;

import dev.loom.agent.support.AgentLog;
import dev.loom.agent.transform.ClassId;
import dev.loom.agent.transform.Weaving;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The classes that were there before the agent was attached: they get their update points, and frames that stay in older code are noted. Those
 * that were prepared before they were deployed have them, and their frames move as any.
 */
public final class LoadedBefore {

    /** Classes for one retransformation: each is a pause of the JVM, and one bad class spoils its batch. */
    private static final int BATCH = 200;

    private final WovenCode code;

    public LoadedBefore(WovenCode code) {
        this.code = code;
    }

    public void prepare() {
        Weaving weaving = code.weaving();
        weaving.before().connect();
        List<Class<?>> types = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (Class<?> type : weaving.loaded()) {
            if (!type.isArray() && !type.isHidden() && weaving.isApplication(type) && !weaving.isForbidden(type)
                    && !weaving.before().isReliable(type)) {
                types.add(type);
                names.add(type.getName());
            }
        }
        long start = System.nanoTime();
        for (int from = 0; from < types.size(); from += BATCH) {
            weaving.prepare(types.subList(from, Math.min(types.size(), from + BATCH)));
        }
        if (code.ancient().addAll(code.stacks(), frame -> names.contains(frame.getClassName()))) {
            // a frame that nobody can see may be in any of them
            types.forEach(type -> weaving.distrust(ClassId.of(type)));
        }
        AgentLog.info(weaving.statistics().before() + " loaded classes were prepared before; prepared " + types.size() + " in " + (System.nanoTime() - start) / 1_000_000 + " ms; "
                + code.ancient().size() + " running frames are older");
    }
}
