package dev.loom.console.support;

import java.io.InputStream;
import java.net.CookieManager;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** A client with cookies, which logs in as a browser does. */
public final class WebSession {

    private final String base;
    private final CookieManager cookies;
    private final HttpClient client;
    private String csrf;

    public WebSession(String base) {
        this(base, new CookieManager(), "");
    }

    private WebSession(String base, CookieManager cookies, String csrf) {
        this.base = base;
        this.cookies = cookies;
        this.client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).cookieHandler(cookies).build();
        this.csrf = csrf;
    }

    /** The same browser at another console behind the same name. */
    public WebSession at(String otherBase) {
        return new WebSession(otherBase, cookies, csrf);
    }

    /** What the console knows the browser by. */
    public String cookie() {
        return cookies.getCookieStore().getCookies().stream().filter(c -> c.getName().equals("LOOM_SESSION")).findFirst().orElseThrow().getValue();
    }

    /** Where a page redirects to. */
    public String location(String path) throws Exception {
        HttpResponse<String> answer = send("GET", path, null, "Accept", "text/html");
        if (answer.statusCode() != 302) {
            throw new AssertionError("status " + answer.statusCode() + " instead of a redirect at " + path + ": " + answer.body());
        }
        return answer.headers().firstValue("Location").orElse("");
    }

    /** Takes the CSRF token of the page, after a login by other means than the form. */
    public void takeCsrf() throws Exception {
        csrf = csrf("/");
    }

    /** Returns where the login led to. */
    public String login(String username, String password) throws Exception {
        csrf = csrf("/login");
        HttpResponse<String> answer = form("/login", "username=" + username + "&password=" + password);
        if (answer.statusCode() != 302) {
            throw new AssertionError("status " + answer.statusCode() + " after a login instead of 302: " + answer.body());
        }
        String where = answer.headers().firstValue("Location").orElse("");
        if (!where.contains("/login")) {
            csrf = csrf("/");
        }
        return where;
    }

    private String csrf(String path) throws Exception {
        String page = send("GET", path, null).body();
        int at = page.indexOf("name=\"_csrf\"");
        if (at < 0) {
            return "";
        }
        String tag = page.substring(page.lastIndexOf('<', at), page.indexOf('>', at));
        return tag.replaceAll("(?s).*(?:value|content)=\"([^\"]*)\".*", "$1");
    }

    /** Sends a form with the CSRF token of the session. */
    public HttpResponse<String> form(String path, String form, String... headers) throws Exception {
        return client.send(
                request(path, headers)
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(HttpRequest.BodyPublishers.ofString(form + "&_csrf=" + URLEncoder.encode(csrf, StandardCharsets.UTF_8)))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    /** Sends a form with parts, the CSRF token as a header. */
    public HttpResponse<String> multipart(String path, String boundary, String body) throws Exception {
        return client.send(
                request(path).header("Content-Type", "multipart/form-data; boundary=" + boundary).header("X-CSRF-TOKEN", csrf)
                        .POST(HttpRequest.BodyPublishers.ofString(body)).build(),
                HttpResponse.BodyHandlers.ofString());
    }

    /** Sends a form with a file. */
    public HttpResponse<String> file(String path, byte[] content) throws Exception {
        String boundary = "----loom-test-boundary";
        byte[] head = ("--" + boundary + "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"some\"\r\n"
                + "Content-Type: application/octet-stream\r\n\r\n").getBytes(StandardCharsets.UTF_8);
        byte[] end = ("\r\n--" + boundary + "--\r\n").getBytes(StandardCharsets.UTF_8);
        return client.send(
                request(path).header("Content-Type", "multipart/form-data; boundary=" + boundary).header("X-CSRF-TOKEN", csrf)
                        .POST(HttpRequest.BodyPublishers.concat(
                                HttpRequest.BodyPublishers.ofByteArray(head), HttpRequest.BodyPublishers.ofByteArray(content),
                                HttpRequest.BodyPublishers.ofByteArray(end))).build(),
                HttpResponse.BodyHandlers.ofString());
    }

    public HttpResponse<String> send(String method, String path, @Nullable String body, String... headers) throws Exception {
        HttpRequest.Builder request = request(path, headers);
        request.method(method, body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body));
        if (body != null) {
            request.header("Content-Type", "text/plain");
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    /** What is at an address, as it came. */
    public HttpResponse<byte[]> bytes(String path, String... headers) throws Exception {
        return client.send(request(path, headers).build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    /** Opens an event stream. */
    public HttpResponse<InputStream> stream(String path) throws Exception {
        return client.send(
                request(path).header("Accept", "text/event-stream").build(), HttpResponse.BodyHandlers.ofInputStream());
    }

    private HttpRequest.Builder request(String path, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + path));
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        return request;
    }

    /** Whether the session is let in. */
    public boolean isIn() throws Exception {
        return send("GET", "/api/v1/filters", null).statusCode() == 200;
    }
}
