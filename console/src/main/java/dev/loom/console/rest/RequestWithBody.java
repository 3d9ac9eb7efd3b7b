package dev.loom.console.rest;

import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/** A request whose body was read before, and can be read again, from its start each time. */
public class RequestWithBody extends HttpServletRequestWrapper {

    private final byte[] body;

    public RequestWithBody(HttpServletRequest request, byte[] body) {
        super(request);
        this.body = body;
    }

    /** The body itself, not a copy. */
    protected final byte[] body() {
        return body;
    }

    @Override
    public ServletInputStream getInputStream() {
        return new BodyInput(body);
    }

    @Override
    public BufferedReader getReader() {
        return new BufferedReader(new InputStreamReader(getInputStream(), StandardCharsets.UTF_8));
    }
}
