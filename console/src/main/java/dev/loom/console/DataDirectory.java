package dev.loom.console;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.context.EnvironmentAware;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;

/** Makes the directory {@code loom.data} before anything is put there: for its owner alone, for it holds what opens JVMs. */
@Component
class DataDirectory implements BeanFactoryPostProcessor, EnvironmentAware {

    private Path directory = Path.of("loom-data");

    @Override
    public void setEnvironment(Environment environment) {
        directory = Path.of(environment.getRequiredProperty("loom.data")).toAbsolutePath().normalize();
    }

    @Override
    public void postProcessBeanFactory(ConfigurableListableBeanFactory beans) {
        make(directory);
    }

    /**
     * Makes it, if it is not there.
     *
     * @throws CannotStart if that cannot be done, or nothing can be written there
     */
    static void make(Path directory) {
        if (!Files.isDirectory(directory)) {
            try {
                if (directory.getFileSystem().supportedFileAttributeViews().contains("posix")) {
                    Files.createDirectories(
                            directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
                } else {
                    Files.createDirectories(directory);
                }
            } catch (IOException e) {
                throw new CannotStart(
                        "The data directory " + directory + " cannot be made: " + e,
                        "Make it, or choose another with --loom.data=DIRECTORY.");
            }
        }
        if (!Files.isWritable(directory)) {
            throw new CannotStart(
                    "The data directory " + directory + " cannot be written.",
                    "Give it to the user that runs the console, or choose another with --loom.data=DIRECTORY.");
        }
    }
}
