package dev.loom.console.finding;

import dev.loom.console.contract.LoomProblem;
import dev.loom.console.contract.ProblemCode;
import dev.loom.console.deployment.DeploymentService;
import dev.loom.console.deployment.NewDeployment;
import dev.loom.console.filter.FilterService;
import dev.loom.console.filter.FilterView;
import dev.loom.console.target.Target;
import dev.loom.console.target.TargetService;
import java.util.List;
import java.util.Set;
import org.springframework.stereotype.Service;

/** Tries a proposed filter: stores it, and has it only observe in the JVM that it was made for. */
@Service
public class Trials {

    private final TargetService targets;
    private final FilterService filters;
    private final DeploymentService deployments;

    Trials(TargetService targets, FilterService filters, DeploymentService deployments) {
        this.targets = targets;
        this.filters = filters;
        this.deployments = deployments;
    }

    /**
     * Stores a filter, unless it is there with this text, and enables it to observe in one JVM.
     *
     * @param origin where it comes from, up to the JVM's name: {@code From a race that was found in}
     * @return the deployment's number
     * @throws LoomProblem if there is another filter of that name, if the text has errors, or if the JVM does not take it
     */
    public long observe(long target, String name, String text, String origin) {
        Target jvm = targets.inScope(target);
        if (name.isBlank()) {
            throw new LoomProblem(ProblemCode.BAD_FILTER_NAME, "The filter needs a name.", "For example what it keeps apart.");
        }
        FilterView filter = stored(name, text, origin + " " + jvm.name() + ".");
        return deployments.create(new NewDeployment(filter.name(), filter.version(), "observe", List.of(target), null, null, null, null, false)).id();
    }

    private FilterView stored(String name, String text, String why) {
        if (filters.existing(Set.of(name)).isEmpty()) {
            return filters.create(name, text, why);
        }
        FilterView there = filters.get(name);
        if (!there.text().strip().equals(text.strip())) {
            throw new LoomProblem(
                    ProblemCode.FILTER_EXISTS, "There is another filter '" + name + "' already.", "Give this one another name.");
        }
        return there;
    }
}
