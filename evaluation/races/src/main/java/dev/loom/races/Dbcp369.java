package dev.loom.races;

import java.util.ConcurrentModificationException;
import org.apache.commons.dbcp.datasources.SharedPoolDataSource;

/** DBCP-369: registering a data source goes through a static map under a lock, closing one changes the map without it. */
final class Dbcp369 implements Race {

    private static final int POOLS = 300;

    static {
        for (int i = 0; i < POOLS; i++) {
            new SharedPoolDataSource().setDataSourceName("pool-" + i);
        }
    }

    private final Exclusion exclusion;
    private SharedPoolDataSource old = new SharedPoolDataSource();
    private SharedPoolDataSource fresh;
    private boolean failed;

    Dbcp369(Exclusion exclusion) {
        this.exclusion = exclusion;
    }

    @Override
    public void prepare() {
        failed = false;
        fresh = new SharedPoolDataSource();
    }

    @Override
    public void first() {
        try {
            exclusion.alone(() -> fresh.setDataSourceName("fresh"));
        } catch (ConcurrentModificationException e) {
            Traces.note(e);
            failed = true;
        }
    }

    @Override
    public void second() throws Exception {
        exclusion.alone(old::close);
    }

    @Override
    public int failures() {
        old = fresh;
        return failed ? 1 : 0;
    }
}
