package dev.loom.it.programs;

import org.apache.lucene.analysis.standard.StandardAnalyzer;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.IntPoint;
import org.apache.lucene.document.StringField;
import org.apache.lucene.document.TextField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.PhraseQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.search.TopDocs;
import org.apache.lucene.search.WildcardQuery;
import org.apache.lucene.store.ByteBuffersDirectory;

/** Lucene builds an index of some thousand documents, deletes and merges, and answers queries of several kinds. */
public final class LuceneProgram {

    private LuceneProgram() {}

    public static void main(String[] args) throws Exception {
        ByteBuffersDirectory directory = new ByteBuffersDirectory();
        try (IndexWriter writer = new IndexWriter(directory, new IndexWriterConfig(new StandardAnalyzer()).setMaxBufferedDocs(300))) {
            long seed = 42;
            for (int i = 0; i < 3_000; i++) {
                Document document = new Document();
                StringBuilder text = new StringBuilder();
                for (int w = 0; w < 30; w++) {
                    seed = seed * 6364136223846793005L + 1442695040888963407L;
                    text.append('w').append((seed >>> 33) % 500).append(' ');
                }
                document.add(new TextField("text", text.toString(), Field.Store.NO));
                document.add(new StringField("id", String.valueOf(i), Field.Store.YES));
                document.add(new IntPoint("n", i % 97));
                writer.addDocument(document);
                if (i % 7 == 0) {
                    writer.deleteDocuments(new Term("id", String.valueOf(i / 2)));
                }
            }
            writer.forceMerge(1);
        }
        try (DirectoryReader reader = DirectoryReader.open(directory)) {
            IndexSearcher searcher = new IndexSearcher(reader);
            System.out.println("RESULT documents " + reader.numDocs());
            print(searcher, new TermQuery(new Term("text", "w17")));
            print(searcher, new PhraseQuery(3, "text", "w1", "w2"));
            print(searcher, new WildcardQuery(new Term("text", "w4?9")));
            print(searcher, IntPoint.newRangeQuery("n", 3, 12));
            print(searcher, new BooleanQuery.Builder()
                    .add(new TermQuery(new Term("text", "w5")), BooleanClause.Occur.SHOULD)
                    .add(new TermQuery(new Term("text", "w6")), BooleanClause.Occur.MUST)
                    .add(IntPoint.newExactQuery("n", 4), BooleanClause.Occur.MUST_NOT)
                    .build());
        }
        System.out.println("END");
        System.exit(0);
    }

    private static void print(IndexSearcher searcher, Query query) throws Exception {
        TopDocs found = searcher.search(query, 10);
        StringBuilder line = new StringBuilder();
        for (ScoreDoc hit : found.scoreDocs) {
            line.append(hit.doc).append('=').append(hit.score).append(' ');
        }
        System.out.println("RESULT " + query + " " + searcher.count(query) + " " + line);
    }
}
