//! Formats sizes for people, and parses the sizes that people write.

use std::fmt::Write as _;

/// The units of a size and their bytes; upper and lower case are the same.
const UNITS: [(&str, u64); 7] = [
    ("B", 1),
    ("kB", 1000),
    ("MB", 1_000_000),
    ("GB", 1_000_000_000),
    ("KiB", 1 << 10),
    ("MiB", 1 << 20),
    ("GiB", 1 << 30),
];

/// A text that is not a size.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not a size: {why}")]
pub struct InvalidSize {
    text: String,
    why: &'static str,
}

/// Parses a size as people write it: `150 kB`, `2.5MB`, `1 MiB`, `4096`. Fractions of a byte are
/// dropped.
///
/// # Errors
/// When the text has no number or an unknown unit, or when the size needs more than 64 bits.
pub fn parse_size(text: &str) -> Result<u64, InvalidSize> {
    let wrong = |why| InvalidSize {
        text: text.chars().take(80).collect(),
        why,
    };
    let (number, unit) = split_unit(text);
    if number.starts_with('-') {
        return Err(wrong("sizes cannot be negative"));
    }
    let (whole, decimals) = number.split_once('.').unwrap_or((number, ""));
    let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let has_point = number.contains('.');
    if whole.is_empty() || !is_digits(whole) || !is_digits(decimals) || (has_point && decimals.is_empty()) {
        return Err(wrong("sizes start with a number"));
    }
    let factor = match unit {
        "" if has_point => return Err(wrong("a decimal number needs a unit")),
        "" => 1,
        unit => match UNITS.iter().find(|(name, _)| name.eq_ignore_ascii_case(unit)) {
            Some((_, factor)) => *factor,
            None => return Err(wrong("the units are B, kB, MB, GB, KiB, MiB and GiB")),
        },
    };
    // Eighteen decimals resolve a byte of any unit, and fit into 128 bits.
    let decimals = &decimals[..decimals.len().min(18)];
    let digits = |text: &str| text.parse::<u128>().ok();
    let bytes = digits(whole)
        .and_then(|whole| whole.checked_mul(u128::from(factor)))
        .and_then(|whole| {
            let part = digits(decimals).unwrap_or(0) * u128::from(factor);
            whole.checked_add(part / 10_u128.pow(decimals.len() as u32))
        });
    let bytes = bytes.and_then(|bytes| u64::try_from(bytes).ok());
    bytes.ok_or_else(|| wrong("the number is too large"))
}

/// Formats the smallest size of three digits that is at least `bytes`, in the unit of `text`.
pub fn format_size_like(text: &str, bytes: u64) -> String {
    let (number, unit) = split_unit(text);
    let factor = UNITS
        .iter()
        .find(|(name, _)| name.eq_ignore_ascii_case(unit))
        .map_or(1, |(_, factor)| *factor);
    if factor == 1 {
        let digits = bytes.checked_ilog10().unwrap_or(0);
        let step = 10_u64.pow(digits.saturating_sub(2));
        let rounded = bytes.div_ceil(step).saturating_mul(step);
        return format!("{rounded}{}", &text.trim()[number.len()..]);
    }
    let decimals = match bytes / factor {
        ..10 => 2,
        10..100 => 1,
        _ => 0,
    };
    let scale = 10_u128.pow(decimals);
    let scaled = (u128::from(bytes) * scale).div_ceil(u128::from(factor));
    let mut written = (scaled / scale).to_string();
    if decimals > 0 {
        let part = format!("{:0width$}", scaled % scale, width = decimals as usize);
        let part = part.trim_end_matches('0');
        if !part.is_empty() {
            // Writing to a string cannot fail.
            let _fine = write!(written, ".{part}");
        }
    }
    written + &text.trim()[number.len()..]
}

/// Splits a text into its number and its unit.
fn split_unit(text: &str) -> (&str, &str) {
    let text = text.trim();
    let end = text
        .find(|c: char| !c.is_ascii_digit() && !"-.".contains(c))
        .unwrap_or(text.len());
    (&text[..end], text[end..].trim_start())
}

/// Formats a change of size, like [`format_size`] with a sign: `+4.10 kB`, `-12 B`.
pub fn format_size_change(bytes: i64) -> String {
    let sign = if bytes < 0 { '-' } else { '+' };
    format!("{sign}{}", format_size(bytes.unsigned_abs()))
}

/// Formats `bytes` in decimal units (1 kB is 1000 bytes) with three digits: `999 B`, `4.10 kB`,
/// `2.97 MB`.
pub fn format_size(bytes: u64) -> String {
    if bytes < 1000 {
        return format!("{bytes} B");
    }
    let mut value = bytes as f64;
    let mut unit = "";
    for larger in ["kB", "MB", "GB"] {
        // A value that would round to 1000 becomes 1.00 of the next unit.
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
    use super::*;

    #[test]
    fn sizes_are_read_as_people_write_them() {
        for (text, bytes) in [
            ("0", 0),
            ("4096", 4096),
            ("4096 B", 4096),
            ("150 kB", 150_000),
            ("150KB", 150_000),
            ("2.5 MB", 2_500_000),
            ("2.4999999 mb", 2_499_999),
            ("1 MiB", 1_048_576),
            ("1.5KiB", 1536),
            ("0.0001 kB", 0),
            (" 1 GB ", 1_000_000_000),
            ("18446744073709551615", u64::MAX),
        ] {
            assert_eq!(parse_size(text), Ok(bytes), "{text}");
        }
        for text in [
            "",
            "kB",
            "1 TB",
            "1 kb/s",
            "-1",
            "-5 kB",
            "1e6",
            "1.2.3 MB",
            "1. kB",
            ".5 kB",
            "1.5",
            "18446744073709551616",
            "99999999999999999999999999999999999999999999 GB",
            "٣ kB",
            "1,5 MB",
        ] {
            assert!(parse_size(text).is_err(), "{text}");
        }
        assert_eq!(
            parse_size("2 blocks").expect_err("an error").to_string(),
            "`2 blocks` is not a size: the units are B, kB, MB, GB, KiB, MiB and GiB"
        );
    }

    #[test]
    fn a_raised_size_keeps_its_unit_and_holds_the_bytes() {
        for (old, bytes, new) in [
            ("2.5 MB", 2_630_001, "2.64 MB"),
            ("2.5MB", 3_000_000, "3MB"),
            ("150 kB", 157_001, "158 kB"),
            ("1 KiB", 20_000, "19.6 KiB"),
            ("10 B", 12, "12 B"),
            ("2500000", 2_600_001, "2610000"),
            ("40", 44, "44"),
            ("1 MB", 9_999_999, "10 MB"),
        ] {
            assert_eq!(format_size_like(old, bytes), new, "{old}");
            assert!(parse_size(new).expect("a size") >= bytes, "{new}");
        }
        assert_eq!(format_size_change(-1500), "-1.50 kB");
    }

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
        .map(format_size);
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
        .map(format_size);
        assert_eq!(
            texts,
            [
                "0 B", "999 B", "1.00 kB", "12.3 kB", "999 kB", "2.96 MB", "123 MB", "4.00 GB"
            ]
            .map(str::to_owned)
        );
    }
}
