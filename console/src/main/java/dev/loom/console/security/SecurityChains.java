package dev.loom.console.security;

import dev.loom.console.contract.LoomProblem;
import dev.loom.console.contract.ProblemCode;
import dev.loom.console.rest.Problems;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.boot.security.autoconfigure.actuate.web.servlet.EndpointRequest;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.access.hierarchicalroles.RoleHierarchy;
import org.springframework.security.access.hierarchicalroles.RoleHierarchyImpl;
import org.springframework.security.authentication.AnonymousAuthenticationToken;
import org.springframework.security.config.annotation.method.configuration.EnableMethodSecurity;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.crypto.factory.PasswordEncoderFactories;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.access.AccessDeniedHandlerImpl;
import org.springframework.security.web.authentication.HttpStatusEntryPoint;
import org.springframework.security.web.authentication.UsernamePasswordAuthenticationFilter;
import org.springframework.security.web.csrf.CsrfException;
import org.springframework.security.web.csrf.CsrfFilter;
import org.springframework.security.web.header.writers.ReferrerPolicyHeaderWriter;
import org.springframework.security.web.util.matcher.RequestMatcher;

/**
 * The three ways in.
 *
 * <ul>
 *   <li>{@code /api}, {@code /agent}, {@code /v3}: a bearer token, or the session of somebody who is logged in, then with a CSRF token
 *       for whatever changes something; errors are problem details.
 *   <li>{@code /actuator}: health for everybody; the metrics for a token or an administrator.
 *   <li>pages: form login or an OpenID provider's ({@link OidcLogin}), session, CSRF.
 * </ul>
 */
@Configuration(proxyBeanMethods = false)
@EnableMethodSecurity
class SecurityChains {

    /** Everything from this host and nowhere else; no inline script, no inline style, no frame. */
    private static final String ONLY_THIS_HOST =
            "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    @Bean
    PasswordEncoder passwordEncoder() {
        return PasswordEncoderFactories.createDelegatingPasswordEncoder();
    }

    @Bean
    RoleHierarchy roleHierarchy() {
        return RoleHierarchyImpl.fromHierarchy(Role.HIERARCHY);
    }

    @Bean
    @Order(1)
    SecurityFilterChain api(HttpSecurity http, TokenService tokens, Sessions sessions, Problems problems) throws Exception {
        http.securityMatcher("/api/**", "/agent/**", "/v3/api-docs/**", "/v3/api-docs", "/v3/api-docs.yaml")
                .authorizeHttpRequests(requests -> requests
                        .dispatcherTypeMatchers(DispatcherType.ASYNC, DispatcherType.ERROR).permitAll()
                        .requestMatchers("/agent/**", "/v3/**").permitAll()
                        .requestMatchers(HttpMethod.POST, "/api/v1/targets").hasAnyRole("OPERATOR", "AGENT")
                        .requestMatchers("/api/v1/tokens/**", "/api/v1/accounts/**", "/api/v1/notifiers/**", "/api/v1/backup").hasRole("ADMIN")
                        .requestMatchers(HttpMethod.POST, "/api/v1/filters/check").hasRole("VIEWER")
                        .requestMatchers(HttpMethod.GET, "/api/**").hasRole("VIEWER")
                        .requestMatchers("/api/v1/filters/**").hasRole("AUTHOR")
                        .requestMatchers("/api/**").hasRole("OPERATOR")
                        .anyRequest().denyAll())
                .csrf(csrf -> csrf.requireCsrfProtectionMatcher(SecurityChains::changesSomethingBySession))
                .sessionManagement(session -> session.sessionCreationPolicy(SessionCreationPolicy.NEVER))
                .addFilterBefore(sessions.filter(), CsrfFilter.class)
                .addFilterBefore(new BearerFilter(tokens, problems), CsrfFilter.class)
                .requestCache(cache -> cache.disable())
                .formLogin(login -> login.disable())
                .httpBasic(basic -> basic.disable())
                .logout(logout -> logout.disable())
                .exceptionHandling(errors -> errors
                        .authenticationEntryPoint((request, response, e) -> unauthenticated(problems, request, response))
                        .accessDeniedHandler((request, response, e) -> {
                            if (e instanceof CsrfException) {
                                csrf(problems, request, response);
                            } else {
                                forbidden(problems, request, response);
                            }
                        }));
        headers(http);
        return http.build();
    }

    @Bean
    @Order(2)
    SecurityFilterChain actuator(HttpSecurity http, TokenService tokens, Sessions sessions, Problems problems) throws Exception {
        http.securityMatcher(EndpointRequest.toAnyEndpoint())
                .authorizeHttpRequests(requests -> requests
                        .dispatcherTypeMatchers(DispatcherType.ASYNC, DispatcherType.ERROR).permitAll()
                        .requestMatchers(EndpointRequest.to("health")).permitAll()
                        .anyRequest().access((authentication, context) -> new org.springframework.security.authorization.AuthorizationDecision(
                                mayReadMetrics(authentication.get()))))
                .csrf(csrf -> csrf.disable())
                .sessionManagement(session -> session.sessionCreationPolicy(SessionCreationPolicy.NEVER))
                .addFilterBefore(sessions.filter(), UsernamePasswordAuthenticationFilter.class)
                .addFilterBefore(new BearerFilter(tokens, problems), UsernamePasswordAuthenticationFilter.class)
                .requestCache(cache -> cache.disable())
                .exceptionHandling(errors -> errors
                        .authenticationEntryPoint((request, response, e) -> unauthenticated(problems, request, response))
                        .accessDeniedHandler((request, response, e) -> forbidden(problems, request, response)));
        headers(http);
        return http.build();
    }

