package dev.loom.console.security;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loom.console.support.ConsoleUnderTest;
import dev.loom.console.support.Filters;
import dev.loom.console.support.Rest;
import dev.loom.console.support.WebSession;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/**
 * Every route that there is, by everybody there can be. The routes come from the console itself; who may take which is written here. A new
 * route without a rule fails, and so does a rule without a route.
 */
class RoutesTest {

    /** The least that a route takes: nobody, any reader, or a role. */
    private enum Least { OPEN, VIEWER, AUTHOR, OPERATOR, ADMIN, ENROL }

    private static final Map<String, Least> RULES = new LinkedHashMap<>();

    private static void rule(Least least, String... routes) {
        for (String route : routes) {
            RULES.put(route, least);
        }
    }

    static {
        rule(Least.OPEN, "GET /login", "GET /agent/loom-agent.jar", "GET /agent/loom-agent.jar.sha256", "GET /v3/api-docs", "GET /v3/api-docs.yaml",
                "ANY /error");
        rule(Least.VIEWER, "GET /", "GET /overview/now", "GET /live", "GET /targets", "GET /targets/{id:\\d+}", "GET /targets/{id:\\d+}/now",
                "GET /filters", "GET /filters/{name}", "GET /filters/{name}/diff", "GET /filters/{name}/versions/{version:\\d+}",
                "GET /filters/{name}/versions/{version:\\d+}/text", "GET /deployments", "GET /deployments/{id:\\d+}",
                "GET /help/{code}", "GET /find", "GET /targets/{id:\\d+}/find", "GET /targets/{id:\\d+}/find/now", "GET /targets/{id:\\d+}/threads", "GET /targets/{id:\\d+}/threads/text", "GET /api/v1/targets/{id}/threads", "GET /targets/{id:\\d+}/source", "GET /targets/{id:\\d+}/source/now", "GET /targets/{id:\\d+}/source/filter",
                "GET /api/v1/targets/{id}/classes/{name}", "GET /palette", "GET /matrix", "GET /api/v1/matrix", "GET /api/v1/drift", "GET /deployments/{id:\\d+}/journal", "GET /deployments/{id:\\d+}/now", "GET /deployments/{id:\\d+}/series",
                "GET /deployments/{id:\\d+}/targets/{target:\\d+}/interleavings", "GET /api/v1/targets/{id}/filters/{name}/interleavings", "GET /events",
                "GET /api/v1/filters", "GET /api/v1/filters/{name}", "GET /api/v1/filters/{name}/versions",
                "GET /api/v1/filters/{name}/versions/{version}", "POST /api/v1/filters/check", "POST /filter-check", "POST /filter-check-page", "GET /api/v1/targets", "GET /api/v1/targets/{id}",
                "GET /api/v1/targets/{id}/names", "GET /api/v1/targets/{id}/filters", "GET /api/v1/targets/{id}/filters/{name}",
                "GET /api/v1/targets/{id}/filters/{name}/history", "GET /api/v1/targets/{id}/history", "GET /api/v1/deployments", "GET /api/v1/deployments/preview",
                "GET /api/v1/targets/{id}/findings", "GET /api/v1/deployments/{id}", "GET /api/v1/events", "GET /api/v1/audit", "GET /api/v1/audit/export");
        rule(Least.AUTHOR, "GET /filter-new", "POST /filter-new", "POST /filters/{name}",
                "POST /filters/{name}/delete", "POST /api/v1/filters", "PUT /api/v1/filters/{name}", "DELETE /api/v1/filters/{name}",
                "POST /api/v1/filters/names", "POST /api/v1/filters/format", "POST /api/v1/filters/pin");
        rule(Least.OPERATOR, "GET /targets/new", "POST /targets", "GET /targets/local", "POST /targets/local/{pid:\\d+}/attach",
                "POST /targets/{id:\\d+}/retry", "POST /targets/{id:\\d+}/counter", "POST /targets/{id:\\d+}/change", "PATCH /api/v1/targets/{id}", "POST /targets/{id:\\d+}/delete",
                "POST /targets/{id:\\d+}/filters/{name}/{act:adopt|remove|reapply}", "GET /deployments/new", "GET /deployments/new/versions", "POST /deployments",
                "POST /deployments/{id:\\d+}/{act:disable|pause|resume|abort|promote|observe|approve}",
                "POST /deployments/{id:\\d+}/targets/{target:\\d+}/accept", "POST /deployments/{id:\\d+}/targets/{target:\\d+}/cancel",
                "POST /api/v1/targets/{id}/find", "DELETE /api/v1/targets/{id}/find", "POST /api/v1/targets/{id}/suggest",
                "POST /targets/{id:\\d+}/find", "POST /targets/{id:\\d+}/find/stop", "POST /targets/{id:\\d+}/find/suggest", "POST /targets/{id:\\d+}/threads/suggest", "POST /targets/{id:\\d+}/find/check", "POST /targets/{id:\\d+}/source/check",
                "DELETE /api/v1/targets/{id}", "POST /api/v1/targets/{id}/retry", "PUT /api/v1/targets/{id}/app-bean",
                "GET /api/v1/targets/local", "POST /api/v1/targets/local/{pid}/attach", "POST /api/v1/deployments", "POST /api/v1/deployments/{id}/approve", "POST /api/v1/deployments/dry-run", "POST /api/v1/deployments/update", "POST /deployments/dry-run", "POST /filters/{name}/update",
                "DELETE /api/v1/deployments/{id}", "POST /api/v1/deployments/{id}/pause", "POST /api/v1/deployments/{id}/observe", "POST /api/v1/deployments/{id}/resume",
                "POST /api/v1/deployments/{id}/abort", "POST /api/v1/deployments/{id}/promote",
                "POST /api/v1/targets/{id}/filters/{name}/accept", "POST /api/v1/targets/{id}/filters/{name}/cancel",
                "POST /api/v1/targets/{id}/filters/{name}/reapply", "POST /api/v1/targets/{id}/filters/{name}/adopt", "DELETE /api/v1/targets/{id}/filters/{name}");
        rule(Least.ENROL, "POST /api/v1/targets");
        // stores a filter and enables it: an author and an operator in one
        rule(Least.ADMIN, "POST /targets/{id:\\d+}/find/observe", "POST /targets/{id:\\d+}/source/observe");
        rule(Least.ADMIN, "GET /audit", "GET /access", "GET /api/v1/backup", "POST /access/accounts", "POST /access/accounts/{name}/role",
                "POST /access/accounts/{name}/password", "POST /access/accounts/{name}/scope", "POST /access/accounts/{name}/{act:lock|unlock}", "POST /access/accounts/{name}/delete",
                "POST /access/tokens", "POST /access/tokens/{id:\\d+}/revoke", "GET /api/v1/tokens", "POST /api/v1/tokens",
                "DELETE /api/v1/tokens/{id}", "GET /api/v1/accounts", "POST /api/v1/accounts", "PUT /api/v1/accounts/{username}",
                "DELETE /api/v1/accounts/{username}", "GET /notifiers", "POST /notifiers", "POST /notifiers/{id:\\d+}/{act:test|pause|resume|secret|delete}",
                "GET /api/v1/notifiers", "POST /api/v1/notifiers", "GET /api/v1/notifiers/{id}", "PUT /api/v1/notifiers/{id}", "DELETE /api/v1/notifiers/{id}",
                "POST /api/v1/notifiers/{id}/secret", "POST /api/v1/notifiers/{id}/test");
    }

