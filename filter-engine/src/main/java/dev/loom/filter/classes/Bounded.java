package dev.loom.filter.classes;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Fails when more comes than was announced. */
final class Bounded extends FilterInputStream {

    private long left;

    Bounded(InputStream in, long most) {
        super(in);
        left = most;
    }

    @Override
    public int read() throws IOException {
        int c = super.read();
        return counted(c < 0 ? -1 : 1) < 0 ? -1 : c;
    }

    @Override
    public int read(byte[] into, int offset, int size) throws IOException {
        return counted(super.read(into, offset, size));
    }

    private int counted(int count) throws IOException {
        left -= Math.max(0, count);
        if (left < 0) {
            throw new IOException("a jar inside is larger than it says");
        }
        return count;
    }
}
