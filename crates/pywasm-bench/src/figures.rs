//! Computes medians of durations, and formats figures with three digits.

use std::time::Duration;

use serde::Serialize;

/// The median and the range of several measurements, in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub(crate) struct Figures {
    pub(crate) median: f64,
    pub(crate) min: f64,
    pub(crate) max: f64,
}

impl Figures {
    /// Computes the figures of some measurements. Without any, they are 0.
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

/// Converts a duration to milliseconds.
pub(crate) fn ms(time: Duration) -> f64 {
    time.as_nanos() as f64 / 1e6
}

/// From this number of milliseconds on, times are shown in seconds.
const SECOND: f64 = 999.5;

/// Formats a time: `0.213 ms`, `21.6 ms`, `1.76 s`.
pub(crate) fn format_time(ms: f64) -> String {
    if ms < SECOND {
        format!("{} ms", format_digits(ms))
    } else {
        format!("{} s", format_digits(ms / 1000.0))
    }
}

/// Formats the smallest and the largest time with `between` between them. If both have the same unit,
/// it is written once.
pub(crate) fn format_span(times: Figures, between: &str) -> String {
    let (min, max) = (times.min, times.max);
    let start = if max < SECOND {
        format_digits(min)
    } else if min < SECOND {
        format_time(min)
    } else {
        format_digits(min / 1000.0)
    };
    format!("{start} {between} {}", format_time(max))
}

/// Formats a number of things: `1 start`, `2 starts`.
pub(crate) fn format_count(number: u32, thing: &str) -> String {
    format!("{number} {thing}{}", if number == 1 { "" } else { "s" })
}

/// Formats a number with three digits, at most three of them after the point.
pub(crate) fn format_digits(value: f64) -> String {
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
            format_span(
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
        let texts = [0.0, 0.2134, 0.9996, 2.994, 9.996, 21.63, 999.4, 999.6, 12_345.0].map(format_time);
        let wanted = [
            "0.000 ms", "0.213 ms", "1.00 ms", "2.99 ms", "10.0 ms", "21.6 ms", "999 ms", "1.00 s", "12.3 s",
        ];
        assert_eq!(texts, wanted.map(str::to_owned));
    }
}
