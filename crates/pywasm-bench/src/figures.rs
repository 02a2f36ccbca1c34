//! Turns durations into medians, and figures into texts of three digits.

use std::time::Duration;

use serde::Serialize;

/// Three figures of a row of measurements, in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub(crate) struct Figures {
    pub(crate) median: f64,
    pub(crate) min: f64,
    pub(crate) max: f64,
}

impl Figures {
    /// Of at least one measurement; of none, zeros.
    pub(crate) fn new(times: impl Iterator<Item = Duration>) -> Self {
        let mut times: Vec<_> = times.collect();
        times.sort_unstable();
        let (Some(&min), Some(&max)) = (times.first(), times.last()) else {
            return Self {
                median: 0.0,
                min: 0.0,
                max: 0.0,
            };
        };
        let middle = times.len() / 2;
        let median = if times.len().is_multiple_of(2) {
            (times[middle - 1] + times[middle]) / 2
        } else {
            times[middle]
        };
        Self {
            median: ms(median),
            min: ms(min),
            max: ms(max),
        }
    }
}

/// Whole nanoseconds as milliseconds.
pub(crate) fn ms(time: Duration) -> f64 {
    time.as_nanos() as f64 / 1e6
}

/// From here on, milliseconds are told as seconds.
const SECOND: f64 = 999.5;

/// A time for people: `0.213 ms`, `21.6 ms`, `1.76 s`.
pub(crate) fn time(ms: f64) -> String {
    if ms < SECOND {
        format!("{} ms", digits(ms))
    } else {
        format!("{} s", digits(ms / 1000.0))
    }
}

/// The smallest and the largest, with `between` between them and one unit where it is the same.
pub(crate) fn span(times: Figures, between: &str) -> String {
    let (min, max) = (times.min, times.max);
    let start = if max < SECOND {
        digits(min)
    } else if min < SECOND {
        time(min)
    } else {
        digits(min / 1000.0)
    };
    format!("{start} {between} {}", time(max))
}

/// `1 start`, `2 starts`.
pub(crate) fn count(number: u32, thing: &str) -> String {
    format!("{number} {thing}{}", if number == 1 { "" } else { "s" })
}

/// A number with three digits, and at most three behind the point.
pub(crate) fn digits(value: f64) -> String {
    let decimals = match value {
        ..0.9995 => 3,
        ..9.995 => 2,
        ..99.95 => 1,
        _ => 0,
    };
    format!("{value:.decimals$}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn medians_are_in_the_middle() {
        let of = |millis: &[u64]| Figures::new(millis.iter().map(|&ms| Duration::from_millis(ms)));
        let odd = of(&[5, 1, 3]);
        assert_eq!((odd.median, odd.min, odd.max), (3.0, 1.0, 5.0));
        let even = of(&[4, 1, 2, 9]);
        assert_eq!((even.median, even.min, even.max), (3.0, 1.0, 9.0));
        assert_eq!(of(&[7]).median, 7.0);
    }

    #[test]
    fn a_span_has_one_unit_or_two() {
        let told = |min, max| {
            span(
                Figures {
                    median: min,
                    min,
                    max,
                },
                "-",
            )
        };
        assert_eq!(told(0.5, 1.5), "0.500 - 1.50 ms");
        assert_eq!(told(998.0, 1200.0), "998 ms - 1.20 s");
        assert_eq!(told(1100.0, 1200.0), "1.10 - 1.20 s");
    }

    #[test]
    fn three_digits_and_a_unit() {
        let texts = [0.0, 0.2134, 0.9996, 2.994, 9.996, 21.63, 999.4, 999.6, 12_345.0].map(time);
        let wanted = [
            "0.000 ms", "0.213 ms", "1.00 ms", "2.99 ms", "10.0 ms", "21.6 ms", "999 ms", "1.00 s", "12.3 s",
        ];
        assert_eq!(texts, wanted.map(str::to_owned));
    }
}
