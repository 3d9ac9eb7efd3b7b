package dev.loom.console.support;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import tools.jackson.databind.json.JsonMapper;

/**
 * An OpenID provider on 127.0.0.1, for the authorization code flow: it signs with a real key, takes a code once, and only with the verifier, the
 * client and the address that the code was asked for with. It can be made to lie in its ID tokens.
 */
public final class TestProvider implements AutoCloseable {

    public static final String CLIENT = "loom";
    private static final String SECRET = "secret-of-the-client";
    private static final JsonMapper JSON = new JsonMapper();

    private final HttpServer server;
    private final RSAKey key;
    private final RSAKey strange;
    private final Map<String, Asked> codes = new ConcurrentHashMap<>();
    private final Map<String, String> subjects = new ConcurrentHashMap<>();

    private volatile Map<String, Object> person = Map.of("sub", "nobody");
    private volatile Consumer<JWTClaimsSet.Builder> lie = claims -> {};
    private volatile Signed signed = Signed.RIGHT;

    /** How an ID token is signed. */
    public enum Signed { RIGHT, BY_ANOTHER_KEY, NOT_AT_ALL }

    /** What a code was asked for with. */
    private record Asked(String challenge, String nonce, String redirectUri, Map<String, Object> person) {}

    public TestProvider() throws IOException, JOSEException {
        key = new RSAKeyGenerator(2048).keyID("one").generate();
        strange = new RSAKeyGenerator(2048).keyID("one").generate();
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
        server.setExecutor(Executors.newFixedThreadPool(4));
        server.createContext("/.well-known/openid-configuration", exchange -> json(exchange, 200, description()));
        server.createContext("/jwks", exchange -> json(exchange, 200, new JWKSet(key.toPublicJWK()).toJSONObject()));
        server.createContext("/authorize", this::authorize);
        server.createContext("/token", this::token);
        server.createContext("/userinfo", this::userinfo);
        server.start();
    }

    public String issuer() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** What a console is started with to use it, under the id {@code test}. */
    public String[] options(String... more) {
        String client = "--spring.security.oauth2.client.";
        String[] options = new String[more.length + 4];
        options[0] = client + "registration.test.client-id=" + CLIENT;
        options[1] = client + "registration.test.client-secret=" + SECRET;
        options[2] = client + "registration.test.scope=openid,profile";
        options[3] = client + "provider.test.issuer-uri=" + issuer();
        System.arraycopy(more, 0, options, 4, more.length);
        return options;
    }

    /** Who logs in next, with claims as pairs. */
    public void person(String subject, Object... claims) {
        Map<String, Object> next = new LinkedHashMap<>(Map.of("sub", subject));
        for (int i = 0; i < claims.length; i += 2) {
            next.put((String) claims[i], claims[i + 1]);
        }
        person = next;
        lie(Signed.RIGHT, token -> {});
    }

    /** What is wrong with the next ID tokens. */
    public void lie(Signed how, Consumer<JWTClaimsSet.Builder> change) {
        signed = how;
        lie = change;
    }

    private Map<String, Object> description() {
        Map<String, Object> all = new HashMap<>();
        all.put("issuer", issuer());
        for (String name : new String[] {"authorization", "token", "userinfo"}) {
            all.put(name + "_endpoint", issuer() + "/" + (name.equals("authorization") ? "authorize" : name));
        }
        all.put("jwks_uri", issuer() + "/jwks");
        all.put("response_types_supported", new String[] {"code"});
        all.put("subject_types_supported", new String[] {"public"});
        all.put("id_token_signing_alg_values_supported", new String[] {"RS256"});
        return all;
    }

