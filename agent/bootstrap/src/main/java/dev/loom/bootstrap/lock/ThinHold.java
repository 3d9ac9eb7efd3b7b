package dev.loom.bootstrap.lock;

import dev.loom.bootstrap.Hold;

/**
 * One level of one key, held by the only thread that has to do with its {@link KeyStripe}; one for each stripe, whoever it is. It costs
 * what a lock of one's own costs: the stripe has all in its own fields. Once anyone else has to do with the stripe, or the same thread with more
 * of it, the stripe moves the hold to a {@link Holder}, and this object stands for that.
 */
public final class ThinHold extends Hold {

    public final KeyStripe stripe;

    ThinHold(KeyStripe stripe) {
        this.stripe = stripe;
    }

    @Override
    public int depth() {
        return 1;
    }

    @Override
    public void exit(int depth) {
        if (stripe.owner != Thread.currentThread() || !stripe.leave()) {
            stripe.lock.release(this, depth <= 0);
        }
    }

    @Override
    public void exitOne(int depth) {
        if (stripe.owner != Thread.currentThread() || !stripe.leave()) {
            stripe.lock.release(this, true);
        }
    }
}
