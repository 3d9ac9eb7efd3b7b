package dev.loom.console.audit;

import org.jspecify.annotations.Nullable;
import org.springframework.security.authentication.AnonymousAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;

/** Who is acting on this thread. */
public final class Actor {

    /** What the console does by itself. */
    public static final String LOOM = "loom";

    private Actor() {}

    /** The address that the request on this thread came from, as a trusted proxy tells it; null outside of requests. */
    static @Nullable String origin() {
        return RequestContextHolder.getRequestAttributes() instanceof ServletRequestAttributes request ? request.getRequest().getRemoteAddr() : null;
    }

    /** The account or {@code token:NAME} of the request at work on this thread; {@link #LOOM} outside of requests. */
    public static String current() {
        Authentication authentication = SecurityContextHolder.getContext().getAuthentication();
        if (authentication == null || authentication instanceof AnonymousAuthenticationToken || !authentication.isAuthenticated()) {
            return LOOM;
        }
        return authentication.getName();
    }
}
