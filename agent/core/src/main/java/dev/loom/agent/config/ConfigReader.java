package dev.loom.agent.config;

import dev.loom.agent.config.LogOptions.Level;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Turns the three places of options into one checked {@link AgentConfig}. */
final class ConfigReader {

    /** All options, in the order in which the documentation lists them. */
    static final List<String> OPTIONS = List.of(
            "include", "exclude", "filters", "state", "cache", "prepare", "name", "labels", "console", "token", "token-file", "console.insecure", "jmx.port",
            "jmx.host", "jmx.config", "jmx.open", "log");

    /** Said by the control tool for itself: which agent jar to start. The launcher reads it; here it is only not a mistake. */
    private static final String AGENT_JAR = "agent-jar";

    private final AgentConfig.Lookup properties;
    private final AgentConfig.Lookup environment;
    private final Map<String, String> argument;

    ConfigReader(@Nullable String argument, AgentConfig.Lookup properties, AgentConfig.Lookup environment) {
        this.properties = properties;
        this.environment = environment;
        this.argument = split(argument == null ? "" : argument);
    }

    AgentConfig read() {
        ConsoleOptions console = console();
        return new AgentConfig(
                patterns("include"),
                patterns("exclude"),
                existing("filters"),
                state(console),
                path("cache"),
                prepare(),
                name(),
                labels(),
                console,
                jmx(console),
                log());
    }

    private static Map<String, String> split(String argument) {
        Map<String, String> options = new LinkedHashMap<>();
        for (String part : argument.split(",")) {
            if (part.isBlank()) {
                continue;
            }
            int equals = part.indexOf('=');
            String key = (equals < 0 ? part : part.substring(0, equals)).strip();
            if (!OPTIONS.contains(key) && !key.equals(AGENT_JAR)) {
                throw new ConfigException("unknown option '" + key + "'" + nearest(key) + "; allowed are "
                        + String.join(", ", OPTIONS) + " (several values of one option are separated by ';')");
            }
            if (equals < 0) {
                throw new ConfigException("option '" + key + "' has no value; write " + key + "=VALUE");
            }
            if (options.put(key, part.substring(equals + 1).strip()) != null) {
                throw new ConfigException("option '" + key + "' is given twice");
            }
        }
        return options;
    }

    private static String nearest(String key) {
        return OPTIONS.stream()
                .filter(option -> distance(option, key.toLowerCase(Locale.ROOT)) <= 2)
                .findFirst()
                .map(option -> " (did you mean " + option + "?)")
                .orElse("");
    }

    /** Edit distance (Levenshtein). */
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        Arrays.setAll(row, i -> i);
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int change = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(change, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }

