import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import org.junit.platform.engine.FilterResult;
import org.junit.platform.engine.TestDescriptor;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.Launcher;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.PostDiscoveryFilter;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/**
 * Runs single tests again and again, and prints how they ended: {@code class#test ended}, and how often, a tab between. Arguments: a file with
 * a line {@code class#test} for each, and how often.
 */
public final class Repeated {

    public static void main(String[] arguments) throws Exception {
        List<String> wanted = Files.readAllLines(Path.of(arguments[0]));
        TreeMap<String, Integer> ended = new TreeMap<>();
        Launcher launcher = LauncherFactory.create();
        for (int i = 0; i < Integer.parseInt(arguments[1]); i++) {
            for (String test : wanted) {
                launcher.execute(request(test), new TestExecutionListener() {
                    @Override
                    public void executionFinished(TestIdentifier one, TestExecutionResult result) {
                        if (one.isTest() && one.getLegacyReportingName().equals(name(test))) {
                            boolean passed = result.getStatus() == TestExecutionResult.Status.SUCCESSFUL;
                            ended.merge(test + (passed ? " passed" : " failure"), 1, Integer::sum);
                        }
                    }
                });
            }
        }
        ended.forEach((test, times) -> System.out.println(test + "\t" + times));
        // tests leave threads behind
        System.exit(0);
    }

    private static String name(String test) {
        return test.substring(test.indexOf('#') + 1);
    }

    /** The class, of which all methods are left out but the one of that name. */
    private static LauncherDiscoveryRequest request(String test) {
        String method = name(test).replaceAll("[(\\[].*", "");
        PostDiscoveryFilter only = (TestDescriptor one) -> FilterResult.includedIf(
                one.getUniqueId().toString().contains(":" + method + "(") || one.getUniqueId().toString().contains(":" + method + "]"));
        return LauncherDiscoveryRequestBuilder.request()
                .selectors(DiscoverySelectors.selectClass(test.substring(0, test.indexOf('#')))).filters(only).build();
    }
}
