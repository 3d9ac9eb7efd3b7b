package dev.loom.console.page;

import dev.loom.console.audit.LoggedEvent;
import dev.loom.console.audit.Subject;
import dev.loom.console.contract.Page;
import dev.loom.console.filter.FilterService;
import dev.loom.console.target.TargetService;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;

/** Events as pages show them: with a link to what they are about, if it is still there. */
@Component
class Journal {

    private final TargetService targets;
    private final FilterService filters;

    Journal(TargetService targets, FilterService filters) {
        this.targets = targets;
        this.filters = filters;
    }

    List<JournalEntry> entries(List<LoggedEvent> events) {
        List<Subject> subjects = events.stream().map(LoggedEvent::subject).toList();
        Set<Long> jvms = targets.stored(subjects.stream().map(Subject::target).filter(Objects::nonNull).collect(Collectors.toSet())).keySet();
        Set<String> names = filters.existing(subjects.stream().map(Subject::filter).filter(Objects::nonNull).collect(Collectors.toSet()));
        return events.stream().map(event -> JournalEntry.of(event, jvms::contains, names::contains)).toList();
    }

    Page<JournalEntry> entries(Page<LoggedEvent> events) {
        return new Page<>(entries(events.items()), events.page(), events.size(), events.total());
    }
}
