package dev.loom.agent.weave.torture;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Methods whose jumps are too long, once they are woven, for the two bytes that a jump usually has. */
class LongJumpsTest {

    /** From 26 KB, which grow beyond 32 KB when they are woven, through 45 KB, in which javac itself jumps in wide steps, to what cannot grow. */
    @ParameterizedTest
    @ValueSource(ints = {1_600, 2_000, 2_300, 2_700, 3_300, 3_800})
    void a_method_that_grows_beyond_32_kb_does_the_same_in_whatever_way_it_is_woven(int lines) throws Exception {
        Map<String, byte[]> classes = TortureMain.compile(
                Map.of("Big", source(lines)), List.of("--release", "17", "-g", "-nowarn", "-Xlint:none"));
        Torture torture = new Torture(null);
        for (int seed = 0; seed < 3; seed++) {
            torture.run(Program.of("big " + lines, "gen.Big", classes), seed);
        }
        System.out.println(torture.summary());
        assertEquals(List.of(), torture.failures());
    }

    /** Loops around all of it, left and gone on with from within, by jumps on conditions and without. */
    private static String source(int lines) {
        StringBuilder text = new StringBuilder("package gen;\nimport dev.loom.agent.weave.torture.T;\nimport java.util.*;\n"
                + "public class Big {\n"
                + "public static Object run(int n) {\n"
                + "long x = n; int i = 0; String s = null; double d = 1; Object last = \"\";\n"
                + "outer:\nwhile (i < 40) {\ni++;\n"
                + "try {\ndo {\nx += i;\n");
        for (int line = 0; line < lines; line++) {
            text.append("x = x * 31 + ").append(line * 7919).append("L ^ x >>> 7;\n");
            text.append(switch (line % 100) {
                case 20 -> "if ((x & 63) == 5) {\nT.log(" + line + ");\ncontinue outer;\n}\n";
                case 40 -> "if ((x & 255) == 9) {\ns = new StringBuilder(x > 0 ? \"a\" : \"b\").append(i).toString();\nbreak;\n}\n";
                case 60 -> "for (int j = 0; j < 3; j++) {\nd = d * 0.5 + j;\nlast = T.take(j);\n}\n";
                case 80 -> "if (x == " + line + ") {\nthrow new T.Boom(\"b\");\n}\n";
                case 99 -> "if ((x & 1023) == 77) {\nbreak outer;\n}\n";
                default -> "";
            });
        }
        text.append("T.log(i);\n} while ((x & 3) == 1);\n"
                + "} catch (T.Boom e) {\nT.log(7);\n} finally {\nx ^= 99;\n}\n}\n"
                + "T.mix(s);\nT.mix(d);\nT.mix(last);\nreturn x;\n}\n}\n");
        return text.toString();
    }
}
