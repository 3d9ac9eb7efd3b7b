package dev.loom.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/** Writes and reads some hundred orders as JSON. */
final class JacksonWork implements Workload {

    record Item(String name, int count, double price, List<String> tags) {}

    record Order(long id, String customer, Map<String, String> address, List<Item> items) {}

    record Orders(List<Order> orders) {}

    private final JsonMapper mapper = JsonMapper.builder().build();
    private final Orders orders;

    JacksonWork() {
        List<Order> all = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            List<Item> items = new ArrayList<>();
            for (int j = 0; j < 5; j++) {
                items.add(new Item("item " + j, j, i * 1.25, List.of("a", "b\u00e4", "c\n")));
            }
            all.add(new Order(i, "customer " + i % 7, Map.of("street", "Main St " + i, "city", "Ulm"), items));
        }
        orders = new Orders(all);
    }

    @Override
    public long once() {
        String json = mapper.writeValueAsString(orders);
        return json.length() + mapper.readValue(json, Orders.class).orders().size();
    }
}
