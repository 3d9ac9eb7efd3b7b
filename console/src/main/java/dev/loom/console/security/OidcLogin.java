package dev.loom.console.security;

import dev.loom.console.audit.Actor;
import dev.loom.console.audit.EventLog;
import dev.loom.console.audit.Subject;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.springframework.http.client.ClientHttpRequestFactory;
import org.springframework.http.client.SimpleClientHttpRequestFactory;
import org.springframework.http.converter.FormHttpMessageConverter;
import org.springframework.security.config.ObjectPostProcessor;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.oauth2.client.OAuth2AuthorizedClient;
import org.springframework.security.oauth2.client.endpoint.RestClientAuthorizationCodeTokenResponseClient;
import org.springframework.security.oauth2.client.http.OAuth2ErrorResponseErrorHandler;
import org.springframework.security.oauth2.client.oidc.userinfo.OidcUserService;
import org.springframework.security.oauth2.client.userinfo.DefaultOAuth2UserService;
import org.springframework.security.oauth2.client.web.OAuth2AuthorizationRequestRedirectFilter;
import org.springframework.security.oauth2.client.web.OAuth2AuthorizedClientRepository;
import org.springframework.security.oauth2.client.web.OAuth2LoginAuthenticationFilter;
import org.springframework.security.oauth2.core.OAuth2AuthenticationException;
import org.springframework.security.oauth2.core.OAuth2Error;
import org.springframework.security.oauth2.core.http.converter.OAuth2AccessTokenResponseHttpMessageConverter;
import org.springframework.stereotype.Component;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestTemplate;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * The login by an OpenID provider, where one is configured: Spring Security's authorization code flow with PKCE, state and nonce. What is added
 * here bounds it: the provider's tokens are not kept, its answers are waited for a few seconds, by a few requests at once, and each failure is
 * in the audit log and counts as a wrong password does.
 */
@Component
class OidcLogin {

    /** Where a provider sends people back to. */
    static final String CALLBACK = "/login/oauth2/code/";

    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final int MOST_AT_ONCE = 8;

    private final Providers providers;
    private final People people;
    private final LoginThrottle throttle;
    private final EventLog events;

    OidcLogin(Providers providers, People people, LoginThrottle throttle, EventLog events) {
        this.providers = providers;
        this.people = people;
        this.throttle = throttle;
        this.events = events;
    }

    void configure(HttpSecurity http) throws Exception {
        if (providers.offers().isEmpty()) {
            return;
        }
        ClientHttpRequestFactory requests = requests();
        http.oauth2Login(login -> login.loginPage("/login")
                        .clientRegistrationRepository(providers)
                        .authorizedClientRepository(new NothingKept())
                        .authorizationEndpoint(to -> to.authorizationRedirectStrategy(OidcLogin::leave))
                        .tokenEndpoint(tokens -> tokens.accessTokenResponseClient(tokens(requests)))
                        .userInfoEndpoint(info -> {
                            OidcUserService users = users(requests);
                            info.oidcUserService(request -> people.person(request.getClientRegistration().getRegistrationId(), users.loadUser(request)));
                            info.userService(request -> {
                                throw new OAuth2AuthenticationException(new OAuth2Error("no_id_token"));
                            });
                        })
                        .failureHandler(this::failed)
                        .withObjectPostProcessor(new ObjectPostProcessor<OAuth2AuthorizationRequestRedirectFilter>() {
                            @Override
                            public <O extends OAuth2AuthorizationRequestRedirectFilter> O postProcess(O filter) {
                                filter.setAuthenticationFailureHandler(OidcLogin.this::notEvenBegun);
                                return filter;
                            }
                        }))
                .addFilterBefore(fewAtOnce(), OAuth2LoginAuthenticationFilter.class);
    }

    /** Of all redirects of the console this one alone leads elsewhere, to an address from the provider's own description. */
    private static void leave(HttpServletRequest request, HttpServletResponse response, String url) {
        response.setStatus(HttpServletResponse.SC_FOUND);
        response.setHeader("Location", url);
    }

