package dev.loom.console.web;

import dev.loom.console.contract.LoomProblem;
import dev.loom.console.contract.ProblemCode;
import dev.loom.console.rest.BodyLimit;
import dev.loom.console.rest.Problems;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.springframework.http.HttpHeaders;
import org.springframework.web.util.WebUtils;

/**
 * Reads the body of a request before anything else sees the request, and without a thread: a client that sends it slowly, or not at all,
 * holds a connection and nothing more. When the body is there, the request is dispatched anew with it in memory, as if it had just come.
 *
 * <p>Who shows neither a token nor a session may send little, and has less time. Jars, files with what failed and forms with files are read by whoever takes them,
 * as they may be large; the latter only for a session.
 */
final class Bodies implements Filter {

    /** Most bytes of a body from somebody who shows neither a token nor a session: a login form is smaller. */
    private static final int MOST_ANONYMOUS = 64 << 10;
    private static final int MOST = (int) BodyLimit.MAX_BYTES;
    /** So much of a body that is too large is read and thrown away, so that the answer arrives. */
    private static final long MOST_DRAINED = 64L << 20;
    /** Most bytes of all bodies that are being read. */
    private static final long MOST_AT_ONCE = 96L << 20;

    private static final long ANONYMOUS_MILLIS = 12_000;
    private static final long MILLIS = 60_000;

    private static final String BEGUN = Bodies.class.getName() + ".begun";
    private static final String BODY = Bodies.class.getName() + ".body";
    private static final String SEEN = Bodies.class.getName() + ".seen";

    private final Problems problems;
    private final AtomicLong atOnce = new AtomicLong();

    Bodies(Problems problems) {
        this.problems = problems;
    }

    @Override
    public void doFilter(ServletRequest plain, ServletResponse answer, FilterChain chain) throws IOException, ServletException {
        HttpServletRequest request = (HttpServletRequest) plain;
        HttpServletResponse response = (HttpServletResponse) answer;
        if (request.getAttribute(BODY) instanceof byte[] body) {
            if (WebUtils.getNativeRequest(request, ReadRequest.class) != null) {
                chain.doFilter(request, response);
                return;
            }
            boolean first = request.getDispatcherType() == DispatcherType.ASYNC && request.getAttribute(SEEN) == null;
            request.setAttribute(SEEN, true);
            ReadRequest read = new ReadRequest(request, body, first);
            try {
                chain.doFilter(read, response);
            } finally {
                read.pass();
            }
        } else if (request.getDispatcherType() != DispatcherType.REQUEST) {
            if (request.getAttribute(BEGUN) != null && request.getDispatcherType() == DispatcherType.ASYNC) {
                throw new ServletException("a request whose body was not read was dispatched"); // it must pass no rule unseen
            }
            chain.doFilter(request, response);
        } else if (!hasBody(request) || isReadByItsTaker(request)) {
            chain.doFilter(request, response);
        } else {
            begin(request, response);
        }
    }

    private static boolean hasBody(HttpServletRequest request) {
        return request.getContentLengthLong() > 0 || request.getHeader(HttpHeaders.TRANSFER_ENCODING) != null;
    }

    private static boolean isReadByItsTaker(HttpServletRequest request) {
        String type = request.getContentType();
        boolean form = type != null && type.regionMatches(true, 0, "multipart/", 0, 10);
        return form ? hasSession(request) : BodyLimit.isFile(request) && isKnown(request);
    }

    private static boolean isKnown(HttpServletRequest request) {
        return request.getHeader(HttpHeaders.AUTHORIZATION) != null || hasSession(request);
    }

    private static boolean hasSession(HttpServletRequest request) {
        HttpSession session = request.getSession(false);
        return session != null && session.getAttribute("SPRING_SECURITY_CONTEXT") != null;
    }

    private void begin(HttpServletRequest request, HttpServletResponse response) throws IOException {
        request.setAttribute(BEGUN, true);
        boolean known = isKnown(request);
        AsyncContext context = request.startAsync();
        context.setTimeout(known ? MILLIS : ANONYMOUS_MILLIS);
        Reading reading = new Reading(context, request, response, known ? MOST : MOST_ANONYMOUS);
        context.addListener(reading);
        request.getInputStream().setReadListener(reading);
    }

    /** One body that is being read. The container calls it on one thread at a time. */
    private final class Reading implements ReadListener, AsyncListener {

        private final AsyncContext context;
        private final HttpServletRequest request;
        private final HttpServletResponse response;
        private final int most;
        private final ByteArrayOutputStream body = new ByteArrayOutputStream(256);
        private final byte[] buffer = new byte[8_192];
        private final AtomicBoolean ended = new AtomicBoolean();
        private long read;
        private long counted;

        Reading(AsyncContext context, HttpServletRequest request, HttpServletResponse response, int most) {
            this.context = context;
            this.request = request;
            this.response = response;
            this.most = most;
        }

        @Override
        public void onDataAvailable() throws IOException {
            ServletInputStream in = request.getInputStream();
            while (!ended.get() && in.isReady()) {
                int n = in.read(buffer);
                if (n < 0) {
                    return;
                }
                read += n;
                if (read <= most) {
                    body.write(buffer, 0, n);
                    counted += n;
                    if (atOnce.addAndGet(n) > MOST_AT_ONCE) {
                        refuse(new LoomProblem(ProblemCode.UNAVAILABLE, "Too much is being sent at once.", "Try again in a moment."));
                    }
                } else if (most < MOST || read > MOST_DRAINED) {
                    refuse(tooLarge());
                }
            }
        }

        @Override
        public void onAllDataRead() throws IOException {
            if (read > most) {
                refuse(tooLarge());
            } else if (end()) {
                request.setAttribute(BODY, body.toByteArray());
                context.dispatch();
            }
        }

        private LoomProblem tooLarge() {
            return new LoomProblem(
                    ProblemCode.TOO_LARGE,
                    "The body has more than " + (most < MOST ? (most >> 10) + " KiB." : (most >> 20) + " MiB."),
                    most < MOST ? "Log in, or send a token." : "A filter may have 1 MiB: is this the right file?");
        }

        private void refuse(LoomProblem problem) throws IOException {
            if (end()) {
                response.setHeader("Connection", "close");
                problems.write(request, response, problem);
                context.complete();
            }
        }

        /** Whether this is the end of it, for whoever asks first. */
        private boolean end() {
            boolean first = !ended.getAndSet(true);
            if (first) {
                atOnce.addAndGet(-counted);
            }
            return first;
        }

        @Override
        public void onError(Throwable gone) {
            if (end()) {
                context.complete();
            }
        }

        @Override
        public void onTimeout(AsyncEvent event) throws IOException {
            refuse(new LoomProblem(ProblemCode.TOO_SLOW, "The body did not come in time.", "Send it faster."));
        }

        @Override
        public void onError(AsyncEvent event) {
            end();
        }

        @Override
        public void onComplete(AsyncEvent event) {
            end();
        }

        @Override
        public void onStartAsync(AsyncEvent event) {
            // of what handles the request later: that has its own listeners
        }
    }
}
