package dev.loom.bootstrap.lock;

import dev.loom.bootstrap.hook.KeyKind;
import dev.loom.bootstrap.wait.SpareWaits;
import dev.loom.bootstrap.wait.SpinLatch;
import java.util.ArrayList;
import java.util.List;
import jdk.internal.vm.annotation.DontInline;
import jdk.internal.vm.annotation.ReservedStackAccess;

/**
 * The entries of a {@link KeyedLock} whose keys fall together, and spare ones. It is their latch.
 *
 * <h2>Thin</h2>
 * A third state of the latch stands for a stripe without entries in which one thread is inside with one key, at one level, as fields of the stripe
 * say. So the common entry and its exit write nothing but this object. Whoever shuts the latch from that state makes an entry of it first, and
 * everything else sees only entries.
 *
 * <p>The ways in and out are to be part of the caller's compiled code, so they have no ReservedStackAccess. Should the stack end on a call in
 * them, that call has done nothing, and what it would have done is done without one.
 */
public final class KeyStripe extends SpinLatch {

    private static final int THIN = 2;
    /**
     * Entries of a lock without keys that are not thin after one that was had to be made an entry of the stripe: threads that share a side come
     * together again and again, and each time would pay for both.
     */
    private static final int CROWD = 256;
    /** Spare entries and holders that are kept of each. */
    private static final int SPARES = 4;

    final transient KeyedLock lock;
    final int index;
    /** Taken first, so that one key alone writes few references; the only one of a lock without keys. */
    final transient KeyOccupants home;
    /** Further entries in use. */
    transient KeyOccupants others;
    /** Entries in use. */
    private int entries;

    final transient ThinHold thin;
    /** Who is inside while the state is THIN, else null; only that thread writes its own name, and only it finds it. */
    transient Thread owner;

    private int kind;
    private long bits;
    private transient Object reference;
    /** The hook by which someone was last inside thinly. */
    private transient KeyedHook hook;
    /** Goes up when someone comes inside thinly. */
    long entered;
    /** So many of these are in the numbers of their hooks; the others are of {@link #hook}. */
    private long counted;
    /** So many who come next do not try to be inside thinly; threads may lose a count, or count once too often. */
    private int crowded;
    /** Goes up when the thin hold is released. */
    public int releases;

    final transient SpareWaits spareWaits = new SpareWaits();
    private transient KeyOccupants spareEntries;
    private int spareEntryCount;
    private transient Holder spareHolders;
    private int spareHolderCount;

    KeyStripe(KeyedLock lock, int index) {
        this.lock = lock;
        this.index = index;
        this.home = new KeyOccupants(this);
        this.thin = new ThinHold(this);
        if (!lock.keyed) {
            home.kind = KeyKind.NONE;
            home.prepare();
        }
        if (lock.sides > 0 || lock.counting) {
            spareHolders = new Holder(this);
            spareHolderCount = 1;
        }
        spareEntries = lock.keyed ? new KeyOccupants(this) : null;
        spareEntryCount = lock.keyed ? 1 : 0;
    }

    /** Lets the thread in if nobody is inside in this stripe, or waits; null if it is not so simple. */
    ThinHold enter(KeyedHook by, int keyKind, long keyBits, Object keyReference, Thread me) {
        boolean isShut = false;
        try {
            if (crowded > 0) {
                crowded--;
                return null;
            }
            // looked at before it is shut, too: of many that share a side few are alone
            if (isInUse() || !change(OPEN, SHUT)) {
                return null;
            }
            isShut = true;
            if (isInUse()) {
                open();
                return null;
            }
            owner = me;
            if (kind != keyKind) {
                kind = keyKind;
            }
            if (bits != keyBits) {
                bits = keyBits;
            }
            if (keyReference != null) {
                reference = keyReference;
            }
            if (hook != by) {
                count();
                hook = by;
            }
            entered++;
            open(THIN);
            return thin;
        } catch (StackOverflowError e) {
            if (isShut) {
                owner = null;
                reference = null;
                state = OPEN;
            }
            return null;
        }
    }

    private boolean isInUse() {
        return lock.keyed ? entries != 0 : !home.isIdle();
    }