    private void authorize(HttpExchange exchange) throws IOException {
        Map<String, String> asked = form(exchange.getRequestURI().getRawQuery());
        boolean right = "code".equals(asked.get("response_type")) && CLIENT.equals(asked.get("client_id")) && "S256".equals(asked.get("code_challenge_method"))
                && asked.containsKey("state") && asked.containsKey("nonce") && asked.getOrDefault("scope", "").contains("openid");
        if (!right) {
            json(exchange, 400, Map.of("error", "invalid_request", "asked", asked));
            return;
        }
        String code = UUID.randomUUID().toString();
        codes.put(code, new Asked(asked.get("code_challenge"), asked.get("nonce"), asked.get("redirect_uri"), person));
        exchange.getResponseHeaders().set("Location", asked.get("redirect_uri") + "?code=" + code + "&state="
                + URLEncoder.encode(asked.get("state"), StandardCharsets.UTF_8));
        exchange.sendResponseHeaders(302, -1);
        exchange.close();
    }

    private void token(HttpExchange exchange) throws IOException {
        Map<String, String> sent = form(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
        String basic = "Basic " + Base64.getEncoder().encodeToString((CLIENT + ":" + SECRET).getBytes(StandardCharsets.UTF_8));
        Asked asked = codes.remove(sent.getOrDefault("code", ""));
        if (asked == null || !basic.equals(exchange.getRequestHeaders().getFirst("Authorization"))
                || !asked.redirectUri().equals(sent.get("redirect_uri")) || !asked.challenge().equals(challenge(sent.getOrDefault("code_verifier", "")))) {
            json(exchange, 400, Map.of("error", "invalid_grant"));
            return;
        }
        String access = UUID.randomUUID().toString();
        subjects.put(access, String.valueOf(asked.person().get("sub")));
        json(exchange, 200, Map.of(
                "access_token", access, "token_type", "Bearer", "expires_in", 60, "scope", "openid profile", "id_token", idToken(asked)));
    }

    private String idToken(Asked asked) {
        Instant now = Instant.now();
        JWTClaimsSet.Builder claims = new JWTClaimsSet.Builder()
                .issuer(issuer())
                .audience(CLIENT)
                .issueTime(Date.from(now))
                .expirationTime(Date.from(now.plusSeconds(120)))
                .claim("nonce", asked.nonce());
        asked.person().forEach(claims::claim);
        lie.accept(claims);
        try {
            if (signed == Signed.NOT_AT_ALL) {
                return new PlainJWT(claims.build()).serialize();
            }
            SignedJWT token = new SignedJWT(new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("one").build(), claims.build());
            token.sign(new RSASSASigner(signed == Signed.RIGHT ? key : strange));
            return token.serialize();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    private void userinfo(HttpExchange exchange) throws IOException {
        String sent = String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")).replaceFirst("^Bearer ", "");
        String subject = subjects.get(sent);
        json(exchange, subject == null ? 401 : 200, subject == null ? Map.of("error", "invalid_token") : Map.of("sub", subject));
    }

    private static String challenge(String verifier) {
        try {
            return Base64.getUrlEncoder().withoutPadding()
                    .encodeToString(MessageDigest.getInstance("SHA-256").digest(verifier.getBytes(StandardCharsets.US_ASCII)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Map<String, String> form(String text) {
        Map<String, String> members = new HashMap<>();
        for (String pair : text.split("&")) {
            int at = pair.indexOf('=');
            if (at > 0) {
                members.put(pair.substring(0, at), URLDecoder.decode(pair.substring(at + 1), StandardCharsets.UTF_8));
            }
        }
        return members;
    }

    private static void json(HttpExchange exchange, int status, Object body) throws IOException {
        byte[] bytes = JSON.writeValueAsBytes(body);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    /** Logs a session in, as a browser goes; returns where it ends. */
    public String login(WebSession session) throws Exception {
        return session.location(callback(session));
    }

    /** As far as the provider sends a browser back: path and query at the console. */
    public String callback(WebSession session) throws Exception {
        String there = session.location("/oauth2/authorization/test");
        if (!there.startsWith(issuer() + "/authorize?")) {
            throw new AssertionError("sent to " + there + " instead of the provider");
        }
        URI back = URI.create(new WebSession("").location(there));
        return back.getRawPath() + "?" + back.getRawQuery();
    }

    @Override
    public void close() {
        server.stop(0);
        ((java.util.concurrent.ExecutorService) server.getExecutor()).shutdown();
    }
}
