package dev.loom.agent.filter;

import dev.loom.agent.code.WovenCode;
import dev.loom.agent.evacuation.Evacuation;
import dev.loom.agent.evacuation.FramePosition;
import dev.loom.agent.standstill.StandstillWatch;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The watch over {@code r <> *}, started with the first filter that has such a constraint. The manager's thread only. */
final class Standstills {

    private final WovenCode code;
    private final Filters filters;
    private @Nullable StandstillWatch watch;

    Standstills(WovenCode code, Filters filters) {
        this.code = code;
        this.filters = filters;
    }

    void start() {
        if (watch == null) {
            watch = StandstillWatch.start(code.weaving().polls(), code.instrumentation());
        }
    }

    /** Tells the watch which frames run code without polls. */
    void tellUnpolled() {
        if (watch == null) {
            return;
        }
        Map<FramePosition, Evacuation.Unpolled> all = new HashMap<>();
        for (InstalledFilter filter : filters.all()) {
            if (filter.evacuation == null || filter.state.isEnd()) {
                continue;
            }
            if (filter.before != null) {
                // the version before is in force until this one is
                all.putAll(filter.before.evacuation().unpolled());
            }
            all.putAll(filter.evacuation.unpolled());
        }
        watch.unpolled(all);
    }

    /** Ends the watch; all hooks pass by now. */
    void close() {
        if (watch != null) {
            watch.close();
        }
    }
}
