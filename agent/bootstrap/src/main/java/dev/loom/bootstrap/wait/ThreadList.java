package dev.loom.bootstrap.wait;

/** Some threads, by identity: a thread's {@code equals} may be the application's. Guarded by the latch of whoever has it. */
public final class ThreadList {

    private Thread[] threads = new Thread[8];
    /** So many of the first are in use. Written last, for who looks without the latch whether there are any. */
    private volatile int count;

    public boolean isEmpty() {
        return count == 0;
    }

    public boolean contains(Thread thread) {
        return indexOf(thread) >= 0;
    }

    public void add(Thread thread) {
        int size = count;
        if (size == threads.length) {
            Thread[] longer = new Thread[size * 2];
            System.arraycopy(threads, 0, longer, 0, size);
            threads = longer;
        }
        threads[size] = thread;
        count = size + 1;
    }

    /** Takes it out, once, if it is in. */
    public void remove(Thread thread) {
        int index = indexOf(thread);
        if (index >= 0) {
            int last = count - 1;
            threads[index] = threads[last];
            threads[last] = null;
            count = last;
        }
    }

    public void clear() {
        for (int i = 0; i < count; i++) {
            threads[i] = null;
        }
        count = 0;
    }

    public int size() {
        return count;
    }

    public Thread get(int index) {
        return threads[index];
    }

    private int indexOf(Thread thread) {
        for (int i = 0; i < count; i++) {
            if (threads[i] == thread) {
                return i;
            }
        }
        return -1;
    }
}
