package dev.loom.console.backup;

import dev.loom.console.audit.EventLog;
import dev.loom.console.audit.Subject;
import dev.loom.console.stream.Slots;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.SQLException;
import java.time.Clock;
import java.util.Map;
import javax.sql.DataSource;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.core.io.InputStreamResource;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.Authentication;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** A backup over REST, for administrators. It is written to a file first, so that a slow reader holds no connection of the database. */
@RestController
@Tag(name = "backup")
class BackupController {

    private final DataSource database;
    private final EventLog events;
    private final Clock clock;
    private final Path data;
    private final Slots slots = new Slots("backups", 2, 1);

    BackupController(DataSource database, EventLog events, Clock clock, @Value("${loom.data}") Path data) {
        this.database = database;
        this.events = events;
        this.clock = clock;
        this.data = data;
    }

    @Operation(summary = "All that the database holds, as a ZIP file that the command restore takes; without the key of the stored passwords")
    @GetMapping(path = "/api/v1/backup", produces = "application/zip")
    ResponseEntity<InputStreamResource> backup(Authentication who) throws SQLException, IOException {
        Slots.Slot slot = slots.take(who.getName());
        Path file = null;
        try {
            file = Files.createTempFile(data, "backup", ".tmp");
            Backup.Summary summary;
            try (OutputStream to = Files.newOutputStream(file)) {
                summary = Backup.write(database, to, clock.instant());
            }
            events.audit("backup.taken", Subject.NONE, "A backup was taken", Map.of("rows", summary.rows(), "newestEvent", summary.newestEvent()));
            long size = Files.size(file);
            // the file goes when the answer has ended, in whatever way
            var stream = new java.io.FilterInputStream(Files.newInputStream(file, StandardOpenOption.DELETE_ON_CLOSE)) {
                @Override
                public void close() throws IOException {
                    slot.close();
                    super.close();
                }
            };
            String name = "loom-backup-" + summary.takenAt().substring(0, 19).replaceAll("[:-]", "") + ".zip";
            return ResponseEntity.ok()
                    .contentType(MediaType.parseMediaType("application/zip"))
                    .contentLength(size)
                    .header("Content-Disposition", "attachment; filename=\"" + name + "\"")
                    .header("Cache-Control", "no-store")
                    .body(new InputStreamResource(stream));
        } catch (SQLException | IOException | RuntimeException e) {
            slot.close();
            if (file != null) {
                Files.deleteIfExists(file);
            }
            throw e;
        }
    }
}
