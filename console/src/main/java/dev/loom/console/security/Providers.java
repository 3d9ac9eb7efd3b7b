package dev.loom.console.security;

import dev.loom.console.contract.LoomProblem;
import dev.loom.console.contract.ProblemCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.security.oauth2.client.autoconfigure.OAuth2ClientProperties;
import org.springframework.boot.security.oauth2.client.autoconfigure.OAuth2ClientPropertiesMapper;
import org.springframework.core.env.Environment;
import org.springframework.security.oauth2.client.registration.ClientRegistration;
import org.springframework.security.oauth2.client.registration.ClientRegistrationRepository;
import org.springframework.security.oauth2.core.OAuth2AuthenticationException;
import org.springframework.security.oauth2.core.OAuth2Error;
import org.springframework.stereotype.Component;

/**
 * The OpenID providers of {@code spring.security.oauth2.client}. Spring Boot's own repository asks them at the start, and a console that starts while its
 * provider is away would not; here each is asked at its first login. Thread-safe.
 */
@Component
public class Providers implements ClientRegistrationRepository {

    private static final Logger log = LoggerFactory.getLogger(Providers.class);

    /** The error of a login while the provider does not answer. */
    static final String AWAY = "provider_away";

    /** After a failure nobody asks for this long: a request thread may wait for each answer. */
    private static final Duration PAUSE = Duration.ofSeconds(5);

    private final OAuth2ClientProperties properties;
    private final Map<String, ClientRegistration> known = new ConcurrentHashMap<>();
    private final ReentrantLock asking = new ReentrantLock();
    private volatile long notBefore = System.nanoTime();

    Providers(Environment environment) {
        this.properties = Binder.get(environment).bindOrCreate("spring.security.oauth2.client", OAuth2ClientProperties.class);
        properties.validate();
        properties.getRegistration().forEach(this::check);
    }

    /** What the login page offers. */
    public record Offer(String id, String name) {}

    /** The providers, in the order of their ids. */
    public List<Offer> offers() {
        List<Offer> offers = new ArrayList<>();
        properties.getRegistration().forEach((id, registration) -> offers.add(
                new Offer(id, registration.getClientName() == null || registration.getClientName().isBlank() ? id : registration.getClientName())));
        offers.sort(java.util.Comparator.comparing(Offer::id));
        return offers;
    }

    boolean isOne(String id) {
        return properties.getRegistration().containsKey(id);
    }

    private void check(String id, OAuth2ClientProperties.Registration registration) {
        String at = "spring.security.oauth2.client.registration." + id;
        if (!id.matches("[a-z0-9-]{1,40}") || id.equals("token")) {
            throw new LoomProblem(
                    ProblemCode.BAD_OPTION, at + ": a provider's id stands before names in the audit log, and '" + id + "' cannot.",
                    "Take 1 to 40 small letters, digits and '-', and not 'token'.");
        }
        OAuth2ClientProperties.Provider provider =
                properties.getProvider().get(registration.getProvider() == null ? id : registration.getProvider());
        boolean google = "google".equals(registration.getProvider() == null ? id : registration.getProvider());
        if (!google && (provider == null || provider.getIssuerUri() == null || provider.getIssuerUri().isBlank())) {
            throw new LoomProblem(
                    ProblemCode.BAD_OPTION, at + " has no issuer: who signs its tokens could not be checked.",
                    "Set spring.security.oauth2.client.provider." + id + ".issuer-uri.");
        }
        if (registration.getScope() != null && !registration.getScope().contains("openid")) {
            throw new LoomProblem(
                    ProblemCode.BAD_OPTION, at + ".scope lacks openid: without it the provider vouches for nobody.", "Add openid to it.");
        }
    }

    /**
     * A provider with its addresses; null if there is none of that id.
     *
     * @throws OAuth2AuthenticationException if it does not answer
     */
    @Override
    public @Nullable ClientRegistration findByRegistrationId(String id) {
        ClientRegistration found = known.get(id);
        if (found != null || !isOne(id)) {
            return found;
        }
        if (System.nanoTime() - notBefore < 0 || !asking.tryLock()) {
            throw away("it did not answer a moment ago");
        }
        try {
            OAuth2ClientProperties one = new OAuth2ClientProperties();
            one.getRegistration().put(id, properties.getRegistration().get(id));
            one.getProvider().putAll(properties.getProvider());
            found = new OAuth2ClientPropertiesMapper(one).asClientRegistrations().get(id);
            known.put(id, found);
            return found;
        } catch (RuntimeException e) {
            notBefore = System.nanoTime() + PAUSE.toNanos();
            log.warn("The OpenID provider {} cannot be used: {}", id, e.getMessage());
            throw away(String.valueOf(e.getMessage()));
        } finally {
            asking.unlock();
        }
    }

    private static OAuth2AuthenticationException away(String why) {
        return new OAuth2AuthenticationException(new OAuth2Error(AWAY, why, null));
    }
}
