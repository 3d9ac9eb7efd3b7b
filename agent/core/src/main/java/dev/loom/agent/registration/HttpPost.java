package dev.loom.agent.registration;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/**
 * One HTTP/1.1 POST over a connection of its own. The JDK's clients are not used: {@code HttpURLConnection} goes through URL handlers,
 * authenticators, cookie handlers and proxies that the application may have set for the whole JVM, and {@code HttpClient} of Java 17
 * leaves a thread behind that nothing can stop.
 */
final class HttpPost {

    private static final int CONNECT_MILLIS = 5_000;
    private static final int READ_MILLIS = 10_000;

    /** Most that is read of an answer, bytes. */
    /** The header that carries the JVM's own secret, in both directions. */
    private static final String SECRET = "Loom-JVM-Secret";

    private static final int MAX_ANSWER = 16 * 1024;

    private HttpPost() {}

    /**
     * What came back.
     *
     * @param body its beginning
     */
    record Answer(int status, String body, String secret) {}

    static Answer send(URI url, String token, String secret, String json) throws IOException {
        try (Socket socket = connect(url)) {
            byte[] body = json.getBytes(StandardCharsets.UTF_8);
            socket.getOutputStream().write(join(head(url, token, secret, body.length).getBytes(StandardCharsets.ISO_8859_1), body));
            socket.getOutputStream().flush();
            return parse(new String(readAll(socket.getInputStream()), StandardCharsets.UTF_8), url);
        }
    }

    private static Socket connect(URI url) throws IOException {
        boolean secure = url.getScheme().equalsIgnoreCase("https");
        int port = url.getPort() >= 0 ? url.getPort() : secure ? 443 : 80;
        String host = url.getHost().replaceAll("[\\[\\]]", "");
        Socket plain = new Socket();
        try {
            plain.connect(new InetSocketAddress(host, port), CONNECT_MILLIS);
            plain.setSoTimeout(READ_MILLIS);
            return secure ? secured(plain, host, port) : plain;
        } catch (IOException | RuntimeException e) {
            plain.close();
            throw e;
        }
    }

    private static Socket secured(Socket plain, String host, int port) throws IOException {
        try {
            // the JVM's trust store, but not the application's default context
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, null, null);
            SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(plain, host, port, true);
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            socket.setSSLParameters(parameters);
            socket.startHandshake();
            return socket;
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
    }

    private static String head(URI url, String token, String secret, int length) {
        String path = url.getRawPath().isEmpty() ? "/" : url.getRawPath();
        String port = url.getPort() >= 0 ? ":" + url.getPort() : "";
        return "POST " + path + " HTTP/1.1\r\n"
                + "Host: " + url.getHost() + port + "\r\n"
                + "Content-Type: application/json\r\n"
                + "Content-Length: " + length + "\r\n"
                + (token.isEmpty() ? "" : "Authorization: Bearer " + token + "\r\n")
                + (secret.isEmpty() ? "" : SECRET + ": " + secret + "\r\n")
                + "Accept: application/json, application/problem+json\r\n"
                + "Connection: close\r\n\r\n";
    }

    private static byte[] readAll(InputStream in) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] buffer = new byte[4_096];
        int read;
        while (out.size() < MAX_ANSWER && (read = in.read(buffer)) >= 0) {
            out.write(buffer, 0, read);
        }
        return out.toByteArray();
    }

    private static Answer parse(String text, URI url) throws IOException {
        String line = text.lines().findFirst().orElse("");
        if (!line.matches("HTTP/1\\.[01] \\d{3}.*")) {
            throw new IOException(url.getHost() + " does not answer as a web server does");
        }
        int body = text.indexOf("\r\n\r\n");
        return new Answer(Integer.parseInt(line.substring(9, 12)), body < 0 ? "" : text.substring(body + 4), secret(text, body));
    }

    private static String secret(String text, int body) {
        return text.substring(0, Math.max(0, body))
                .lines()
                .filter(line -> line.regionMatches(true, 0, SECRET + ":", 0, SECRET.length() + 1))
                .map(line -> line.substring(SECRET.length() + 1).strip())
                .filter(value -> value.matches("[A-Za-z0-9_-]{16,200}"))
                .findFirst()
                .orElse("");
    }

    private static byte[] join(byte[] a, byte[] b) {
        byte[] both = java.util.Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, both, a.length, b.length);
        return both;
    }
}
