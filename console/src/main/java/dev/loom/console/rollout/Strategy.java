package dev.loom.console.rollout;

import dev.loom.console.contract.LoomProblem;
import dev.loom.console.contract.ProblemCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How a deployment is rolled out.
 *
 * @param until how long the filter stays; null for as long as nobody takes it off
 * @param budget the overhead above which the filter is set back to observing, also when all steps are done; null without a limit
 */
record Strategy(List<Step> steps, List<Guard> guards, @Nullable Duration until, OnGuard onGuard, Guard.@Nullable Overhead budget) {

    /** What a guard does that fires. */
    enum OnGuard {
        ROLLBACK("It is taken back."),
        PAUSE("It is paused."),
        OBSERVE("It only observes from now on.");

        private final String sentence;

        OnGuard(String sentence) {
            this.sentence = sentence;
        }

        String sentence() {
            return sentence;
        }
    }

    private static final int MOST = 50;
    /** For how long the overhead is above the budget until something is done: a burst is not what a budget is for. */
    private static final Duration BUDGET_TIME = Duration.ofSeconds(10);
    private static final List<Step> AT_ONCE = List.of(new Step.Percent(100));
    private static final String HINT = "For example {\"steps\":[{\"jvms\":1},{\"wait\":\"10m\"},{\"percent\":100}],\"guards\":[{\"bypasses\":0}]}.";

    /** Reads it, or says what is wrong with which part. */
    static Strategy parse(Map<String, ?> given) {
        only(given, "the strategy", Set.of("steps", "guards", "until", "onGuard", "budgetPercent"));
        Object budget = given.get("budgetPercent");
        List<Step> steps = new ArrayList<>(given.get("steps") == null && budget != null ? AT_ONCE : List.of());
        for (Map<String, ?> step : maps(given.get("steps"), "steps")) {
            steps.add(step(step));
        }
        if (steps.isEmpty() || steps.get(0).jvmsOf(MOST) == 0) {
            throw bad("The first step says in how many JVMs it begins: jvms or percent.");
        }
        List<Guard> guards = new ArrayList<>();
        for (Map<String, ?> guard : maps(given.get("guards"), "guards")) {
            guards.add(guard(guard));
        }
        return new Strategy(
                List.copyOf(steps), List.copyOf(guards), given.get("until") == null ? null : time(given.get("until"), "until"),
                onGuard(given.get("onGuard")),
                budget == null ? null : new Guard.Overhead(number(budget, "budgetPercent", 0, 100), BUDGET_TIME));
    }

    private static OnGuard onGuard(@Nullable Object value) {
        if (value == null) {
            return OnGuard.ROLLBACK;
        }
        for (OnGuard one : OnGuard.values()) {
            if (value.equals(one.name().toLowerCase(Locale.ROOT))) {
                return one;
            }
        }
        throw bad("onGuard is rollback, pause or observe.");
    }

    private static Step step(Map<String, ?> given) {
        if (given.size() != 1) {
            throw bad("A step is one of jvms, percent, wait, approve and mode: " + given + ".");
        }
        Map.Entry<String, ?> only = given.entrySet().iterator().next();
        return switch (only.getKey()) {
            case "jvms" -> new Step.Jvms((int) number(only.getValue(), "jvms", 1, 100_000));
            case "percent" -> new Step.Percent((int) number(only.getValue(), "percent", 1, 100));
            case "wait" -> new Step.Wait(time(only.getValue(), "wait"));
            case "approve" -> {
                if (!Boolean.TRUE.equals(only.getValue())) {
                    throw bad("approve is true.");
                }
                yield new Step.Approve();
            }
            case "mode" -> {
                if (!"enforce".equals(only.getValue())) {
                    throw bad("A step can only go to the mode enforce.");
                }
                yield new Step.Enforce();
            }
            default -> throw bad("'" + only.getKey() + "' is not a step; there are jvms, percent, wait, approve and mode.");
        };
    }

    private static Guard guard(Map<String, ?> given) {
        if (given.containsKey("overheadPercent")) {
            only(given, "a guard", Set.of("overheadPercent", "for"));
            return new Guard.Overhead(number(given.get("overheadPercent"), "overheadPercent", 0, 10_000), timeFor(given));
        } else if (given.containsKey("waitMillisMax")) {
            only(given, "a guard", Set.of("waitMillisMax"));
            return new Guard.LongestWait((long) number(given.get("waitMillisMax"), "waitMillisMax", 0, 1e9));
        } else if (given.containsKey("bypasses")) {
            only(given, "a guard", Set.of("bypasses"));
            return new Guard.Bypasses((long) number(given.get("bypasses"), "bypasses", 0, 1e12));
        } else if (given.containsKey("stragglers")) {
            only(given, "a guard", Set.of("stragglers", "for"));
            return new Guard.Stragglers((int) number(given.get("stragglers"), "stragglers", 0, 1e6), timeFor(given));
        } else if (given.containsKey("mbean")) {
            only(given, "a guard", Set.of("mbean", "attribute", "perMinute"));
            if (!(given.get("mbean") instanceof String mbean) || !(given.get("attribute") instanceof String attribute)) {
                throw bad("A guard of an MBean has mbean, attribute and perMinute.");
            }
            return new Guard.Counter(mbean, attribute, number(given.get("perMinute"), "perMinute", 0, 1e12));
        } else if (given.containsKey("waitMillisP99")) {
            throw bad("waitMillisP99 is not known here: agents tell the longest wait and not how waits are distributed. Use waitMillisMax.");
        }
        throw bad("'" + String.join(", ", given.keySet()) + "' is no guard; there are overheadPercent, waitMillisMax, bypasses, stragglers and mbean.");
    }

    private static List<Map<String, ?>> maps(@Nullable Object value, String name) {
        if (value == null) {
            return List.of();
        }
        if (!(value instanceof List<?> list) || list.size() > MOST) {
            throw bad(name + " is a list, of " + MOST + " at most.");
        }
        List<Map<String, ?>> maps = new ArrayList<>();
        for (Object element : list) {
            if (!(element instanceof Map<?, ?> map) || map.isEmpty()) {
                throw bad("Each of " + name + " is an object with a name and a value.");
            }
            @SuppressWarnings("unchecked") // JSON has no other keys
            Map<String, ?> checked = (Map<String, ?>) map;
            maps.add(checked);
        }
        return maps;
    }

    private static void only(Map<String, ?> given, String what, Set<String> names) {
        for (String name : given.keySet()) {
            if (!names.contains(name)) {
                throw bad("'" + name + "' is not part of " + what + "; there are " + String.join(", ", names.stream().sorted().toList()) + ".");
            }
        }
    }

    private static double number(@Nullable Object value, String name, double least, double most) {
        if (value instanceof Number number && number.doubleValue() >= least && number.doubleValue() <= most) {
            return number.doubleValue();
        }
        throw bad(name + " is a number from " + (long) least + " to " + (long) most + ".");
    }

    private static Duration timeFor(Map<String, ?> guard) {
        return guard.get("for") == null ? Duration.ZERO : time(guard.get("for"), "for");
    }

    private static Duration time(@Nullable Object value, String name) {
        Duration time = value instanceof String text ? Times.parse(text) : null;
        if (time == null) {
            throw bad(name + " is a time, as 75s, 10m, 2h or 1d.");
        }
        return time;
    }

    private static LoomProblem bad(String what) {
        return new LoomProblem(ProblemCode.BAD_OPTION, what, HINT);
    }
}
