//! Which county a row speaks of, by code or by name.

use kernel::{PlaceCode, PlaceLevel};
use people::places::{Places, Resolution};

/// The county of a code of six digits (or of twelve, of which the first six are the county); a withdrawn code is
/// read as the one that took its place.
pub fn county_by_code(text: &[u8], places: &Places) -> Result<i32, &'static str> {
    let text = text.trim_ascii();
    if !matches!(text.len(), 6 | 12) || !text.iter().all(u8::is_ascii_digit) {
        return Err("sales.bad_place_code");
    }
    let digits = std::str::from_utf8(text.get(..6).unwrap_or_default()).unwrap_or_default();
    let code: PlaceCode = digits.parse().map_err(|_| "sales.bad_place_code")?;
    match places.resolve(code) {
        Resolution::Current => county(code, places),
        Resolution::Successor(successor) => county(successor, places),
        Resolution::Split(_) => Err("sales.split_place"),
        Resolution::Unknown => Err("sales.unknown_place"),
    }
}

/// The county of a full name.
pub fn county_by_name(text: &[u8], places: &Places) -> Result<i32, &'static str> {
    let name = std::str::from_utf8(text.trim_ascii()).unwrap_or_default();
    let code = places.by_full_name(name).map_err(|refusal| match refusal.code {
        "places.ambiguous_name" => "sales.ambiguous_place",
        _ => "sales.unknown_place",
    })?;
    county(code, places)
}

/// A county unit, or one of the prefectural cities that have none below them (such as 441900 Dongguan).
fn county(code: PlaceCode, places: &Places) -> Result<i32, &'static str> {
    let below = || places.all().iter().any(|place| place.prefecture == Some(code));
    let counts = match places.get(code).map(|place| place.level) {
        Some(PlaceLevel::County) => true,
        Some(PlaceLevel::Prefecture) => !below(),
        _ => false,
    };
    if !counts {
        return Err("sales.place_not_county");
    }
    code.as_u32()
        .and_then(|code| i32::try_from(code).ok())
        .ok_or("sales.bad_place_code")
}