    private static final List<String> ROLES = List.of("viewer", "author", "operator", "admin", "agent");

    private final ConsoleUnderTest console = ConsoleUnderTest.shared();
    private final Rest admin = console.rest();

    /** The routes of all controllers, as METHOD and pattern. */
    private TreeSet<String> routes() {
        TreeSet<String> routes = new TreeSet<>();
        for (RequestMappingInfo info :
                console.context().getBean("requestMappingHandlerMapping", RequestMappingHandlerMapping.class).getHandlerMethods().keySet()) {
            for (String path : info.getPatternValues()) {
                for (RequestMethod method : info.getMethodsCondition().getMethods()) {
                    routes.add(method + " " + path);
                }
                if (info.getMethodsCondition().getMethods().isEmpty()) {
                    routes.add("ANY " + path);
                }
            }
        }
        return routes;
    }

    private static boolean may(String role, Least least) {
        return switch (least) {
            case OPEN -> true;
            case VIEWER -> !role.equals("agent");
            case AUTHOR -> role.equals("author") || role.equals("admin");
            case OPERATOR -> role.equals("operator") || role.equals("admin");
            case ADMIN -> role.equals("admin");
            case ENROL -> role.equals("operator") || role.equals("admin") || role.equals("agent");
        };
    }

    /** A request that does no harm whoever sends it: to something that is not there. */
    private static String path(String route) {
        return route.substring(route.indexOf(' ') + 1)
                .replaceAll("\\{act:(\\w+)[^}]*}", "$1")
                .replaceAll("\\{(?:id|pid|target|version)[^}]*}", "987654321")
                .replaceAll("\\{(?:name|username|code)[^}]*}", "no-such-thing");
    }

