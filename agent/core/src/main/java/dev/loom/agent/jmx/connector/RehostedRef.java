package dev.loom.agent.jmx.connector;

import java.io.IOException;
import java.io.ObjectInput;
import java.io.ObjectOutput;
import java.lang.reflect.Method;
import java.rmi.Remote;
import java.rmi.RemoteException;
import java.rmi.server.RemoteRef;

/**
 * A reference to an exported object that tells clients another host than RMI would.
 *
 * <p>RMI takes the host of all stubs of a JVM from one place, the system property {@code java.rmi.server.hostname} or else the
 * machine's name. Neither need be an address that our socket listens on, and the property belongs to the application. So the host is
 * replaced where the stub is written; what clients get is an ordinary stub of the JDK's. This object never calls anything itself.
 */
final class RehostedRef implements RemoteRef {

    private static final long serialVersionUID = 1L;

    private final transient RemoteRef original;
    private final String host;

    RehostedRef(RemoteRef original, String host) {
        this.original = original;
        this.host = host;
    }

    @Override
    public String getRefClass(ObjectOutput out) {
        return original.getRefClass(out);
    }

    @Override
    public void writeExternal(ObjectOutput out) throws IOException {
        original.writeExternal(new HostReplacer(out, host));
    }

    @Override
    public void readExternal(ObjectInput in) {
        throw new UnsupportedOperationException("only ever written");
    }

    @Override
    public Object invoke(Remote object, Method method, Object[] parameters, long hash) throws Exception {
        throw new RemoteException("only for clients");
    }

    @Override
    public int remoteHashCode() {
        return original.remoteHashCode();
    }

    @Override
    public boolean remoteEquals(RemoteRef other) {
        return original.remoteEquals(other);
    }

    @Override
    public String remoteToString() {
        return original.remoteToString() + " as " + host;
    }

    @Deprecated
    @Override
    public java.rmi.server.RemoteCall newCall(
            java.rmi.server.RemoteObject object, java.rmi.server.Operation[] operations, int number, long hash) throws RemoteException {
        throw new RemoteException("only for clients");
    }

    @Deprecated
    @Override
    public void invoke(java.rmi.server.RemoteCall call) throws Exception {
        throw new RemoteException("only for clients");
    }

    @Deprecated
    @Override
    public void done(java.rmi.server.RemoteCall call) {}

    /** Passes everything on, but for the first string, which is the host. */
    private static final class HostReplacer implements ObjectOutput {

        private final ObjectOutput out;
        private final String host;
        private boolean replaced;

        HostReplacer(ObjectOutput out, String host) {
            this.out = out;
            this.host = host;
        }

        @Override
        public void writeUTF(String text) throws IOException {
            out.writeUTF(replaced ? text : host);
            replaced = true;
        }

        @Override
        public void writeObject(Object object) throws IOException {
            out.writeObject(object);
        }

        @Override
        public void write(int value) throws IOException {
            out.write(value);
        }

        @Override
        public void write(byte[] bytes) throws IOException {
            out.write(bytes);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            out.write(bytes, offset, length);
        }

        @Override
        public void writeBoolean(boolean value) throws IOException {
            out.writeBoolean(value);
        }

        @Override
        public void writeByte(int value) throws IOException {
            out.writeByte(value);
        }

        @Override
        public void writeShort(int value) throws IOException {
            out.writeShort(value);
        }

        @Override
        public void writeChar(int value) throws IOException {
            out.writeChar(value);
        }

        @Override
        public void writeInt(int value) throws IOException {
            out.writeInt(value);
        }

        @Override
        public void writeLong(long value) throws IOException {
            out.writeLong(value);
        }

        @Override
        public void writeFloat(float value) throws IOException {
            out.writeFloat(value);
        }

        @Override
        public void writeDouble(double value) throws IOException {
            out.writeDouble(value);
        }

        @Override
        public void writeBytes(String text) throws IOException {
            out.writeBytes(text);
        }

        @Override
        public void writeChars(String text) throws IOException {
            out.writeChars(text);
        }

        @Override
        public void flush() throws IOException {
            out.flush();
        }

        @Override
        public void close() throws IOException {
            out.close();
        }
    }
}