    /** The value of an option from the first place that has it; null if none has, or it is empty. */
    private @Nullable String value(String option) {
        String value = argument.get(option);
        if (value == null) {
            value = properties.get("loom." + option);
        }
        if (value == null) {
            value = environment.get("LOOM_" + option.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_'));
        }
        return value == null || value.isBlank() ? null : value.strip();
    }

    private ClassPatterns patterns(String option) {
        String value = value(option);
        return value == null ? ClassPatterns.NONE : ClassPatterns.parse(option, value);
    }

    private @Nullable Path path(String option) {
        String value = value(option);
        try {
            return value == null ? null : Path.of(value);
        } catch (InvalidPathException e) {
            throw new ConfigException(option + ": '" + value + "' is not a path: " + e.getReason());
        }
    }

    private @Nullable Path existing(String option) {
        Path path = path(option);
        if (path != null && !Files.isReadable(path)) {
            throw new ConfigException(option + ": " + path.toAbsolutePath() + " does not exist or cannot be read");
        }
        return path;
    }

    /**
     * With a console and a name of its own, a JVM is the same one when it is started again; a pid in the name makes it another.
     */
    private @Nullable Path state(@Nullable ConsoleOptions console) {
        String value = value("state");
        if (value != null) {
            return value.equals("off") ? null : path("state");
        }
        String name = value("name");
        String user = properties.get("user.home");
        String home = properties.get("loom.home") == null && user != null ? user + "/.loom" : properties.get("loom.home");
        if (console == null || name == null || home == null || home.isBlank()) {
            return null;
        }
        return Path.of(home, URLEncoder.encode(name, StandardCharsets.UTF_8).replace("*", "%2A").replace(".", "%2E"));
    }

    private PrepareOption prepare() {
        String value = value("prepare");
        return switch (value == null ? "later" : value.toLowerCase(Locale.ROOT)) {
            case "start" -> PrepareOption.START;
            case "later" -> PrepareOption.LATER;
            case "needed" -> PrepareOption.NEEDED;
            default -> throw new ConfigException("prepare: '" + value + "' is none of start, later, needed");
        };
    }

    private String name() {
        String name = value("name");
        if (name == null) {
            return defaultName();
        }
        if (name.length() > 200) {
            throw new ConfigException("name: at most 200 characters");
        }
        return name;
    }

    /** Main class (or jar) and pid. */
    private String defaultName() {
        String command = properties.get("sun.java.command");
        String main = command == null || command.isBlank() ? "java" : firstWord(command.strip());
        if (main.endsWith(".jar")) {
            main = main.substring(Math.max(main.lastIndexOf('/'), main.lastIndexOf('\\')) + 1);
        }
        return main.substring(main.indexOf('/') + 1) + AgentConfig.WITH_PID;
    }

    private static String firstWord(String text) {
        int end = 0;
        while (end < text.length() && !Character.isWhitespace(text.charAt(end))) {
            end++;
        }
        return text.substring(0, end);
    }

    private Map<String, String> labels() {
        Map<String, String> labels = new TreeMap<>();
        String value = value("labels");
        if (value != null) {
            for (String part : value.split(";")) {
                if (part.isBlank()) {
                    continue;
                }
                int colon = part.indexOf(':');
                if (colon <= 0 || part.substring(0, colon).isBlank()) {
                    throw new ConfigException("labels: '" + part.strip() + "' is not KEY:VALUE; write labels=env:prod;app:shop");
                }
                labels.put(part.substring(0, colon).strip(), part.substring(colon + 1).strip());
            }
        }
        return labels;
    }

    private @Nullable ConsoleOptions console() {
        String url = value("console");
        Path file = path("token-file");
        String token = value("token");
        if (token != null && file != null) {
            throw new ConfigException("token and token-file are both given; one is enough");
        }
        if (url == null) {
            if (token != null || file != null) {
                throw new ConfigException((token != null ? "token" : "token-file") + " is given without console=URL");
            }
            return null;
        }
        if (file != null) {
            try {
                token = Files.readString(file).strip();
            } catch (IOException e) {
                throw new ConfigException("token-file: " + file.toAbsolutePath() + " cannot be read");
            }
            if (token.isEmpty()) {
                throw new ConfigException("token-file: " + file.toAbsolutePath() + " is empty");
            }
        }
        return new ConsoleOptions(consoleUrl(url), token == null ? "" : token, Boolean.TRUE.equals(flag("console.insecure")));
    }

    private static URI consoleUrl(String text) {
        try {
            URI url = new URI(text.replaceAll("/+$", ""));
            boolean web = "http".equalsIgnoreCase(url.getScheme()) || "https".equalsIgnoreCase(url.getScheme());
            if (web && url.getHost() != null && url.getQuery() == null && url.getUserInfo() == null) {
                return url;
            }
        } catch (URISyntaxException e) {
            // said below
        }
        throw new ConfigException("console: '" + text + "' is not a base URL; write console=https://loom.acme.com:8080");
    }

    private @Nullable JmxOptions jmx(@Nullable ConsoleOptions console) {
        String port = value("jmx.port");
        String host = value("jmx.host");
        Path config = existing("jmx.config");
        Boolean open = flag("jmx.open");
        if (port == null && console == null) {
            String without = host != null ? "jmx.host" : config != null ? "jmx.config" : open != null ? "jmx.open" : null;
            if (without != null) {
                throw new ConfigException(without + " is given without jmx.port");
            }
            return null;
        }
        String address = host == null ? "127.0.0.1" : host;
        boolean loopback = isLoopback(address);
        if (Boolean.TRUE.equals(open) && !loopback) {
            throw new ConfigException("jmx.open=true is allowed on loopback only, not on " + address);
        }
        return new JmxOptions(port == null ? 0 : port(port), address, host != null, config, Boolean.TRUE.equals(open));
    }

    private static boolean isLoopback(String host) {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            throw new ConfigException("jmx.host: '" + host + "' is not an address of this machine (unknown host)");
        }
    }

    private static int port(String text) {
        try {
            int port = Integer.parseInt(text);
            if (port >= 0 && port <= 65_535) {
                return port;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw new ConfigException("jmx.port: '" + text + "' is not a port; write a number from 1 to 65535, or 0 for a free one");
    }

    private @Nullable Boolean flag(String option) {
        String value = value(option);
        if (value == null) {
            return null;
        }
        return switch (value.toLowerCase(Locale.ROOT)) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new ConfigException(option + ": '" + value + "' is neither true nor false");
        };
    }

    private LogOptions log() {
        String value = value("log");
        if (value == null) {
            return LogOptions.DEFAULT;
        }
        Level level = Level.WARN;
        int colon = value.lastIndexOf(':');
        if (colon >= 0) {
            String word = value.substring(colon + 1);
            // a colon may also belong to the file's name, as in C:\logs\loom.log
            if (word.matches("[A-Za-z]+")) {
                level = level(word);
                value = value.substring(0, colon);
            }
        }
        if (value.isEmpty() || value.equals("stderr")) {
            return new LogOptions(null, level);
        }
        try {
            return new LogOptions(Path.of(value), level);
        } catch (InvalidPathException e) {
            throw new ConfigException("log: '" + value + "' is not a path: " + e.getReason());
        }
    }

    private static Level level(String word) {
        return switch (word.toLowerCase(Locale.ROOT)) {
            case "error" -> Level.ERROR;
            case "warn", "warning" -> Level.WARN;
            case "info" -> Level.INFO;
            case "debug" -> Level.DEBUG;
            default -> throw new ConfigException("log: '" + word + "' is not a level; allowed are error, warn, info, debug");
        };
    }
}
