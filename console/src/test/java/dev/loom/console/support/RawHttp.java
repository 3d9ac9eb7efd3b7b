package dev.loom.console.support;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/** HTTP byte for byte, for what no client library would send. */
public final class RawHttp {

    private RawHttp() {}

    /** Sends a request and returns all that comes until the console closes the connection. */
    public static String send(String url, String request) throws IOException {
        try (Socket socket = connect(url)) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    public static Socket connect(String url) throws IOException {
        URI uri = URI.create(url);
        Socket socket = new Socket(uri.getHost(), uri.getPort());
        socket.setSoTimeout(60_000);
        return socket;
    }
}
