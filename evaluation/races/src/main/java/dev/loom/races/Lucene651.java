package dev.loom.races;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import org.apache.lucene.analysis.WhitespaceAnalyzer;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.search.FieldCache;
import org.apache.lucene.store.RAMDirectory;

/** LUCENE-651: two threads that miss the field cache both fill it, and go on with different arrays. */
final class Lucene651 implements Race {

    /** The cache keeps an entry for each parser as long as the reader lives. */
    private static final int ROUNDS_PER_READER = 1_000;

    private final Exclusion exclusion;
    private final RAMDirectory index = new RAMDirectory();
    private IndexReader reader;
    private FieldCache.IntParser parser;
    private int round;
    private int[] seenByFirst;
    private int[] seenBySecond;

    Lucene651(Exclusion exclusion) {
        this.exclusion = exclusion;
        try {
            IndexWriter writer = new IndexWriter(index, new WhitespaceAnalyzer(), true);
            for (int i = 0; i < 3; i++) {
                Document document = new Document();
                add(document, new Field("price", String.valueOf(i), Field.Store.NO, Field.Index.UN_TOKENIZED));
                writer.addDocument(document);
            }
            writer.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** By name: the fixed version's method takes the interface Fieldable, which the published one did not have. */
    private static void add(Document document, Field field) {
        try {
            for (Method method : Document.class.getMethods()) {
                if (method.getName().equals("add") && method.getParameterCount() == 1) {
                    method.invoke(document, field);
                }
            }
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void prepare() throws IOException {
        if (round++ % ROUNDS_PER_READER == 0) {
            if (reader != null) {
                reader.close();
            }
            reader = IndexReader.open(index);
        }
        parser = new FieldCache.IntParser() {
            @Override
            public int parseInt(String text) {
                Thread.yield();
                return Integer.parseInt(text);
            }
        };
    }

    @Override
    public void first() throws IOException {
        exclusion.alone(() -> seenByFirst = FieldCache.DEFAULT.getInts(reader, "price", parser));
    }

    @Override
    public void second() throws IOException {
        exclusion.alone(() -> seenBySecond = FieldCache.DEFAULT.getInts(reader, "price", parser));
    }

    @Override
    public int failures() {
        return seenByFirst == seenBySecond ? 0 : 1;
    }
}