    @Test
    void everyRouteHasARuleAndEveryRuleARoute() {
        assertThat(RULES.keySet()).as("routes with a rule: a new route needs one here, with who may take it")
                .containsExactlyInAnyOrderElementsOf(routes());
    }

    @Test
    void everyRouteAnswersEachTokenAsItsRuleSays() {
        List<String> wrong = new ArrayList<>();
        Map<String, String> valid = new LinkedHashMap<>();
        Map<String, String> invalid = new LinkedHashMap<>();
        invalid.put("none", null);
        invalid.put("unknown", "loom_unknown");
        for (String role : ROLES) {
            valid.put(role, secret(role, false, false));
            invalid.put("revoked " + role, secret(role, true, false));
            invalid.put("expired " + role, secret(role, false, true));
        }
        RULES.forEach((route, least) -> {
            if (!isApi(route)) {
                return;
            }
            valid.forEach((role, secret) -> {
                int status = status(route, secret);
                boolean let = status != 401 && status != 403;
                if (let != may(role, least) || status >= 500 && status != 504) {
                    wrong.add(role + " " + route + ": " + status);
                }
            });
            invalid.forEach((who, secret) -> {
                int status = status(route, secret);
                boolean open = least == Least.OPEN && secret == null;
                if (open ? status >= 400 && status != 404 : status != 401) {
                    wrong.add(who + " " + route + ": " + status);
                }
            });
        });
        assertThat(wrong).as("wrong answers").isEmpty();
    }

    private static boolean isApi(String route) {
        return route.contains(" /api/") || route.contains(" /agent/") || route.contains(" /v3/");
    }

    private String secret(String role, boolean revoked, boolean expired) {
        var created = admin.postJson("/tokens", Map.of("name", Filters.name(role), "role", role)).expect(201).json();
        long id = created.path("token").path("id").asLong();
        if (revoked) {
            admin.delete("/tokens/" + id).expect(204);
        }
        if (expired) {
            console.bean(org.springframework.jdbc.core.simple.JdbcClient.class)
                    .sql("update api_token set expires_at = 1 where id = ?").param(id).update();
        }
        return created.path("secret").asString();
    }

    private int status(String route, String secret) {
        String method = route.substring(0, route.indexOf(' '));
        Rest rest = new Rest(console.url(), secret);
        boolean sends = method.equals("POST") || method.equals("PUT");
        return rest.send(method, path(route), sends ? "application/json" : null, sends ? (route.endsWith("/targets") ? "{\"pid\":1}" : "{}").getBytes() : null, "Accept", "*/*")
                .status();
    }

    @Test
    void everyPageAnswersEachSessionAsItsRuleSays() throws Exception {
        List<String> wrong = new ArrayList<>();
        for (String role : ROLES.subList(0, 4)) {
            for (String how : List.of("valid", "deleted", "disabled", "demoted")) {
                String name = Filters.name(role);
                admin.postJson("/accounts", Map.of("username", name, "password", "a-long-password", "role", role)).expect(201);
                WebSession session = new WebSession(console.url());
                session.login(name, "a-long-password");
                switch (how) {
                    case "deleted" -> admin.delete("/accounts/" + name).expect(204);
                    case "disabled" -> put(name, "{\"enabled\":false}");
                    case "demoted" -> put(name, "{\"role\":\"viewer\"}");
                    default -> {}
                }
                boolean out = how.equals("deleted") || how.equals("disabled");
                String now = how.equals("demoted") ? "viewer" : role;
                for (Map.Entry<String, Least> rule : RULES.entrySet()) {
                    String route = rule.getKey();
                    if (isApi(route) || route.startsWith("ANY") || route.endsWith("/live")) {
                        continue;
                    }
                    var answer = route.startsWith("GET")
                            ? session.send("GET", path(route), null, "Accept", "text/html")
                            : session.form(path(route), "text=x&base=1&name=x&role=NONE&username=x&password=short&version=1", "Accept", "text/html");
                    boolean toLogin = answer.statusCode() == 302 && answer.headers().firstValue("Location").orElse("").contains("/login");
                    boolean let = !toLogin && answer.statusCode() != 403 && answer.statusCode() != 401;
                    boolean wanted = rule.getValue() == Least.OPEN || !out && may(now, rule.getValue());
                    if (let != wanted || answer.statusCode() >= 500) {
                        wrong.add(role + ", " + how + ": " + route + ": " + answer.statusCode());
                    }
                }
                if (!how.equals("deleted")) {
                    admin.delete("/accounts/" + name);
                }
            }
        }
        assertThat(wrong).as("wrong answers").isEmpty();
    }

    private void put(String name, String json) {
        admin.send("PUT", "/accounts/" + name, "application/json", json.getBytes()).expect(200);
    }
}
