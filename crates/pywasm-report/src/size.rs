//! Sizes for people.

/// `bytes` in decimal units with three digits: `999 B`, `4.1 kB`, `2.97 MB`.
pub fn human(bytes: u64) -> String {
    let (value, unit) = match bytes {
        0..1_000 => return format!("{bytes} B"),
        1_000..1_000_000 => (bytes as f64 / 1e3, "kB"),
        1_000_000..1_000_000_000 => (bytes as f64 / 1e6, "MB"),
        _ => (bytes as f64 / 1e9, "GB"),
    };
    let decimals = if value < 10.0 {
        2
    } else if value < 100.0 {
        1
    } else {
        0
    };
    format!("{value:.decimals$} {unit}")
}

#[cfg(test)]
mod tests {
    use super::human;

    #[test]
    fn three_digits_and_a_unit() {
        let texts = [
            0,
            999,
            1_000,
            12_345,
            999_499,
            2_965_000,
            123_456_789,
            4_000_000_000,
        ]
        .map(human);
        assert_eq!(
            texts,
            [
                "0 B", "999 B", "1.00 kB", "12.3 kB", "999 kB", "2.96 MB", "123 MB", "4.00 GB"
            ]
            .map(str::to_owned)
        );
    }
}
