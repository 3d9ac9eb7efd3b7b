package dev.loom.benchmarks;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** A service of Spring Boot's that answers with JSON, asked over a socket. */
@Configuration
@EnableAutoConfiguration
@RestController
public class SpringWork {

    /** One of an order's items. */
    public record Item(int number, String name, List<String> tags) {}

    /** Answers with some items. */
    @GetMapping("/orders")
    public List<Item> orders(@RequestParam String of) {
        return IntStream.range(0, 30).mapToObj(i -> new Item(i, of + i, List.of("a", "b"))).toList();
    }

    static Workload start() throws Exception {
        SpringApplication application = new SpringApplication(SpringWork.class);
        application.setDefaultProperties(Map.of("server.address", "127.0.0.1", "server.port", "0", "server.tomcat.max-keep-alive-requests", "-1",
                "spring.main.banner-mode", "off", "logging.level.root", "warn"));
        var context = (ServletWebServerApplicationContext) application.run();
        return new HttpClientOf(context.getWebServer().getPort(), "/orders?of=someone");
    }
}
