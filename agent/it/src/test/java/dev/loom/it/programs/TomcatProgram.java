package dev.loom.it.programs;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.file.Files;
import org.apache.catalina.Context;
import org.apache.catalina.startup.Tomcat;

/** Embedded Tomcat answers a few hundred requests from several clients, with sessions, forms and an error page. */
public final class TomcatProgram {

    private TomcatProgram() {}

    public static void main(String[] args) throws Exception {
        Tomcat tomcat = new Tomcat();
        tomcat.setBaseDir(Files.createTempDirectory("loom-tomcat").toString());
        tomcat.setHostname("127.0.0.1");
        tomcat.setPort(0);
        tomcat.getConnector().setProperty("address", "127.0.0.1");
        Context context = tomcat.addContext("", Files.createTempDirectory("loom-tomcat").toString());
        Tomcat.addServlet(context, "echo", new HttpServlet() {
            private static final long serialVersionUID = 1L;

            @Override
            protected void doPost(HttpServletRequest request, HttpServletResponse response) throws IOException {
                int sum = 0;
                for (int b; (b = request.getInputStream().read()) >= 0; ) {
                    sum = sum * 31 + b;
                }
                response.setHeader("X-Sum", String.valueOf(sum));
                for (int i = 0; i < 200; i++) {
                    response.getWriter().println(i + ":" + (sum ^ i) + ":" + request.getParameter("q"));
                }
            }

            @Override
            protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
                if ("fail".equals(request.getParameter("q"))) {
                    response.sendError(418, "no");
                    return;
                }
                request.getSession().setAttribute("n", request.getParameter("q"));
                response.getWriter().print("hello " + request.getSession().getAttribute("n"));
            }
        });
        context.addServletMappingDecoded("/echo", "echo");
        tomcat.start();
        HttpLoad.run("http://127.0.0.1:" + tomcat.getConnector().getLocalPort() + "/echo");
        tomcat.stop();
        tomcat.destroy();
        System.out.println("END");
        System.exit(0);
    }
}
