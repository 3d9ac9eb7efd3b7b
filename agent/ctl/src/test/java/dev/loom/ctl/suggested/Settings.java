package dev.loom.ctl.suggested;

/** Throws as a matter of course. */
final class Settings {

    private Settings() {}

    static int number(String text) {
        return Integer.parseInt(text);
    }
}
