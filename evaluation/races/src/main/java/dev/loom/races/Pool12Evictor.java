package dev.loom.races;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.commons.pool.BasePoolableObjectFactory;
import org.apache.commons.pool.impl.GenericObjectPool;

/**
 * commons-pool 1.2: the evictor makes an object without the pool's lock; if close() comes meanwhile, the object is never destroyed.
 * The oldest of several pools is closed each time, so its evictor has been in its loop for a while.
 */
final class Pool12Evictor implements Race {

    private static final int POOLS = 20;

    private final Exclusion exclusion;
    private final Deque<ConnectionPool> pools = new ArrayDeque<>();
    /** Its evictor has been in its loop since the start. */
    private ConnectionPool permanent;
    private boolean failed;

    Pool12Evictor(Exclusion exclusion) {
        this.exclusion = exclusion;
        this.permanent = new ConnectionPool(exclusion);
    }

    @Override
    public void restartWorkers() throws Exception {
        permanent.shutDown();
        permanent = new ConnectionPool(exclusion);
    }

    @Override
    public void prepare() {
        while (pools.size() < POOLS) {
            pools.add(new ConnectionPool(exclusion));
        }
    }

    @Override
    public void first() throws Exception {
        ConnectionPool oldest = pools.remove();
        oldest.useWhileTheEvictorMakesAnother();
        oldest.shutDown();
        failed = oldest.hasLeaked();
    }

    /** The other side is the pool's own evictor. */
    @Override
    public void second() {}

    @Override
    public int failures() {
        return failed ? 1 : 0;
    }

    /** An application's pool. */
    static final class ConnectionPool {

        private final AtomicInteger open = new AtomicInteger();
        private final CountDownLatch second = new CountDownLatch(2);
        private final GenericObjectPool pool;
        private volatile Thread evictor;

        ConnectionPool(Exclusion exclusion) {
            BasePoolableObjectFactory connections = new BasePoolableObjectFactory() {
                @Override
                public Object makeObject() {
                    open.incrementAndGet();
                    evictor = Thread.currentThread();
                    second.countDown();
                    Pause.micros(1_000);
                    return new Object();
                }

                @Override
                public void destroyObject(Object connection) {
                    open.decrementAndGet();
                }
            };
            this.pool = new GenericObjectPool(connections) {
                @Override
                public void addObject() throws Exception {
                    exclusion.alone(super::addObject);
                }

                @Override
                public void close() throws Exception {
                    exclusion.alone(super::close);
                }
            };
            pool.setMinIdle(1);
            pool.setTimeBetweenEvictionRunsMillis(5);
        }

        /** The evictor has made one object; taking that makes it make another. */
        void useWhileTheEvictorMakesAnother() throws Exception {
            while (pool.getNumIdle() == 0) {
                Pause.micros(200);
            }
            Object connection = pool.borrowObject();
            second.await();
            pool.returnObject(connection);
        }

        void shutDown() throws Exception {
            pool.close(); // filter: the application closes its pool
        }

        boolean hasLeaked() throws InterruptedException {
            evictor.join();
            return open.get() != 0;
        }
    }
}
