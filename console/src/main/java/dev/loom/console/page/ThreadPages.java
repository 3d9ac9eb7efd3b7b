package dev.loom.console.page;

import dev.loom.console.target.TargetService;
import dev.loom.console.target.TargetView;
import dev.loom.console.thread.DumpText;
import dev.loom.console.thread.TakenDump;
import dev.loom.console.thread.ThreadDumps;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;

/** What the threads of a JVM do at a moment. No thread of the console waits for the JVM. */
@Controller
class ThreadPages {

    private static final MediaType TEXT = new MediaType(MediaType.TEXT_PLAIN, StandardCharsets.UTF_8);
    private static final int LONGEST_SEARCH = 300;

    private final ThreadDumps dumps;
    private final TargetService targets;

    ThreadPages(ThreadDumps dumps, TargetService targets) {
        this.dumps = dumps;
        this.targets = targets;
    }

    @ModelAttribute("currentSection")
    String section() {
        return "targets";
    }

    /** @param dump the one that is looked at; a new one without it, and when it is not kept any more */
    @GetMapping("/targets/{id:\\d+}/threads")
    CompletableFuture<String> page(
            @PathVariable long id,
            @RequestParam(required = false) @Nullable Long dump,
            @RequestParam(defaultValue = "") String q,
            @RequestParam(defaultValue = "") String state,
            @RequestParam(defaultValue = "0") int page,
            Model model) {
        TargetView target = targets.get(id);
        String search = q.substring(0, Math.min(LONGEST_SEARCH, q.length()));
        model.addAttribute("t", target);
        model.addAttribute("q", search);
        model.addAttribute("state", state);
        return InLocale.handle(dumps.keptOrNew(id, dump), (taken, failure) -> {
            if (taken == null) {
                model.addAttribute("away", Flash.of(InLocale.problem(failure)));
            } else {
                model.addAttribute("d", ThreadsPage.of(taken, search, state, page));
                model.addAttribute("another", dump != null && dump != taken.number());
                model.addAttribute("query", Query.of("dump", taken.number(), "q", search, "state", state));
            }
            return "threads";
        });
    }

    /** The same as jstack prints it, as a file. */
    @GetMapping("/targets/{id:\\d+}/threads/text")
    CompletableFuture<ResponseEntity<byte[]>> text(@PathVariable long id, @RequestParam(required = false) @Nullable Long dump) {
        String jvm = targets.get(id).name().replaceAll("[^A-Za-z0-9._-]+", "-");
        return dumps.keptOrNew(id, dump).handle((taken, failure) -> {
            if (taken == null) {
                throw InLocale.problem(failure);
            }
            return file(taken, "threads-" + jvm + "-" + taken.at().getEpochSecond() + ".txt");
        });
    }

    private static ResponseEntity<byte[]> file(TakenDump taken, String name) {
        return ResponseEntity.ok().contentType(TEXT).header(HttpHeaders.CONTENT_DISPOSITION, ContentDisposition.attachment().filename(name).build().toString())
                .body(DumpText.of(taken).getBytes(StandardCharsets.UTF_8));
    }
}
