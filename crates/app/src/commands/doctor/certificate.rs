//! Certificate and key as the service will read them, and until when the certificate is good.
//!
//! Of the certificate (X.509, DER) only the end of its validity is read, by walking over what stands before it.

use std::path::Path;

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};
use kernel::{Fault, Refusal};

use crate::serve::tls::{self, Tls};

/// So many hours before its end a certificate should have been renewed.
const RENEW_HOURS: i64 = 14 * 24;

const SEQUENCE: u8 = 0x30;
const VERSION: u8 = 0xa0;
const UTC_TIME: u8 = 0x17;
const GENERALIZED_TIME: u8 = 0x18;

/// Reads both files as the service does; refused where they do not fit, or the certificate ends within two weeks.
pub(super) fn look(cert: &Path, key: &Path, now: Timestamp) -> Result<String, Refusal> {
    Tls::open(cert, key)?;
    let chain = tls::chain(cert)?;
    let Some(end) = chain.first().and_then(|own| not_after(own)) else {
        return Err(Refusal::new("app.tls_unusable", Fault::Refused)
            .at(cert.display())
            .fact("cause", "no end of validity"));
    };
    let renew = end.checked_sub(RENEW_HOURS.hours()).unwrap_or(end);
    if now >= renew {
        return Err(Refusal::new("app.tls_expires", Fault::Refused)
            .at(cert.display())
            .value(end));
    }
    Ok(format!("{} → {end}", cert.display()))
}

/// Until when a certificate is good.
fn not_after(der: &[u8]) -> Option<Timestamp> {
    let (_, certificate, _) = element(der, Some(SEQUENCE))?;
    let (_, signed, _) = element(certificate, Some(SEQUENCE))?;
    let rest = match element(signed, None)? {
        (VERSION, _, rest) => rest,
        _ => signed,
    };
    // Serial number, algorithm, issuer; then the validity.
    let (_, _, rest) = element(rest, None)?;
    let (_, _, rest) = element(rest, Some(SEQUENCE))?;
    let (_, _, rest) = element(rest, Some(SEQUENCE))?;
    let (_, validity, _) = element(rest, Some(SEQUENCE))?;
    let (_, _, rest) = element(validity, None)?;
    let (tag, time, _) = element(rest, None)?;
    let text = std::str::from_utf8(time).ok()?.strip_suffix('Z')?;
    let digits = match tag {
        // Two digits of the year: from 50 it is the last century (RFC 5280).
        UTC_TIME if text.get(..2)? < "50" => format!("20{text}"),
        UTC_TIME => format!("19{text}"),
        GENERALIZED_TIME => text.to_owned(),
        _ => return None,
    };
    let time = DateTime::strptime("%Y%m%d%H%M%S", digits).ok()?;
    TimeZone::UTC.to_timestamp(time).ok()
}

/// The tag and content of the first element, and what follows it.
fn element(der: &[u8], wanted: Option<u8>) -> Option<(u8, &[u8], &[u8])> {
    let (&tag, rest) = der.split_first()?;
    if wanted.is_some_and(|wanted| wanted != tag) {
        return None;
    }
    let (&first, rest) = rest.split_first()?;
    let (length, rest) = if first < 0x80 {
        (usize::from(first), rest)
    } else {
        let (length, rest) = rest.split_at_checked(usize::from(first & 0x7f))?;
        if length.len() > size_of::<u32>() {
            return None;
        }
        let length = length.iter().fold(0, |sum, &byte| (sum << 8) | usize::from(byte));
        (length, rest)
    };
    let (content, rest) = rest.split_at_checked(length)?;
    Some((tag, content, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrapped(tag: u8, content: &[u8]) -> Vec<u8> {
        let length = u8::try_from(content.len()).unwrap();
        let mut der = vec![tag, 0x81, length];
        der.extend(content);
        der
    }

    fn certificate(tag: u8, end: &[u8]) -> Vec<u8> {
        let validity = [wrapped(UTC_TIME, b"180101000000Z"), wrapped(tag, end)].concat();
        let signed = [
            wrapped(VERSION, &[2, 1, 2]),
            wrapped(2, &[7]),
            wrapped(SEQUENCE, &[]),
            wrapped(SEQUENCE, &[]),
            wrapped(SEQUENCE, &validity),
        ];
        wrapped(SEQUENCE, &wrapped(SEQUENCE, &signed.concat()))
    }

    #[test]
    fn the_end_of_a_certificate_is_read_in_both_forms() {
        for (tag, text, end) in [
            (UTC_TIME, "261231235959Z", Some("2026-12-31T23:59:59Z")),
            (GENERALIZED_TIME, "20510101000000Z", Some("2051-01-01T00:00:00Z")),
            (UTC_TIME, "2612312359", None),
            (SEQUENCE, "261231235959Z", None),
        ] {
            let end = end.map(|end| end.parse::<Timestamp>().unwrap());
            assert_eq!(not_after(&certificate(tag, text.as_bytes())), end, "{text}");
        }
    }

    #[test]
    fn a_certificate_that_is_cut_off_says_nothing_and_stops_nothing() {
        let whole = certificate(UTC_TIME, b"261231235959Z");
        for length in 0..whole.len() {
            assert_eq!(not_after(&whole[..length]), None, "{length}");
        }
    }
}
