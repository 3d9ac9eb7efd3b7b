package dev.loom.console.security;

import dev.loom.console.audit.Actor;
import dev.loom.console.audit.EventLog;
import dev.loom.console.audit.Subject;
import java.util.Map;
import org.springframework.context.event.EventListener;
import org.springframework.security.authentication.event.AbstractAuthenticationFailureEvent;
import org.springframework.security.authentication.event.AuthenticationSuccessEvent;
import org.springframework.security.authentication.event.LogoutSuccessEvent;
import org.springframework.security.web.authentication.WebAuthenticationDetails;
import org.springframework.stereotype.Component;

/** Records logins, and counts those that fail. */
@Component
class Logins {

    private final LoginThrottle throttle;
    private final EventLog events;

    Logins(LoginThrottle throttle, EventLog events) {
        this.throttle = throttle;
        this.events = events;
    }

    @EventListener
    void succeeded(AuthenticationSuccessEvent event) {
        String name = event.getAuthentication().getName();
        String address = address(event.getAuthentication().getDetails());
        throttle.succeeded(name, address);
        if (event.getAuthentication().getPrincipal() instanceof Person person) {
            throttle.succeeded("", address);
            events.auditAs(
                    name, "access.login-succeeded", Subject.NONE, name + " logged in.",
                    Map.of("address", address, "provider", person.provider(), "subject", person.subject(), "roles", person.roles()));
            return;
        }
        events.auditAs(name, "access.login-succeeded", Subject.NONE, name + " logged in.", Map.of("address", address));
    }

    @EventListener
    void failed(AbstractAuthenticationFailureEvent event) {
        String name = String.valueOf(event.getAuthentication().getPrincipal());
        String shown = name.length() > 100 ? name.substring(0, 100) + "…" : name;
        String address = address(event.getAuthentication().getDetails());
        throttle.failed(name, address);
        events.auditAs(
                Actor.LOOM, "access.login-failed", Subject.NONE, "A login as '" + shown + "' failed.", Map.of("username", shown, "address", address));
    }

    @EventListener
    void ended(LogoutSuccessEvent event) {
        String name = event.getAuthentication().getName();
        events.auditAs(name, "access.login-ended", Subject.NONE, name + " logged out.", Map.of());
    }

    private static String address(Object details) {
        return details instanceof WebAuthenticationDetails web ? web.getRemoteAddress() : "";
    }
}
