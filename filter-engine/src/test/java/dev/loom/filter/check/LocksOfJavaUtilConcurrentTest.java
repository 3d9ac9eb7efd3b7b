package dev.loom.filter.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.loom.filter.FilterCompiler;
import dev.loom.filter.Sources;
import dev.loom.filter.diagnostic.Diagnostic;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Regions and the application's own locks of {@code java.util.concurrent.locks}. */
class LocksOfJavaUtilConcurrentTest {

    private static final Sources SOURCES = Sources.compile(
            "Pool.java",
            """
            import java.util.concurrent.locks.*;
            import java.util.*;
            class Base {
                final ReentrantLock lock = new ReentrantLock();
                final ReadWriteLock other = new ReentrantReadWriteLock();
                void stat() {
                    lock.lock();
                    try { count(); } finally { lock.unlock(); }
                }
                void count() {}
            }
            class Pool extends Base {
                void close() {
                    final Lock mine = this.lock;
                    mine.lock();
                    try { unregister(); } finally { mine.unlock(); }
                    after();
                }
                void unregister() { List.of(1).forEach(i -> remove()); }
                void remove() {}
                void after() {}
                void reset() { stat(); }
                void viaReflection(java.lang.reflect.Method m) throws Exception { m.invoke(this); }
                void read() { other.readLock().lock(); try { remove(); } finally { other.readLock().unlock(); } }
            }
            """);

    @Test
    void aRegionInsideALockAndOneThatTakesItAreNamedWithBothPaths() {
        List<String> said = said("Pool#remove <> Pool#reset");
        assertEquals(1, said.size(), said::toString);
        assertTrue(said.get(0).contains("this region and the lock Base.lock can be taken in opposite orders: Pool#close() holds the lock and comes to"
                + " Pool#remove() (Pool#close:16, Pool#unregister:19, Pool#lambda$unregister$0:19), and from here Base#stat takes it (Pool#reset:22)"),
                said::toString);
    }

    @Test
    void aRegionBehindTheLockOrInFrontOfItIsNot() {
        assertEquals(List.of(), said("Pool#after <> Pool#reset"));
        assertEquals(List.of(), said("Pool#close <> Pool#reset"));
    }

    @Test
    void anotherLockIsAnother() {
        assertEquals(List.of(), said("Pool#read <> Pool#reset"));
    }

    @Test
    void whatIsCalledByReflectionMayTakeALockThatIsHeldAtTheOtherSide() {
        List<String> said = said("Pool#remove <> Pool#viaReflection");
        assertEquals(1, said.size(), said::toString);
        assertTrue(said.get(0).contains("a thread can wait for this region while it holds the lock Base.lock (Pool#close:16, "), said::toString);
        assertTrue(said.get(0).contains("Pool#viaReflection(Method) calls by reflection"), said::toString);
    }

    private static List<String> said(String filter) {
        return FilterCompiler.compile("f.loom", filter, "f", SOURCES).diagnostics().stream()
                .filter(d -> d.code().equals("LOOM-076")).map(Diagnostic::message).toList();
    }
}
