package dev.loom.console.backup;

import java.util.List;

/**
 * What a backup says of itself, at its end: a file that was cut off has none.
 *
 * @param format of the file
 * @param schema version of the database's schema
 * @param takenAt ISO 8601
 * @param newestEvent number of the newest event in it
 */
record Manifest(int format, String schema, String takenAt, long newestEvent, List<Entry> tables) {

    static final int FORMAT = 1;
    static final String NAME = "loom-backup.json";

    /**
     * @param digest of the rows, whatever their order
     * @param nextNumber that the database would have given; 0 for a table that it does not number
     */
    record Entry(String name, long rows, String digest, long nextNumber) {}

    long rows() {
        return tables.stream().mapToLong(Entry::rows).sum();
    }
}
