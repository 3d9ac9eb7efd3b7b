package dev.loom.bootstrap;

/** The locals and tokens of a frame on its way into another version of its method. Used by one thread. */
public final class SavedFrame {
    final Thread thread;
    final Class<?> type;
    final String method;
    final String bodyHash;
    final int point;
    final UpdatePointSites.OfMethod sites;
    Object[] values;
    String[] tokens;
    Hold[] holds;
    int[] depths;
    SavedFrame next;

    SavedFrame(
            Class<?> type, String method, String bodyHash, int point, UpdatePointSites.OfMethod sites, Object[] values,
            String[] tokens, Hold[] holds, int[] depths) {
        this.thread = Thread.currentThread();
        this.type = type;
        this.method = method;
        this.bodyHash = bodyHash;
        this.point = point;
        this.sites = sites;
        this.values = values;
        this.tokens = tokens;
        this.holds = holds;
        this.depths = depths;
    }
}
