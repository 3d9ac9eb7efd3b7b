package dev.loom.console.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SeriesTest {

    private static Point at(long time) {
        return new Point(time, time, Point.NONE, 0, 1, 2, 3);
    }

    @Test
    void theNewestPointsAreKeptInTheirOrder() {
        Series series = new Series();
        assertThat(series.oldest()).isEqualTo(Long.MAX_VALUE);
        for (long t = 1; t <= Series.SIZE + 10; t++) {
            series.add(at(t));
        }
        assertThat(series.oldest()).isEqualTo(11);
        assertThat(series.newest()).isEqualTo(Series.SIZE + 10);
        assertThat(series.between(15, 17)).extracting(Point::hits).containsExactly(15.0, 16.0, 17.0);
        assertThat(series.between(15, 17).get(0).contended()).isNaN();
    }

    @Test
    void eachPointIsStoredOnce() {
        Series series = new Series();
        series.add(at(1));
        series.add(at(2));
        assertThat(series.unflushed()).hasSize(2);
        assertThat(series.unflushed()).isEmpty();
        series.add(at(3));
        assertThat(series.unflushed()).extracting(Point::at).containsExactly(3L);
        for (long t = 4; t < 4 + 2 * Series.SIZE; t++) {
            series.add(at(t));
        }
        assertThat(series.unflushed()).as("what was overwritten meanwhile is lost, not repeated").hasSize(Series.SIZE);
    }
}
