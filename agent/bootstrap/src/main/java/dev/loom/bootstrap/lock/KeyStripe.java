package dev.loom.bootstrap.lock;

import dev.loom.bootstrap.hook.KeyKind;
import dev.loom.bootstrap.wait.SpinLatch;
import java.util.ArrayList;
import java.util.List;

/** The entries of a {@link KeyedLock} whose keys fall together, and spare ones. It is their latch. */
final class KeyStripe extends SpinLatch {

    /** Spare entries and holders that are kept of each. */
    private static final int SPARES = 4;

    final transient KeyedLock lock;
    final int index;
    /** Taken first, so that one key alone writes few references; the only one of a lock without keys. */
    final transient KeyOccupants home;
    /** Further entries in use. */
    transient KeyOccupants others;

    private transient KeyOccupants spareEntries;
    private int spareEntryCount;
    private transient Holder spareHolders;
    private int spareHolderCount;

    KeyStripe(KeyedLock lock, int index) {
        this.lock = lock;
        this.index = index;
        this.home = new KeyOccupants(this);
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
        holder.next = null;
        if (spareHolderCount < SPARES) {
            holder.next = spareHolders;
            spareHolders = holder;
            spareHolderCount++;
        }
    }
}
