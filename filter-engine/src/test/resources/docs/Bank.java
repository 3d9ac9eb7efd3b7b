package com.acme;

import java.util.ArrayDeque;
import java.util.concurrent.BlockingQueue;

public abstract class Bank extends Branch {
    private final BlockingQueue<Job> jobs;
    private final ArrayDeque<Job> done = new ArrayDeque<>();
    private long total;

    protected Bank(BlockingQueue<Job> jobs) {
        super("main street");
        this.jobs = jobs;
    }

    public void transfer(Account from, Account to, long amount) {
        if (from.balance < amount) {
            return;
        }
        from.balance -= amount;
        to.balance += amount;
    }

    public void transfer(Account from, long amount) {
        transfer(from, null, amount);
    }

    public long audit() {
        long sum = total;
        for (Job job : done) {
            sum += job.amount;
        }
        return sum;
    }

    public synchronized void close() {
        done.clear();
    }

    void clean() {
        close();
    }

    static void report(Bank bank) {
        System.out.println(bank.audit());
    }

    abstract void settle();

    void log(String text) {
        synchronized (done) {
            total++;
        }
        System.out.println(text);
    }

    void refresh() {
        done.forEach(job -> total += job.amount);
    }

    class Worker implements Runnable {
        @Override
        public void run() {
            while (true) {
                Job job;
                try {
                    job = jobs.take();
                } catch (InterruptedException e) {
                    break;
                }
                total += job.amount;
                done.add(job);
            }
        }
    }
}

class Branch {
    protected final String city;

    Branch(String city) {
        this.city = city;
    }

    void open() {}
}

class Account {
    long balance;
    Owner owner;
}

class Owner {
    int id;
}

class Job {
    Account account;
    long amount;
}
