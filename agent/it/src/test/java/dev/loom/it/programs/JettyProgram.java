package dev.loom.it.programs;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;

/** Jetty answers a few hundred requests from several clients. */
public final class JettyProgram {

    private JettyProgram() {}

    public static void main(String[] args) throws Exception {
        Server server = new Server();
        ServerConnector connector = new ServerConnector(server);
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        server.setHandler(new Handler.Abstract() {
            @Override
            public boolean handle(Request request, Response response, Callback callback) throws Exception {
                String query = request.getHttpURI().getQuery();
                if ("q=fail".equals(query)) {
                    Response.writeError(request, response, callback, 418);
                    return true;
                }
                String body = Content.Source.asString(request, StandardCharsets.UTF_8);
                response.getHeaders().put("X-Sum", String.valueOf(body.hashCode()));
                StringBuilder text = new StringBuilder();
                for (int i = 0; i < 200; i++) {
                    text.append(i).append(':').append(body.hashCode() ^ i).append(query).append('\n');
                }
                response.write(true, ByteBuffer.wrap(text.toString().getBytes(StandardCharsets.UTF_8)), callback);
                return true;
            }
        });
        server.start();
        HttpLoad.run("http://127.0.0.1:" + connector.getLocalPort() + "/echo");
        server.stop();
        System.out.println("END");
        System.exit(0);
    }
}
