package dev.loom.races;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.util.IllegalReferenceCountException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/** netty #8563: retain() of a freed buffer counts up, looks, and counts down again; another retain() in between succeeds. */
final class Netty8563 implements Race {

    private static final int BATCH = 200;

    private final Exclusion exclusion;
    private final AtomicReference<ByteBuf> freed = new AtomicReference<>(freedBuffer());
    private final AtomicInteger revived = new AtomicInteger();

    Netty8563(Exclusion exclusion) {
        this.exclusion = exclusion;
    }

    @Override
    public void prepare() {
        revived.set(0);
    }

    @Override
    public void first() {
        retain();
    }

    @Override
    public void second() {
        retain();
    }

    private void retain() {
        for (int i = 0; i < BATCH; i++) {
            ByteBuf buffer = freed.get();
            try {
                exclusion.alone(buffer::retain);
                // a buffer that has come to life is counted once, whoever sees it
                if (freed.compareAndSet(buffer, freedBuffer())) {
                    revived.incrementAndGet();
                }
            } catch (IllegalReferenceCountException e) {
                // right: the buffer is freed
            }
        }
    }

    @Override
    public int failures() {
        return revived.get();
    }

    @Override
    public int operations() {
        return 2 * BATCH;
    }

    private static ByteBuf freedBuffer() {
        ByteBuf buffer = Unpooled.buffer(16);
        buffer.release();
        return buffer;
    }
}
