package dev.loom.console.rest;

import dev.loom.console.contract.LoomProblem;
import dev.loom.console.contract.ProblemCode;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.springframework.http.MediaType;
import org.springframework.web.filter.OncePerRequestFilter;

/** Bounds what a request to the API may send, whether it says its length or not. */
public final class BodyLimit extends OncePerRequestFilter {

    /** Most bytes of a body: several times a filter, so that JSON around it and a clear answer for a large one have room. */
    public static final long MAX_BYTES = 6L << 20;

    /** Where a jar is sent to; whoever reads it there bounds it by itself, a little above what it takes. */
    private static final String JARS = "/api/v1/filters/names";

    private static final long MAX_JAR_BYTES = 130L << 20;

    /** Where a file with what failed is sent to, likewise; a text has no more than any other body. */
    private static final Pattern FAILURES = Pattern.compile("/api/v1/targets/\\d{1,19}/suggest");

    private static final long MAX_FAILURE_BYTES = 257L << 20;

    private final Problems problems;

    BodyLimit(Problems problems) {
        this.problems = problems;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        long most = isJar(request) ? MAX_JAR_BYTES : isFailure(request) ? MAX_FAILURE_BYTES : MAX_BYTES;
        if (request.getContentLengthLong() > most) {
            problems.write(request, response, tooLarge(most));
            return;
        }
        chain.doFilter(new Bounded(request, most), response);
    }

    /** Whether the body is a file, too large to be kept in memory, which whoever takes it reads and bounds. */
    public static boolean isFile(HttpServletRequest request) {
        return isJar(request) || isFailure(request);
    }

    private static boolean isJar(HttpServletRequest request) {
        return request.getMethod().equals("POST") && path(request).equals(JARS);
    }

    private static boolean isFailure(HttpServletRequest request) {
        String type = request.getContentType();
        return request.getMethod().equals("POST") && FAILURES.matcher(path(request)).matches() && type != null
                && type.regionMatches(true, 0, MediaType.APPLICATION_OCTET_STREAM_VALUE, 0, MediaType.APPLICATION_OCTET_STREAM_VALUE.length());
    }

    private static String path(HttpServletRequest request) {
        return request.getRequestURI().substring(request.getContextPath().length());
    }

    private static LoomProblem tooLarge(long most) {
        return new LoomProblem(
                ProblemCode.TOO_LARGE, "The body has more than " + (most >> 20) + " MiB.", "A filter may have 1 MiB: is this the right file?");
    }

    private static final class Bounded extends HttpServletRequestWrapper {

        private final long most;

        Bounded(HttpServletRequest request, long most) {
            super(request);
            this.most = most;
        }

        @Override
        public ServletInputStream getInputStream() throws IOException {
            return new BoundedStream(super.getInputStream(), most);
        }

        @Override
        public BufferedReader getReader() throws IOException {
            return new BufferedReader(new InputStreamReader(getInputStream(), StandardCharsets.UTF_8));
        }
    }

    private static final class BoundedStream extends ServletInputStream {

        private final ServletInputStream in;
        private final long most;
        private long left;

        BoundedStream(ServletInputStream in, long most) {
            this.in = in;
            this.most = most;
            left = most;
        }

        @Override
        public int read() throws IOException {
            int b = in.read();
            if (b >= 0) {
                count(1);
            }
            return b;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int n = in.read(buffer, offset, length);
            if (n > 0) {
                count(n);
            }
            return n;
        }

        private void count(int n) {
            left -= n;
            if (left < 0) {
                throw tooLarge(most);
            }
        }

        @Override
        public boolean isFinished() {
            return in.isFinished();
        }

        @Override
        public boolean isReady() {
            return in.isReady();
        }

        @Override
        public void setReadListener(ReadListener listener) {
            in.setReadListener(listener);
        }
    }
}
