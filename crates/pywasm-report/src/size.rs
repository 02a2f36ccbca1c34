//! Sizes for people.

/// `bytes` in decimal units (1 kB is 1000 bytes) with three digits: `999 B`, `4.10 kB`,
/// `2.97 MB`.
pub fn human(bytes: u64) -> String {
    if bytes < 1000 {
        return format!("{bytes} B");
    }
    let mut value = bytes as f64;
    let mut unit = "";
    for larger in ["kB", "MB", "GB"] {
        // What would be rounded to 1000 is 1.00 of the next unit.
        if value < 999.5 {
            break;
        }
        value /= 1000.0;
        unit = larger;
    }
    let decimals = match value {
        ..9.995 => 2,
        ..99.95 => 1,
        _ => 0,
    };
    format!("{value:.decimals$} {unit}")
}

#[cfg(test)]
mod tests {
    use super::human;

    #[test]
    fn rounding_makes_no_fourth_digit() {
        let texts = [
            9_994,
            9_996,
            99_949,
            99_960,
            999_499,
            999_500,
            999_999_999,
            5_000_000_000_000,
        ]
        .map(human);
        let wanted = [
            "9.99 kB", "10.0 kB", "99.9 kB", "100 kB", "999 kB", "1.00 MB", "1.00 GB", "5000 GB",
        ];
        assert_eq!(texts, wanted.map(str::to_owned));
    }

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
