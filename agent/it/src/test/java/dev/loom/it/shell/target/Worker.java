package dev.loom.it.shell.target;

import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;

/** A worker in an endless loop that works for a moment and waits for a moment, all the time. */
public final class Worker implements Runnable {

    private final SynchronousQueue<String> never = new SynchronousQueue<>();
    private volatile boolean running = true;
    private long total;

    public static void main(String[] args) throws Exception {
        Worker worker = new Worker();
        Thread thread = new Thread(worker, "the worker");
        thread.start();
        if (args.length > 0) {
            protect();
        }
        System.out.println("ready");
        while (System.in.read() >= 0) {
            // until the test closes it
        }
        worker.running = false;
        thread.join();
        System.out.println("done");
    }

    /** With the JDK's default policy. */
    @SuppressWarnings("removal")
    private static void protect() {
        System.setSecurityManager(new SecurityManager());
    }

    @Override
    public void run() {
        while (running) {
            work(3);
            try {
                never.poll(2, TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private void work(int amount) {
        total += amount;
    }
}