    @Bean
    @Order(3)
    SecurityFilterChain pages(HttpSecurity http, LoginThrottle throttle, Sessions sessions, OidcLogin oidc) throws Exception {
        RequestMatcher partial = request -> "true".equals(request.getHeader("HX-Request"));
        http.authorizeHttpRequests(requests -> requests
                        .dispatcherTypeMatchers(DispatcherType.ASYNC, DispatcherType.ERROR, DispatcherType.FORWARD).permitAll()
                        .requestMatchers("/assets/**", "/favicon.ico", "/error", "/login").permitAll()
                        .anyRequest().hasRole("VIEWER"))
                .formLogin(login -> login.loginPage("/login").failureUrl("/login?error").permitAll())
                .logout(logout -> logout.logoutSuccessUrl("/login?logout"))
                .addFilterBefore(sessions.filter(), CsrfFilter.class)
                .addFilterBefore(new LoginThrottleFilter(throttle), UsernamePasswordAuthenticationFilter.class)
                .requestCache(cache -> cache.requestCache(onlyPages()))
                // a part of a page is no place for the login page: the script shows that the session has ended
                .exceptionHandling(errors -> errors
                        .defaultAuthenticationEntryPointFor(new HttpStatusEntryPoint(HttpStatus.UNAUTHORIZED), partial)
                        .accessDeniedHandler(SecurityChains::refused));
        oidc.configure(http);
        headers(http);
        return http.build();
    }

    /** A form without its CSRF token, from somebody who is not logged in: the session has ended, and the way on is the login. */
    private static void refused(HttpServletRequest request, HttpServletResponse response, AccessDeniedException e)
            throws IOException, ServletException {
        Authentication who = SecurityContextHolder.getContext().getAuthentication();
        if (e instanceof CsrfException && (who == null || who instanceof AnonymousAuthenticationToken)) {
            response.sendRedirect(request.getContextPath() + "/login?ended");
        } else {
            new AccessDeniedHandlerImpl().handle(request, response, e);
        }
    }

    /** After a login people come back to the page that they wanted, not to a stream or a part of a page. */
    private static org.springframework.security.web.savedrequest.HttpSessionRequestCache onlyPages() {
        var cache = new org.springframework.security.web.savedrequest.HttpSessionRequestCache();
        cache.setRequestMatcher(request -> request.getMethod().equals("GET")
                && String.valueOf(request.getHeader(HttpHeaders.ACCEPT)).contains("text/html")
                && request.getHeader("HX-Request") == null);
        return cache;
    }

    private static void headers(HttpSecurity http) throws Exception {
        http.headers(headers -> headers
                .contentSecurityPolicy(policy -> policy.policyDirectives(ONLY_THIS_HOST))
                .frameOptions(frame -> frame.deny())
                .referrerPolicy(policy -> policy.policy(ReferrerPolicyHeaderWriter.ReferrerPolicy.SAME_ORIGIN))
                .permissionsPolicyHeader(policy -> policy.policy("camera=(), geolocation=(), microphone=(), payment=()")));
    }

    /**
     * A browser sends the session's cookie by itself, also for a form on a foreign page; a token it does not. Who has neither is asked to log
     * in, not for a CSRF token.
     */
    private static boolean changesSomethingBySession(HttpServletRequest request) {
        return CsrfFilter.DEFAULT_CSRF_MATCHER.matches(request)
                && !BearerFilter.isBearer(request)
                && SecurityContextHolder.getContext().getAuthentication() != null;
    }

    private static boolean mayReadMetrics(Authentication authentication) {
        if (authentication == null || !authentication.isAuthenticated()) {
            return false;
        }
        boolean token = authentication.getName().startsWith("token:");
        return authentication.getAuthorities().stream()
                .map(a -> String.valueOf(a.getAuthority()))
                .anyMatch(a -> a.equals(Role.ADMIN.authority())
                        || (token && (a.equals(Role.VIEWER.authority()) || a.equals(Role.AUTHOR.authority()) || a.equals(Role.OPERATOR.authority()))));
    }

    private static void unauthenticated(Problems problems, HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.setHeader(HttpHeaders.WWW_AUTHENTICATE, "Bearer");
        problems.write(
                request,
                response,
                new LoomProblem(
                        ProblemCode.UNAUTHENTICATED,
                        "This needs a token, or a session.",
                        "Send Authorization: Bearer TOKEN; administrators make tokens at /access or POST /api/v1/tokens."));
    }

    private static void forbidden(Problems problems, HttpServletRequest request, HttpServletResponse response) throws IOException {
        Authentication authentication = SecurityContextHolder.getContext().getAuthentication();
        String who = authentication == null ? "Nobody" : authentication.getName();
        problems.write(
                request,
                response,
                new LoomProblem(ProblemCode.FORBIDDEN, who + " may not do this.", "An administrator can give you the role that it needs."));
    }

    private static void csrf(Problems problems, HttpServletRequest request, HttpServletResponse response) throws IOException {
        problems.write(
                request,
                response,
                new LoomProblem(
                        ProblemCode.CSRF, "The request lacks its CSRF token, or the session has ended.", "Load the page again; scripts use a bearer token."));
    }
}