    /** Lets the thread out that is inside thinly; false if it is not so simple any more. */
    boolean leave() {
        boolean isShut = false;
        try {
            if (!change(THIN, SHUT)) {
                return false;
            }
            isShut = true;
            owner = null;
            if (reference != null) {
                reference = null;
            }
            releases++;
            if (thin.postponed != 0) {
                thin.postponed = 0;
            }
            open();
        } catch (StackOverflowError e) {
            if (!isShut) {
                throw e;
            }
            state = OPEN;
        }
        return true;
    }

    @Override
    protected boolean tryShut() {
        if (state != THIN || !change(THIN, SHUT)) {
            return super.tryShut();
        }
        entry(kind, bits, reference, KeyKind.hash(kind, bits, reference)).takeOver(hook, owner);
        owner = null;
        reference = null;
        if (!lock.keyed) {
            crowded = CROWD;
        }
        return true;
    }

    /** Adds what the hook by which someone was last inside thinly has entered to its numbers. */
    void count() {
        if (counted != entered) {
            hook.cells[index].hits += entered - counted;
            counted = entered;
        }
    }

    /** All entries in use. */
    List<KeyOccupants> all() {
        List<KeyOccupants> all = new ArrayList<>();
        if (home.kind != KeyKind.FREE) {
            all.add(home);
        }
        for (KeyOccupants entry = others; entry != null; entry = entry.next) {
            all.add(entry);
        }
        return all;
    }

    KeyOccupants find(int kind, long bits, Object reference, int hash) {
        if (home.kind == kind && isOf(home, kind, bits, reference, hash)) {
            return home;
        }
        for (KeyOccupants entry = others; entry != null; entry = entry.next) {
            if (entry.kind == kind && isOf(entry, kind, bits, reference, hash)) {
                return entry;
            }
        }
        return null;
    }

    private static boolean isOf(KeyOccupants entry, int kind, long bits, Object reference, int hash) {
        return entry.hash == hash && entry.bits == bits
                && (entry.reference == reference || kind == KeyKind.STRING && reference.equals(entry.reference));
    }

    /** The entry of the key, put in if it is missing. */
    KeyOccupants entry(int kind, long bits, Object reference, int hash) {
        if (!lock.keyed) {
            return home;
        }
        KeyOccupants entry;
        if (home.kind != KeyKind.FREE || others != null) {
            entry = find(kind, bits, reference, hash);
            if (entry != null) {
                return entry;
            }
        }
        entry = home.kind == KeyKind.FREE ? home : oneMore();
        entries++;
        entry.bits = bits;
        entry.hash = hash;
        if (reference != null) {
            entry.reference = reference;
        }
        entry.kind = kind;
        return entry;
    }

    private KeyOccupants oneMore() {
        KeyOccupants entry = spareEntries;
        if (entry == null) {
            entry = new KeyOccupants(this);
        } else {
            spareEntries = entry.next;
            spareEntryCount--;
        }
        entry.next = others;
        others = entry;
        return entry;
    }

    /** Takes an entry out that no one needs any more, and forgets its key. */
    void dropIfIdle(KeyOccupants entry) {
        if (!lock.keyed || !entry.isIdle()) {
            return;
        }
        entry.recycle();
        entries--;
        if (entry != home) {
            takeOut(entry);
        }
    }

    private void takeOut(KeyOccupants entry) {
        KeyOccupants previous = null;
        for (KeyOccupants other = others; other != entry; other = other.next) {
            previous = other;
        }
        if (previous == null) {
            others = entry.next;
        } else {
            previous.next = entry.next;
        }
        entry.next = null;
        if (spareEntryCount < SPARES) {
            entry.next = spareEntries;
            spareEntries = entry;
            spareEntryCount++;
        }
    }

    Holder takeHolder() {
        Holder holder = spareHolders;
        if (holder == null) {
            return new Holder(this);
        }
        spareHolders = holder.next;
        spareHolderCount--;
        return holder;
    }

    void giveHolder(Holder holder) {
        holder.thread = null;
        holder.hook = null;
        holder.entry = null;
        holder.depth = 0;
        holder.met = null;
        holder.next = null;
        if (spareHolderCount < SPARES) {
            holder.next = spareHolders;
            spareHolders = holder;
            spareHolderCount++;
        }
    }
}
