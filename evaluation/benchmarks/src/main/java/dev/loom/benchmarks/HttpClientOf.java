package dev.loom.benchmarks;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** Asks a server of this JVM again and again over one connection. */
final class HttpClientOf implements Workload {

    private final int port;
    private final String path;
    private final Socket socket;
    private final DataInputStream in;
    private final byte[] request;

    HttpClientOf(int port, String path) throws IOException {
        this.port = port;
        this.path = path;
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setTcpNoDelay(true);
        in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
        request = ("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nAccept: application/json\r\n\r\n").getBytes(StandardCharsets.US_ASCII);
    }

    /** One more connection to the same server. */
    HttpClientOf another() throws IOException {
        return new HttpClientOf(port, path);
    }

    @Override
    public boolean usesOtherThreads() {
        return true;
    }

    @Override
    public long once() throws IOException {
        long sum = 0;
        for (int i = 0; i < 20; i++) {
            socket.getOutputStream().write(request);
            sum += answer();
        }
        return sum;
    }

    private int answer() throws IOException {
        String status = line();
        if (!status.startsWith("HTTP/1.1 200")) {
            throw new IOException("the server answered " + status);
        }
        int length = -1;
        for (String line = line(); !line.isEmpty(); line = line()) {
            if (line.regionMatches(true, 0, "Content-Length:", 0, 15)) {
                length = Integer.parseInt(line.substring(15).trim());
            }
        }
        if (length < 0) {
            throw new IOException("the server gave no length");
        }
        in.readNBytes(length);
        return length;
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = in.readUnsignedByte(); next != '\n'; next = in.readUnsignedByte()) {
            if (next != '\r') {
                line.append((char) next);
            }
        }
        return line.toString();
    }
}
