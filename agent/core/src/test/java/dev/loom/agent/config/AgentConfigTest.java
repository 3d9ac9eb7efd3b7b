package dev.loom.agent.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.loom.agent.config.LogOptions.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AgentConfigTest {

    @TempDir
    Path directory;

    @Test
    void withoutOptionsEverythingHasItsDefault() {
        AgentConfig config = DefaultConfig.read();

        assertTrue(config.include().isEmpty());
        assertTrue(config.covers("com/acme/Bank"));
        assertNull(config.filters());
        assertNull(config.console());
        assertNull(config.jmx());
        assertEquals(Map.of(), config.labels());
        assertEquals(LogOptions.DEFAULT, config.log());
        assertEquals("java " + ProcessHandle.current().pid(), config.name());
    }

    @Test
    void theArgumentGoesBeforeThePropertyAndThePropertyBeforeTheVariable() {
        Map<String, String> properties = Map.of("loom.name", "property", "loom.labels", "from:property");
        Map<String, String> variables = Map.of("LOOM_NAME", "variable", "LOOM_LABELS", "from:variable", "LOOM_JMX_PORT", "7091");

        AgentConfig config = AgentConfig.read("name=argument", properties::get, variables::get);

        assertEquals("argument", config.name());
        assertEquals(Map.of("from", "property"), config.labels());
        assertEquals(7091, config.jmx().port());
    }

    @ParameterizedTest
    @CsvSource({
        "com.acme.Main --port 1,  com.acme.Main",
        "/opt/shop/shop.jar x,    shop.jar",
        "com.acme.app/com.acme.Main, com.acme.Main",
    })
    void theDefaultNameIsTheMainClassOrJarAndThePid(String command, String name) {
        Map<String, String> properties = Map.of("sun.java.command", command);

        assertEquals(name + " " + ProcessHandle.current().pid(), AgentConfig.read("", properties::get, key -> null).name());
    }

    @Test
    void includeAndExcludeDecideWhichClassesAreCovered() {
        AgentConfig config = read("include=com.acme.**;org.lib.Pool*,exclude=com.acme.gen.**");

        assertTrue(config.covers("com/acme/Bank"));
        assertTrue(config.covers("com/acme/deep/er/Bank$Worker"));
        assertTrue(config.covers("org/lib/PoolFactory"));
        assertTrue(config.covers("org/lib/Pool$Entry"));
        assertFalse(config.covers("org/lib/sub/Pool"));
        assertFalse(config.covers("com/acmeother/Bank"));
        assertFalse(config.covers("com/acme/gen/Stub"));
    }

    @ParameterizedTest
    @CsvSource({
        "com.acme.Bank,     com/acme/Bank,            true",
        "com.acme.Bank,     com/acme/Bank$Worker,     true",
        "com.acme.Bank,     com/acme/BankAccount,     false",
        "com.acme.*,        com/acme/Bank,            true",
        "com.acme.*,        com/acme/sub/Bank,        false",
        "**.Bank,           com/acme/Bank,            true",
        "**.internal.**,    com/acme/internal/x/Y,    true",
        "com.*.Bank,        com/acme/Bank,            true",
        "com.*.Bank,        com/acme/sub/Bank,        false",
    })
    void aPatternFitsWhatItSays(String pattern, String className, boolean fits) {
        assertEquals(fits, read("include=" + pattern).covers(className));
    }

    @Test
    void consoleTokenAndLabelsAreRead() throws Exception {
        Path file = Files.writeString(directory.resolve("token"), "loom_secret\n");

        AgentConfig config = read("console=https://loom.acme.com:8080/base/,token-file=" + file + ",labels=env:prod; app : shop ;");

        assertEquals("https://loom.acme.com:8080/base", config.console().url().toString());
        assertEquals("loom_secret", config.console().token());
        assertEquals(Map.of("env", "prod", "app", "shop"), config.labels());
        assertFalse(config.console().toString().contains("loom_secret"), "the token must not get into a log");
        assertEquals(0, config.jmx().port(), "an agent that registers opens a connector on a free port");
    }

    @ParameterizedTest
    @CsvSource({
        "/var/log/loom.log,        /var/log/loom.log, WARN",
        "/var/log/loom.log:debug,  /var/log/loom.log, DEBUG",
        "loom.log:INFO,            loom.log,          INFO",
        "C:\\logs\\loom.log:error, C:\\logs\\loom.log, ERROR",
    })
    void aLogIsAFileAndALevel(String option, String file, Level level) {
        assertEquals(new LogOptions(Path.of(file), level), read("log=" + option).log());
    }

    @Test
    void aLogMayStayOnStderrWithAnotherLevel() {
        assertEquals(new LogOptions(null, Level.DEBUG), read("log=stderr:debug").log());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "inclde=com.acme.**             | unknown option 'inclde' (did you mean include?)",
        "nonsense                       | unknown option 'nonsense'; allowed are include, exclude,",
        "name                           | option 'name' has no value; write name=VALUE",
        "name=a,name=b                  | option 'name' is given twice",
        "include=com/acme               | include: 'com/acme' is not a class-name pattern; write com.acme.**",
        "include=com..acme              | include: 'com..acme' is not a class-name pattern",
        "labels=prod                    | labels: 'prod' is not KEY:VALUE; write labels=env:prod;app:shop",
        "filters=/no/such/file.loom     | filters: /no/such/file.loom does not exist or cannot be read",
        "console=loom.acme.com          | console: 'loom.acme.com' is not a base URL; write console=https://",
        "console=ftp://loom             | console: 'ftp://loom' is not a base URL",
        "token=x                        | token is given without console=URL",
        "console=http://c,token=x,token-file=y | token and token-file are both given",
        "console=http://c,token-file=/no/such | token-file: /no/such cannot be read",
        "jmx.port=http                  | jmx.port: 'http' is not a port; write a number from 1 to 65535",
        "jmx.port=65536                 | jmx.port: '65536' is not a port",
        "jmx.host=127.0.0.1             | jmx.host is given without jmx.port",
        "jmx.port=1,jmx.open=yes        | jmx.open: 'yes' is neither true nor false",
        "jmx.port=1,jmx.open=true,jmx.host=0.0.0.0 | jmx.open=true is allowed on loopback only, not on 0.0.0.0",
        "log=x.log:loud                 | log: 'loud' is not a level; allowed are error, warn, info, debug",
    })
    void aWrongOptionIsNamedTogetherWithWhatItMayBe(String argument, String message) {
        ConfigException e = assertThrows(ConfigException.class, () -> read(argument));

        assertTrue(e.getMessage().startsWith(message), e.getMessage());
        assertEquals(1, e.getMessage().lines().count(), "one line on stderr");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", ",", " , ,", "name=x,", ",name=x"})
    void emptyPartsAreNoMistake(String argument) {
        read(argument);
    }

    @Test
    void emptyVariablesAreAsIfTheyWereNotThere() {
        Map<String, String> variables = Map.of("LOOM_JMX_PORT", "", "LOOM_CONSOLE", " ");

        assertNull(AgentConfig.read(null, key -> null, variables::get).jmx());
    }

    private static AgentConfig read(String argument) {
        return AgentConfig.read(argument, key -> null, key -> null);
    }
}
