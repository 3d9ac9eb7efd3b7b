package dev.loom.console.rest;

import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.media.ArraySchema;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.IntegerSchema;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.ObjectSchema;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.media.StringSchema;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.security.SecurityRequirement;
import io.swagger.v3.oas.models.security.SecurityScheme;
import io.swagger.v3.oas.models.servers.Server;
import java.util.List;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import tools.jackson.databind.json.JsonMapper;

/** The filters around the API, and what its description says of itself. */
@Configuration(proxyBeanMethods = false)
class RestConfig {

    @Bean
    FilterRegistrationBean<BodyLimit> bodyLimit(Problems problems) {
        FilterRegistrationBean<BodyLimit> registration = new FilterRegistrationBean<>(new BodyLimit(problems));
        registration.addUrlPatterns("/api/*");
        registration.setOrder(Ordered.HIGHEST_PRECEDENCE + 100);
        return registration;
    }

    @Bean
    FilterRegistrationBean<IdempotentPosts> idempotentPosts(IdempotentAnswers answers, Problems problems, JsonMapper json) {
        FilterRegistrationBean<IdempotentPosts> registration =
                new FilterRegistrationBean<>(new IdempotentPosts(answers, problems, json));
        registration.addUrlPatterns("/api/*");
        registration.setOrder(0); // behind the security chains: the key belongs to whoever sends it
        return registration;
    }

    @Bean
    FilterRegistrationBean<RateLimit> rateLimit(Problems problems, @Value("${loom.rest.requests-per-second:200}") double perSecond) {
        FilterRegistrationBean<RateLimit> registration = new FilterRegistrationBean<>(new RateLimit(problems, perSecond, System::nanoTime));
        registration.addUrlPatterns("/api/*");
        registration.setOrder(-1); // behind the security chains, before anything is done
        return registration;
    }

    /** Every operation may answer with a problem. */
    @Bean
    OpenApiCustomizer problemsEverywhere() {
        return api -> {
            Schema<?> remark = new ObjectSchema();
            for (String name : List.of("code", "severity", "file", "message", "hint")) {
                remark.addProperty(name, new StringSchema());
            }
            remark.addProperty("line", new IntegerSchema());
            remark.addProperty("column", new IntegerSchema());
            Schema<?> problem = new ObjectSchema();
            for (String name : List.of("type", "title", "detail", "instance", "code", "hint")) {
                problem.addProperty(name, new StringSchema());
            }
            problem.addProperty("status", new IntegerSchema());
            problem.addProperty("diagnostics", new ArraySchema().items(remark));
            api.getComponents().addSchemas("Problem", problem);
            Content content = new Content()
                    .addMediaType(
                            "application/problem+json",
                            new MediaType().schema(new Schema<>().$ref("#/components/schemas/Problem")));
            api.getPaths().values().stream()
                    .flatMap(path -> path.readOperations().stream())
                    .forEach(operation -> operation
                            .getResponses()
                            .addApiResponse("default", new ApiResponse().description("What went wrong").content(content)));
        };
    }

    @Bean
    OpenAPI openApi() {
        return new OpenAPI()
                .info(new Info()
                        .title("Loom console")
                        .version("v1")
                        .description("Stores filters, enables them in JVMs and shows what they do. Errors are problem details (RFC 9457) with"
                                + " code, hint and diagnostics. Lists take page (from 0) and size. A POST may carry an Idempotency-Key;"
                                + " an update of a filter carries If-Match with the version's ETag."))
                .servers(List.of(new Server().url("/")))
                .components(new Components()
                        .addSecuritySchemes("token", new SecurityScheme().type(SecurityScheme.Type.HTTP).scheme("bearer")))
                .addSecurityItem(new SecurityRequirement().addList("token"));
    }
}
