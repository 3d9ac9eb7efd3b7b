package dev.loom.console;

import dev.loom.console.jmx.RmiSettings;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.scheduling.annotation.EnableScheduling;

/** Starts the console. */
@SpringBootApplication
@ConfigurationPropertiesScan
@EnableScheduling
public class LoomConsole {

    public static void main(String[] args) {
        if (Commands.isOne(args)) {
            System.exit(Commands.run(args, System.out, System.err));
        }
        RmiSettings.apply();
        SpringApplication.run(LoomConsole.class, args);
    }
}
