package dev.loom.it.targets;

/** Prints its arguments, each in a turn of a loop that gets an update point. */
public final class Echo {

    private Echo() {}

    public static void main(String[] words) {
        for (String word : words) {
            System.out.println(word);
        }
    }
}
