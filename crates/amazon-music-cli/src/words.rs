//! Rates, times and lists as a person reads them.

use std::time::Duration;

/// A rate as a person reads it.
pub(crate) fn rate_in_words(per_second: f64) -> String {
    if per_second < 0.1 {
        format!("about {per_second:.3} requests a second")
    } else if per_second < 1.5 {
        format!("about {per_second:.1} requests a second")
    } else {
        format!("about {per_second:.0} requests a second")
    }
}

/// A time to wait as a person reads it, rounded up: `20 s`, `10 min`, `3 h`.
pub(crate) fn time_in_words(time: Duration) -> String {
    let fraction = u64::from(time.subsec_nanos() > 0);
    let seconds = time.as_secs().saturating_add(fraction);
    match seconds {
        0..=120 => format!("{} s", seconds.max(1)),
        121..=7200 => format!("{} min", seconds.div_ceil(60)),
        7201..=172_800 => format!("{} h", seconds.div_ceil(3600)),
        _ => format!("{} days", seconds.div_ceil(24 * 3600)),
    }
}

/// A count with thousands apart: `26,401`.
pub(crate) fn count_in_words(count: u64) -> String {
    let digits = count.to_string();
    let mut words = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            words.push(',');
        }
        words.push(digit);
    }
    words
}

/// A count of things: `1 row`, `2 rows`.
pub(crate) fn things_in_words(count: u64, thing: &str) -> String {
    let end = if count == 1 { "" } else { "s" };
    format!("{} {thing}{end}", count_in_words(count))
}

/// A size as a person reads it, in powers of 1000: `512 bytes`, `8.1 MB`.
pub(crate) fn size_in_words(bytes: u64) -> String {
    let units = [(1_000_000_000, "GB"), (1_000_000, "MB"), (1000, "kB")];
    match units.into_iter().find(|(unit, _)| bytes >= *unit) {
        None => things_in_words(bytes, "byte"),
        Some((unit, name)) => {
            let tenths = bytes / (unit / 10);
            match tenths {
                0..100 => format!("{}.{} {name}", tenths / 10, tenths % 10),
                _ => format!("{} {name}", tenths / 10),
            }
        }
    }
}

/// Words as a list with a last conjunction: `albums, playlists or tracks`.
pub(crate) fn list_in_words(words: &[impl AsRef<str>], conjunction: &str) -> String {
    let words: Vec<&str> = words.iter().map(AsRef::as_ref).collect();
    match &*words {
        [] => String::new(),
        [only] => (*only).to_owned(),
        [most @ .., last] => format!("{} {conjunction} {last}", most.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_rounded_up() {
        let words = |millis| time_in_words(Duration::from_millis(millis));
        assert_eq!(words(0), "1 s");
        assert_eq!(words(19_001), "20 s");
        assert_eq!(words(120_000), "120 s");
        assert_eq!(words(599_500), "10 min");
        assert_eq!(words(7_200_001), "3 h");
        assert_eq!(words(83_276_000), "24 h");
        assert_eq!(words(1_000_000_000), "12 days");
        assert_eq!(time_in_words(Duration::MAX), "213503982334602 days");
    }

    #[test]
    fn counts_and_sizes_are_short() {
        for (count, words) in [
            (0, "0 rows"),
            (1, "1 row"),
            (999, "999 rows"),
            (26_401, "26,401 rows"),
        ] {
            assert_eq!(things_in_words(count, "row"), words);
        }
        assert_eq!(count_in_words(1_234_567), "1,234,567");
        for (bytes, words) in [
            (1, "1 byte"),
            (999, "999 bytes"),
            (1000, "1.0 kB"),
            (9_999, "9.9 kB"),
            (10_000, "10 kB"),
            (8_149_000, "8.1 MB"),
            (999_999_999, "999 MB"),
            (12_000_000_000, "12 GB"),
        ] {
            assert_eq!(size_in_words(bytes), words);
        }
    }

    #[test]
    fn rates_have_the_digits_that_matter() {
        assert_eq!(rate_in_words(0.001), "about 0.001 requests a second");
        assert_eq!(rate_in_words(0.5), "about 0.5 requests a second");
        assert_eq!(rate_in_words(9.04), "about 9 requests a second");
    }
}
