package dev.loom.console.notify;

import dev.loom.console.contract.LoomProblem;
import dev.loom.console.contract.ProblemCode;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/**
 * Where webhooks may go. A console stands in a network where others do not: so that it cannot be used to reach what is meant for itself alone, it sends
 * nothing to its own machine nor to link-local addresses, where clouds keep their metadata, and nothing unencrypted, unless configured to.
 */
@Component
class Destinations {

    private static final int LONGEST = 2_000;

    private final boolean allowHttp;
    private final boolean allowLocal;

    Destinations(@Value("${loom.notify.allow-http:false}") boolean allowHttp, @Value("${loom.notify.allow-local:false}") boolean allowLocal) {
        this.allowHttp = allowHttp;
        this.allowLocal = allowLocal;
    }

    /**
     * A URL that may be stored.
     *
     * @throws LoomProblem if it may not
     */
    URI checked(String url) {
        URI uri;
        try {
            uri = URI.create(url.strip());
        } catch (IllegalArgumentException e) {
            throw refused("'" + url + "' is not a URL.", "Write it as https://HOST/PATH.");
        }
        boolean https = "https".equalsIgnoreCase(uri.getScheme());
        if (!https && !"http".equalsIgnoreCase(uri.getScheme()) || uri.getHost() == null || url.length() > LONGEST) {
            throw refused("'" + url + "' is not a URL of a web server.", "Write it as https://HOST/PATH, with " + LONGEST + " characters at most.");
        }
        if (!https && !allowHttp) {
            throw refused("The URL is not encrypted: " + url + ".", "Use https, or set loom.notify.allow-http=true where the console is started.");
        }
        if (uri.getRawUserInfo() != null || uri.getRawFragment() != null) {
            throw refused("A URL with a user or a fragment is not taken.", "The receiver knows the console by the signature.");
        }
        String why = forbidden(uri);
        if (why != null) {
            throw refused(why, "Set loom.notify.allow-local=true where the console is started, if that is meant.");
        }
        return uri;
    }

    /**
     * Why nothing is sent there now, whatever was stored: a name may lead elsewhere than before. Null if it may be. The JVM keeps addresses of a name for
     * a while (30 s, unless configured otherwise), so that a connection made at once goes to those that were looked at.
     */
    @Nullable String forbidden(URI uri) {
        if (allowLocal) {
            return null;
        }
        try {
            boolean local = Arrays.stream(InetAddress.getAllByName(uri.getHost())).anyMatch(a -> a.isLoopbackAddress() || a.isLinkLocalAddress()
                    || a.isAnyLocalAddress() || a.isMulticastAddress());
            return local ? uri.getHost() + " leads to this machine or to a link-local address." : null;
        } catch (UnknownHostException e) {
            return null; // nothing can be sent there anyway
        }
    }

    private static LoomProblem refused(String message, String hint) {
        return new LoomProblem(ProblemCode.BAD_DESTINATION, message, hint);
    }
}
