package dev.loom.races;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import java.util.concurrent.CountDownLatch;

/** gson #764: the adapter of a type is published before the adapters of a cycle that it refers to are complete. */
final class Gson764 implements Race {

    private final Exclusion exclusion;
    private Gson gson;
    /** Down when the adapter of the order has got as far as that of its customer. */
    private CountDownLatch customerDone;
    private volatile boolean failed;

    Gson764(Exclusion exclusion) {
        this.exclusion = exclusion;
    }

    @Override
    public void prepare() {
        failed = false;
        customerDone = new CountDownLatch(1);
        gson = new GsonBuilder()
                .setFieldNamingStrategy(field -> {
                    if (field.getName().equals("amount")) {
                        customerDone.countDown();
                        Pause.micros(100);
                    }
                    return field.getName();
                })
                .create();
    }

    @Override
    public void first() {
        Order order = new Order();
        order.customer = new Customer();
        write(Order.class, order);
    }

    @Override
    public void second() throws InterruptedException {
        customerDone.await();
        Customer customer = new Customer();
        customer.lastOrder = new Order();
        write(Customer.class, customer);
    }

    private void write(Class<?> type, Object value) {
        try {
            exclusion.alone(() -> gson.getAdapter(type));
            gson.toJson(value);
        } catch (IllegalStateException e) {
            Traces.note(e);
            failed = true;
        }
    }

    @Override
    public int failures() {
        return failed ? 1 : 0;
    }

    static final class Order {
        Customer customer;
        int number;
        int amount;
        String article;
        String remark;
    }

    static final class Customer {
        Order lastOrder;
        String name;
        String address;
    }
}
