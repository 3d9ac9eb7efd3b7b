package dev.loom.races;

import java.util.ArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import kotlin.Unit;
import kotlin.jvm.JvmClassMappingKt;
import kotlin.reflect.KClass;
import org.koin.core.Koin;
import org.koin.core.definition.BeanDefinition;
import org.koin.core.definition.Callbacks;
import org.koin.core.definition.Kind;
import org.koin.core.definition.Options;
import org.koin.core.definition.Properties;
import org.koin.core.module.Module;
import org.koin.core.qualifier.StringQualifier;
import org.koin.core.scope.Scope;
import org.koin.dsl.KoinApplicationKt;

/**
 * Koin 3.0.1 (Kotlin): a component that is being made while its scope is closed comes to life in a closed scope, and its onClose is
 * never called.
 */
final class KoinClose implements Race {

    private static final StringQualifier SESSION = new StringQualifier("session");
    private static final KClass<Connection> CONNECTION = JvmClassMappingKt.getKotlinClass(Connection.class);

    private final Exclusion exclusion;
    private final AtomicInteger open = new AtomicInteger();
    private final Koin koin;
    private int number;
    private Scope session;
    private boolean wasLost;
    private volatile CountDownLatch making;

    KoinClose(Exclusion exclusion) {
        this.exclusion = exclusion;
        BeanDefinition<Connection> definition = new BeanDefinition<>(SESSION, CONNECTION, null,
                (scope, parameters) -> {
                    making.countDown();
                    Pause.micros(50);
                    open.incrementAndGet();
                    return new Connection();
                },
                Kind.Single, new ArrayList<>(), new Options(), new Properties());
        definition.setCallbacks(new Callbacks<>(connection -> {
            if (connection != null) {
                open.decrementAndGet();
            }
            return Unit.INSTANCE;
        }));
        Module module = new Module(false, false);
        module.getScopes().add(SESSION);
        module.getDefinitions().add(definition);
        koin = KoinApplicationKt.koinApplication(application -> {
            application.modules(module);
            return Unit.INSTANCE;
        }).getKoin();
    }

    @Override
    public void prepare() {
        open.set(0);
        wasLost = false;
        making = new CountDownLatch(1);
        session = koin.createScope("session-" + ++number, SESSION, null);
    }

    @Override
    public void first() {
        try {
            exclusion.shared(() -> session.get(CONNECTION, null, null));
        } catch (IllegalStateException e) {
            // the same race at another moment: what was made is taken away before it can be given out
            Traces.note(e);
            wasLost = true;
        }
    }

    @Override
    public void second() throws InterruptedException {
        making.await();
        exclusion.alone(() -> session.close());
    }

    @Override
    public int failures() {
        return open.get() != 0 || wasLost ? 1 : 0;
    }

    /** What a session has open. */
    private static final class Connection {}
}
