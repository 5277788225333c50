//! Durations as people write them: `60s`, `5m`, `250ms`, `1h30m`, `1.5s`.

/// Whole seconds and the nanoseconds over them.
pub(crate) type Parts = (u64, u32);

const UNITS: &[(&str, u128)] = &[
    ("ns", 1),
    ("us", 1_000),
    ("µs", 1_000),
    ("ms", 1_000_000),
    ("s", 1_000_000_000),
    ("sec", 1_000_000_000),
    ("secs", 1_000_000_000),
    ("m", 60_000_000_000),
    ("min", 60_000_000_000),
    ("mins", 60_000_000_000),
    ("h", 3_600_000_000_000),
    ("hr", 3_600_000_000_000),
    ("d", 86_400_000_000_000),
    ("w", 604_800_000_000_000),
];

/// Reads a duration; a number without a unit counts seconds.
pub(crate) fn parse(text: &str) -> Result<Parts, String> {
    let text = text.trim().replace('_', "");
    if text.is_empty() {
        return Err(explain("no duration"));
    }
    if let Ok(seconds) = text.parse() {
        return Ok((seconds, 0));
    }
    let (mut rest, mut nanos) = (text.as_str(), 0_u128);
    while !rest.is_empty() {
        let (number, after) = split_at(rest, |c| c.is_ascii_digit() || c == '.');
        let (unit, after) = split_at(after.trim_start(), |c| !c.is_ascii_digit() && !c.is_whitespace());
        if number.is_empty() {
            return Err(explain(&format!("`{rest}` does not begin with a number")));
        }
        let Some((_, size)) = UNITS.iter().find(|(name, _)| *name == unit) else {
            return Err(explain(&if unit.is_empty() {
                format!("`{number}` has no unit")
            } else {
                format!("`{unit}` is no unit of time")
            }));
        };
        let part = scale(number, *size).ok_or_else(|| explain(&format!("`{number}` is no number")))?;
        nanos = nanos.checked_add(part).ok_or_else(too_long)?;
        rest = after.trim_start();
    }
    let seconds = u64::try_from(nanos / 1_000_000_000).map_err(|_| too_long())?;
    let below = u32::try_from(nanos % 1_000_000_000).map_err(|_| too_long())?;
    Ok((seconds, below))
}

/// Whether this is what stands behind a number.
pub(crate) fn is_unit(text: &str) -> bool {
    UNITS.iter().any(|(name, _)| *name == text)
}

fn split_at(text: &str, inside: impl Fn(char) -> bool) -> (&str, &str) {
    text.split_at(text.find(|c| !inside(c)).unwrap_or(text.len()))
}

/// A decimal number of units in nanoseconds, exactly; what is below a nanosecond is cut off.
fn scale(number: &str, unit: u128) -> Option<u128> {
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let mut nanos = whole.parse::<u128>().ok()?.checked_mul(unit)?;
    let mut place = unit;
    for digit in fraction.chars() {
        // Beyond the eighteenth place nothing is left of a week.
        place /= 10;
        nanos = nanos.checked_add(u128::from(digit.to_digit(10)?) * place)?;
    }
    Some(nanos)
}

fn explain(what: &str) -> String {
    format!("{what}: write a duration as `60s`, `5m`, `250ms` or `1h30m` (units: ns, us, ms, s, m, h, d, w)")
}

fn too_long() -> String {
    "a duration of more than 2^64 seconds".to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_write_is_understood() {
        let cases = [
            ("60s", (60, 0)),
            ("5m", (300, 0)),
            ("250ms", (0, 250_000_000)),
            ("1h30m", (5400, 0)),
            ("1h 30m", (5400, 0)),
            ("1.5s", (1, 500_000_000)),
            ("0.5h", (1800, 0)),
            ("60", (60, 0)),
            ("1_000ms", (1, 0)),
            ("7us", (0, 7_000)),
            ("0s", (0, 0)),
            ("2w", (1_209_600, 0)),
            ("18446744073709551615s", (u64::MAX, 0)),
        ];
        for (text, parts) in cases {
            assert_eq!(parse(text), Ok(parts), "{text}");
        }
    }

    #[test]
    fn what_is_no_duration_is_explained() {
        let cases = [
            ("", "no duration"),
            ("60x", "`x` is no unit of time"),
            ("s", "`s` does not begin with a number"),
            ("1h30", "`30` has no unit"),
            ("1.2.3s", "`1.2.3` is no number"),
            ("18446744073709551616s", "more than 2^64 seconds"),
            ("340282366920938463463374607431768211455w", "is no number"),
        ];
        for (text, reason) in cases {
            let error = parse(text).unwrap_err();
            assert!(error.contains(reason), "{text}: {error}");
        }
    }
}
