package dev.loom.console.web;

import dev.loom.console.rest.RequestWithBody;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A request with its body in memory; the fields of a form are parameters as usual. */
final class ReadRequest extends RequestWithBody {

    private static final int MOST_FIELDS = 2_000;

    private volatile boolean asIfNew;
    private @Nullable Map<String, String[]> parameters;

    /** @param asIfNew whether it passes the filters as a request that has just come, until {@link #pass} */
    ReadRequest(HttpServletRequest request, byte[] body, boolean asIfNew) {
        super(request, body);
        this.asIfNew = asIfNew;
    }

    @Override
    public DispatcherType getDispatcherType() {
        return asIfNew ? DispatcherType.REQUEST : super.getDispatcherType();
    }

    /** It has been through: what follows are dispatches of its own making. */
    void pass() {
        asIfNew = false;
    }

    @Override
    public Map<String, String[]> getParameterMap() {
        Map<String, String[]> known = parameters;
        if (known == null) {
            known = Collections.unmodifiableMap(read());
            parameters = known;
        }
        return known;
    }

    private Map<String, String[]> read() {
        Map<String, String[]> all = new LinkedHashMap<>(super.getParameterMap());
        String contentType = getContentType();
        if (contentType == null || !contentType.toLowerCase(java.util.Locale.ROOT).startsWith("application/x-www-form-urlencoded")) {
            return all;
        }
        Map<String, List<String>> fields = new LinkedHashMap<>();
        int count = 0;
        for (String field : new String(body(), StandardCharsets.UTF_8).split("&")) {
            int equals = field.indexOf('=');
            if (!field.isEmpty() && ++count <= MOST_FIELDS) {
                fields.computeIfAbsent(decoded(equals < 0 ? field : field.substring(0, equals)), name -> new ArrayList<>())
                        .add(equals < 0 ? "" : decoded(field.substring(equals + 1)));
            }
        }
        fields.forEach((name, values) -> {
            List<String> both = new ArrayList<>(all.containsKey(name) ? List.of(all.get(name)) : List.of());
            both.addAll(values);
            all.put(name, both.toArray(String[]::new));
        });
        return all;
    }

    private static String decoded(String encoded) {
        try {
            return URLDecoder.decode(encoded, StandardCharsets.UTF_8).replace("\0", "");
        } catch (IllegalArgumentException e) {
            return encoded;
        }
    }

    @Override
    public @Nullable String getParameter(String name) {
        String[] values = getParameterMap().get(name);
        return values == null || values.length == 0 ? null : values[0];
    }

    @Override
    public Enumeration<String> getParameterNames() {
        return Collections.enumeration(getParameterMap().keySet());
    }

    @Override
    public String @Nullable [] getParameterValues(String name) {
        return getParameterMap().get(name);
    }
}
