package dev.loom.console.notify;

import dev.loom.console.audit.LoggedEvent;
import jakarta.annotation.PreDestroy;
import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.mail.MailException;
import org.springframework.mail.SimpleMailMessage;
import org.springframework.mail.javamail.JavaMailSender;
import org.springframework.stereotype.Component;

/** Tells by mail, through the server of {@code spring.mail.*}; what has gathered meanwhile comes in one. */
@Component
final class Mails implements Channel {

    private static final int MOST_EVENTS = 50;
    private static final int MOST_ADDRESSES = 20;
    private static final int LONGEST_SUBJECT = 150;

    private final ObjectProvider<JavaMailSender> sender;
    private final String from;
    private final ExecutorService pool = Executors.newFixedThreadPool(2, task -> {
        Thread thread = new Thread(task, "loom-mail");
        thread.setDaemon(true);
        return thread;
    });

    Mails(ObjectProvider<JavaMailSender> sender, @Value("${loom.notify.mail-from:loom-console@localhost}") String from) {
        this.sender = sender;
        this.from = from;
    }

    @Override
    public Notifier.Kind kind() {
        return Notifier.Kind.MAIL;
    }

    @Override
    public int most() {
        return MOST_EVENTS;
    }

    /** Whether there is a server to send by. */
    boolean isPossible() {
        return sender.getIfAvailable() != null;
    }

    /** Addresses as they are stored; null if they are none. */
    static @Nullable String checked(String addresses) {
        try {
            InternetAddress[] parsed = InternetAddress.parse(addresses, true);
            for (InternetAddress address : parsed) {
                address.validate();
            }
            boolean plain = List.of(parsed).stream().allMatch(a -> a.getPersonal() == null && a.getAddress().contains("@"));
            return parsed.length == 0 || parsed.length > MOST_ADDRESSES || !plain
                    ? null
                    : List.of(parsed).stream().map(InternetAddress::getAddress).collect(Collectors.joining(","));
        } catch (AddressException e) {
            return null;
        }
    }

    @Override
    public CompletableFuture<Outcome> tell(Notifier to, List<LoggedEvent> events) {
        JavaMailSender mail = sender.getIfAvailable();
        if (mail == null) {
            return CompletableFuture.completedFuture(new Outcome.Failed("No mail server is configured: spring.mail.host."));
        }
        SimpleMailMessage message = new SimpleMailMessage();
        message.setFrom(from);
        message.setTo(to.destination().split(","));
        message.setSubject(subject(events));
        message.setText(events.stream()
                .map(e -> e.at() + "  " + e.message() + "\n    " + e.type() + ", event " + e.id() + (e.actor().equals("loom") ? "" : ", by " + e.actor()) + "\n")
                .collect(Collectors.joining("\n")));
        try {
            return CompletableFuture.supplyAsync(() -> send(mail, message), pool);
        } catch (RejectedExecutionException stopping) {
            return CompletableFuture.completedFuture(new Outcome.Failed("The console is being stopped."));
        }
    }

    private static Outcome send(JavaMailSender mail, SimpleMailMessage message) {
        try {
            mail.send(message);
            return new Outcome.Told();
        } catch (MailException e) {
            Throwable cause = e.getMostSpecificCause();
            return new Outcome.Failed("The mail server did not take it: " + cause.getMessage());
        }
    }

    /** A line: what a JVM says of itself may be in it, and must not become another header. */
    private static String subject(List<LoggedEvent> events) {
        String text = "Loom: " + (events.size() == 1 ? events.get(0).message() : events.size() + " events");
        String line = text.replaceAll("\\p{Cntrl}+", " ");
        return line.length() > LONGEST_SUBJECT ? line.substring(0, LONGEST_SUBJECT) + "…" : line;
    }

    @PreDestroy
    void close() {
        pool.shutdown();
    }
}
