package dev.loom.console.web;

import dev.loom.console.rest.Problems;
import jakarta.servlet.DispatcherType;
import java.util.EnumSet;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;

/** Registers what stands before everything else. */
@Configuration(proxyBeanMethods = false)
class WebConfig {

    @Bean
    FilterRegistrationBean<Bodies> bodies(Problems problems) {
        FilterRegistrationBean<Bodies> registration = new FilterRegistrationBean<>(new Bodies(problems));
        registration.setDispatcherTypes(EnumSet.allOf(DispatcherType.class));
        registration.setOrder(Ordered.HIGHEST_PRECEDENCE + 30);
        registration.setAsyncSupported(true);
        return registration;
    }

    @Bean
    FilterRegistrationBean<DatabaseAway> databaseAway(Problems problems) {
        FilterRegistrationBean<DatabaseAway> registration = new FilterRegistrationBean<>(new DatabaseAway(problems));
        registration.setDispatcherTypes(EnumSet.allOf(DispatcherType.class));
        registration.setOrder(Ordered.HIGHEST_PRECEDENCE + 15); // outside of whatever asks the database, and that begins with the sessions
        registration.setAsyncSupported(true);
        return registration;
    }
}
