package dev.loom.console.session;

import jakarta.servlet.DispatcherType;
import java.util.EnumSet;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.session.web.http.CookieHttpSessionIdResolver;
import org.springframework.session.web.http.DefaultCookieSerializer;
import org.springframework.session.web.http.SessionRepositoryFilter;

/** Puts {@link StoredSessions} in the place of the servlet container's sessions. */
@Configuration(proxyBeanMethods = false)
class SessionConfig {

    /** Outside of whatever asks for a session: who sends a body is asked whether they have one. */
    static final int ORDER = Ordered.HIGHEST_PRECEDENCE + 20;

    @Bean
    FilterRegistrationBean<SessionRepositoryFilter<ConsoleSession>> sessionFilter(
            StoredSessions stored,
            @Value("${server.servlet.session.cookie.name}") String name,
            @Value("${server.servlet.session.cookie.same-site}") String sameSite,
            @Value("${server.servlet.session.cookie.secure:#{null}}") Boolean secure) {
        DefaultCookieSerializer cookies = new DefaultCookieSerializer();
        cookies.setCookieName(name);
        cookies.setSameSite(sameSite.substring(0, 1).toUpperCase(java.util.Locale.ROOT) + sameSite.substring(1));
        cookies.setUseHttpOnlyCookie(true);
        cookies.setUseBase64Encoding(false);
        if (secure != null) {
            cookies.setUseSecureCookie(secure); // else as the request is
        }
        CookieHttpSessionIdResolver ids = new CookieHttpSessionIdResolver();
        ids.setCookieSerializer(cookies);
        SessionRepositoryFilter<ConsoleSession> filter = new SessionRepositoryFilter<>(stored);
        filter.setHttpSessionIdResolver(ids);
        FilterRegistrationBean<SessionRepositoryFilter<ConsoleSession>> registration = new FilterRegistrationBean<>(filter);
        registration.setDispatcherTypes(EnumSet.of(DispatcherType.REQUEST, DispatcherType.ASYNC, DispatcherType.ERROR));
        registration.setOrder(ORDER);
        registration.setAsyncSupported(true);
        return registration;
    }
}
