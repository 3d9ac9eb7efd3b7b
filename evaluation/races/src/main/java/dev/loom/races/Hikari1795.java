package dev.loom.races;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.pool.HikariPool;
import java.lang.reflect.Field;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;

/** HikariCP PR #1795: close() between getConnection()'s test and its lazy building of the pool leaves the pool behind. */
final class Hikari1795 implements Race {

    private final Exclusion exclusion;
    private final Field poolOfDataSource;
    private HikariDataSource dataSource;

    Hikari1795(Exclusion exclusion) {
        this.exclusion = exclusion;
        try {
            poolOfDataSource = HikariDataSource.class.getDeclaredField("pool");
            poolOfDataSource.setAccessible(true);
        } catch (NoSuchFieldException e) {
            throw new IllegalStateException("this is not the HikariCP that the race is in", e);
        }
    }

    @Override
    public void prepare() {
        dataSource = new HikariDataSource();
        dataSource.setDataSource(database());
        dataSource.setMaximumPoolSize(1);
        // the least that it allows: a borrower whose pool is closed under it waits that long
        dataSource.setConnectionTimeout(250);
    }

    @Override
    public void first() throws Exception {
        exclusion.alone(() -> {
            try {
                dataSource.getConnection().close();
            } catch (SQLException | NullPointerException e) {
                // right: the data source is closed (the other is one more race of HikariCP's, of a connection that is being aborted)
            }
        });
    }

    @Override
    public void second() {
        Thread.yield();
        exclusion.alone(dataSource::close);
    }

    @Override
    public int failures() throws Exception {
        HikariPool pool = (HikariPool) poolOfDataSource.get(dataSource);
        if (pool == null || pool.poolState == HikariPool.POOL_SHUTDOWN) {
            return 0;
        }
        pool.shutdown();
        return 1;
    }

    private static DataSource database() {
        return (DataSource) Proxy.newProxyInstance(Hikari1795.class.getClassLoader(), new Class<?>[] {DataSource.class},
                (proxy, method, arguments) -> {
                    if (method.getName().equals("getConnection")) {
                        Pause.micros(200);
                        return connection();
                    }
                    return nothing(method.getReturnType());
                });
    }

    private static Connection connection() {
        return (Connection) Proxy.newProxyInstance(Hikari1795.class.getClassLoader(), new Class<?>[] {Connection.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "isValid", "getAutoCommit" -> true;
                    case "hashCode" -> System.identityHashCode(proxy);
                    case "equals" -> proxy == arguments[0];
                    default -> nothing(method.getReturnType());
                });
    }

    private static Object nothing(Class<?> type) {
        if (type == boolean.class) {
            return false;
        }
        return type == int.class ? (Object) 0 : null;
    }
}
