package dev.loom.console.page;

import dev.loom.console.contract.LoomProblem;
import dev.loom.console.contract.ProblemCode;
import dev.loom.console.jmx.AppBean;
import dev.loom.console.target.NewTarget;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What was typed to add a JVM; the password is not sent back. */
public record TargetForm(
        String url, String username, String password, String name, String labels, String bean, String failures,
                String operations) {

    static final TargetForm EMPTY = new TargetForm("", "", "", "", "", "", "", "");

    public TargetForm {
        url = orEmpty(url);
        username = orEmpty(username);
        password = orEmpty(password);
        name = orEmpty(name);
        labels = orEmpty(labels);
        bean = orEmpty(bean);
        failures = orEmpty(failures);
        operations = orEmpty(operations);
    }

    private static String orEmpty(@Nullable String text) {
        return text == null ? "" : text.strip();
    }

    NewTarget wanted() {
        return new NewTarget(url, orNull(name), labels(labels), orNull(username), orNull(password),
                bean(bean, operations, failures));
    }

    /** Where the failures are counted; null if nothing was typed. */
    static @Nullable AppBean bean(String bean, String operations, String failures) {
        return bean.isBlank() ? null
                : new AppBean(bean.strip(), operations.isBlank() ? AppBean.USUAL.operations() : operations.strip(),
                failures.isBlank() ? AppBean.USUAL.failures() : failures.strip());
    }

    /** {@code env=prod,app=shop}, as selectors have it; or with colons and semicolons, as the agent's option. */
    static Map<String, String> labels(String text) {
        Map<String, String> labels = new LinkedHashMap<>();
        for (String part : text.split("[;,]")) {
            if (part.isBlank()) {
                continue;
            }
            String[] pair = part.strip().split("[:=]", 2);
            if (pair.length < 2 || pair[0].isBlank()) {
                throw new LoomProblem(ProblemCode.BAD_REQUEST, "'" + part.strip() + "' is not a label.",
                        "Write labels as in env=prod,app=shop.");
            }
            labels.put(pair[0].strip(), pair[1].strip());
        }
        return labels;
    }

    private static @Nullable String orNull(String text) {
        return text.isEmpty() ? null : text;
    }
}
