package dev.loom.benchmarks;

import java.io.IOException;
import java.util.Random;
import org.apache.lucene.analysis.standard.StandardAnalyzer;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.StringField;
import org.apache.lucene.document.TextField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.SerialMergeScheduler;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.PhraseQuery;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.store.ByteBuffersDirectory;

/** Indexes some hundred documents in memory and searches them, by one thread. */
final class LuceneWork implements Workload {

    private static final int DOCUMENTS = 300;
    private final String[] texts = new String[DOCUMENTS];

    LuceneWork() {
        Random random = new Random(7);
        for (int i = 0; i < DOCUMENTS; i++) {
            StringBuilder text = new StringBuilder();
            for (int w = 0; w < 120; w++) {
                text.append("word").append((int) Math.abs(random.nextGaussian() * 200)).append(' ');
            }
            texts[i] = text.toString();
        }
    }

    @Override
    public long once() throws IOException {
        long hits = 0;
        try (ByteBuffersDirectory directory = new ByteBuffersDirectory()) {
            IndexWriterConfig config = new IndexWriterConfig(new StandardAnalyzer())
                    .setMergeScheduler(new SerialMergeScheduler()).setMaxBufferedDocs(64);
            try (IndexWriter writer = new IndexWriter(directory, config)) {
                for (int i = 0; i < DOCUMENTS; i++) {
                    Document document = new Document();
                    document.add(new StringField("id", "d" + i, Field.Store.YES));
                    document.add(new TextField("text", texts[i], Field.Store.NO));
                    writer.addDocument(document);
                }
                writer.forceMerge(1);
            }
            try (DirectoryReader reader = DirectoryReader.open(directory)) {
                IndexSearcher searcher = new IndexSearcher(reader);
                for (int i = 0; i < 100; i++) {
                    hits += searcher.search(new BooleanQuery.Builder()
                            .add(new TermQuery(new Term("text", "word" + i)), BooleanClause.Occur.SHOULD)
                            .add(new TermQuery(new Term("text", "word" + 2 * i)), BooleanClause.Occur.SHOULD)
                            .build(), 10).totalHits.value;
                    hits += searcher.search(new PhraseQuery(1, "text", "word" + i, "word" + (i + 1)), 10).totalHits.value;
                }
            }
        }
        return hits;
    }
}