    private static ClientHttpRequestFactory requests() {
        SimpleClientHttpRequestFactory requests = new SimpleClientHttpRequestFactory() {
            @Override
            protected void prepareConnection(HttpURLConnection connection, String method) throws IOException {
                super.prepareConnection(connection, method);
                connection.setInstanceFollowRedirects(false);
            }
        };
        requests.setConnectTimeout(PATIENCE);
        requests.setReadTimeout(PATIENCE);
        return requests;
    }

    private static RestClientAuthorizationCodeTokenResponseClient tokens(ClientHttpRequestFactory requests) {
        RestClientAuthorizationCodeTokenResponseClient tokens = new RestClientAuthorizationCodeTokenResponseClient();
        tokens.setRestClient(RestClient.builder()
                .requestFactory(requests)
                .configureMessageConverters(converters -> {
                    converters.addCustomConverter(new FormHttpMessageConverter());
                    converters.addCustomConverter(new OAuth2AccessTokenResponseHttpMessageConverter());
                })
                .defaultStatusHandler(new OAuth2ErrorResponseErrorHandler())
                .build());
        return tokens;
    }

    private static OidcUserService users(ClientHttpRequestFactory requests) {
        RestTemplate rest = new RestTemplate(requests);
        rest.setErrorHandler(new OAuth2ErrorResponseErrorHandler());
        DefaultOAuth2UserService plain = new DefaultOAuth2UserService();
        plain.setRestOperations(rest);
        OidcUserService users = new OidcUserService();
        users.setOauth2UserService(plain);
        return users;
    }

    private static OncePerRequestFilter fewAtOnce() {
        Semaphore places = new Semaphore(MOST_AT_ONCE);
        return new OncePerRequestFilter() {
            @Override
            protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
                    throws ServletException, IOException {
                if (!request.getServletPath().startsWith(CALLBACK)) {
                    chain.doFilter(request, response);
                } else if (places.tryAcquire()) {
                    try {
                        chain.doFilter(request, response);
                    } finally {
                        places.release();
                    }
                } else {
                    toLogin(request, response, "busy");
                }
            }
        };
    }

    private void failed(HttpServletRequest request, HttpServletResponse response, AuthenticationException e) throws IOException {
        String error = error(e);
        String named = request.getServletPath().substring(Math.min(CALLBACK.length(), request.getServletPath().length()));
        String provider = providers.isOne(named) ? named : "an unknown provider";
        String address = request.getRemoteAddr();
        throttle.failed("", address);
        events.auditAs(
                Actor.LOOM, "access.login-failed", Subject.NONE, "A login by " + provider + " failed: " + error + ".",
                Map.of("provider", provider, "error", error, "address", address));
        toLogin(request, response, switch (error) {
            case People.NO_ROLE -> "norole";
            case Providers.AWAY -> "away";
            default -> "failed";
        });
    }

    /** A code of the protocol, or what may stand in a log. */
    private static String error(AuthenticationException e) {
        String code = e instanceof OAuth2AuthenticationException oauth ? oauth.getError().getErrorCode() : "failed";
        return code.matches("[A-Za-z0-9_.-]{1,60}") ? code : "failed";
    }

    private void notEvenBegun(HttpServletRequest request, HttpServletResponse response, AuthenticationException e) throws IOException {
        toLogin(request, response, "away");
    }

    private static void toLogin(HttpServletRequest request, HttpServletResponse response, String why) throws IOException {
        response.sendRedirect(request.getContextPath() + "/login?oidc=" + why);
    }

    /** Nothing is asked of a provider after the login, so its tokens are forgotten at once. */
    private static final class NothingKept implements OAuth2AuthorizedClientRepository {
        @Override
        public <T extends OAuth2AuthorizedClient> @Nullable T loadAuthorizedClient(String id, Authentication who, HttpServletRequest request) {
            return null;
        }

        @Override
        public void saveAuthorizedClient(
                OAuth2AuthorizedClient client, Authentication who, HttpServletRequest request, HttpServletResponse response) {
            // forgotten
        }

        @Override
        public void removeAuthorizedClient(String id, Authentication who, HttpServletRequest request, HttpServletResponse response) {
            // there is none
        }
    }
}
