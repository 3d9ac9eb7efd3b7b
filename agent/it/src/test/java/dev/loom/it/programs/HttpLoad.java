package dev.loom.it.programs;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Clients of a server; prints one line for all the answers, in order. */
final class HttpLoad {

    private HttpLoad() {}

    static void run(String address) throws Exception {
        HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        ExecutorService clients = Executors.newFixedThreadPool(4);
        List<Future<String>> answers = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            int n = i;
            answers.add(clients.submit(() -> {
                HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create(address + "?q=" + (n % 17 == 3 ? "fail" : "v" + n)));
                if (n % 2 == 0) {
                    request.POST(HttpRequest.BodyPublishers.ofString("body ".repeat(n * 20)));
                }
                HttpResponse<String> response = client.send(request.build(), HttpResponse.BodyHandlers.ofString());
                boolean failed = response.statusCode() >= 400;
                return response.statusCode() + "/" + (failed ? 0 : response.body().hashCode()) + "/"
                        + response.headers().firstValue("X-Sum").orElse("-");
            }));
        }
        StringBuilder all = new StringBuilder();
        for (Future<String> answer : answers) {
            all.append(answer.get()).append(' ');
        }
        clients.shutdown();
        System.out.println("RESULT http " + answers.size() + " " + Integer.toHexString(all.toString().hashCode()));
    }
}
