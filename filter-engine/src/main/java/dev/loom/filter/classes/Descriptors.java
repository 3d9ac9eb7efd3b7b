package dev.loom.filter.classes;

/** Whether descriptors of fields and methods (JVMS 4.3) say something. */
final class Descriptors {

    private Descriptors() {}

    /**
     * Looks at one.
     *
     * @throws IllegalArgumentException if it is none
     */
    static void check(String desc, boolean ofMethod) {
        int i = 0;
        boolean isRight = !desc.isEmpty();
        if (isRight && ofMethod) {
            isRight = desc.charAt(0) == '(';
            i = 1;
            while (isRight && i < desc.length() && desc.charAt(i) != ')') {
                i = type(desc, i, false);
                isRight = i > 0;
            }
            isRight &= i < desc.length();
            i++;
        }
        isRight = isRight && type(desc, i, ofMethod) == desc.length();
        if (!isRight) {
            throw new IllegalArgumentException("it names a type " + (desc.length() > 100 ? desc.substring(0, 100) + " …" : desc)
                    + " that cannot be");
        }
    }

    /** Where a type ends that starts at an index of a descriptor; -1 if none does. */
    private static int type(String desc, int start, boolean mayBeVoid) {
        int i = start;
        while (i < desc.length() && desc.charAt(i) == '[') {
            i++;
        }
        if (i >= desc.length() || i - start > 255) {
            return -1;
        }
        char c = desc.charAt(i);
        if (c == 'L') {
            int end = desc.indexOf(';', i);
            // a parenthesis is allowed in a name, and nobody writes one: readers take it for the end of the parameters
            boolean isName = end > i + 1 && desc.chars().skip(i + 1).limit(end - i - 1).noneMatch(x -> "()[.".indexOf(x) >= 0);
            return isName ? end + 1 : -1;
        }
        return "BCDFIJSZ".indexOf(c) >= 0 || c == 'V' && mayBeVoid && i == start ? i + 1 : -1;
    }
}
