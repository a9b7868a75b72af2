//! For which places an import may bring lines, as one text in the store.

use kernel::Refusal;
use people::staff::PlaceFilter;

/// The whole country.
const EVERYWHERE: &str = "*";

/// `*`, or the codes in their order with commas between them.
pub fn text(within: &PlaceFilter) -> String {
    match within {
        PlaceFilter::All => EVERYWHERE.to_owned(),
        PlaceFilter::Within(places) => {
            let mut codes: Vec<String> = places.iter().map(ToString::to_string).collect();
            codes.sort();
            codes.dedup();
            codes.join(",")
        }
    }
}

/// The same, read back; a text of no code is no place at all.
///
/// # Errors
/// `kernel.bad_place_code`.
pub fn read(text: &str) -> Result<PlaceFilter, Refusal> {
    if text == EVERYWHERE {
        return Ok(PlaceFilter::All);
    }
    let codes = text.split(',').filter(|code| !code.is_empty());
    codes
        .map(str::parse)
        .collect::<Result<_, _>>()
        .map(PlaceFilter::Within)
}

/// Whether lines of a county may come in.
pub fn covers(within: &PlaceFilter, county: i32) -> bool {
    let code = kernel::PlaceCode::try_from(i64::from(county));
    *within == PlaceFilter::All || code.is_ok_and(|code| within.covers(code))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_read_back_as_they_were_written_and_no_place_is_never_the_whole_country() {
        let places =
            |codes: &[&str]| PlaceFilter::Within(codes.iter().map(|code| code.parse().unwrap()).collect());
        for (within, written) in [
            (PlaceFilter::All, "*"),
            (places(&["621226"]), "621226"),
            (places(&["532528", "621226"]), "532528,621226"),
            (places(&[]), ""),
        ] {
            assert_eq!(text(&within), written);
            assert_eq!(read(written).unwrap(), within);
        }
        assert!(read("somewhere").is_err());
        assert!(covers(&places(&["621200"]), 621_226) && !covers(&places(&["621200"]), 532_528));
        assert!(covers(&PlaceFilter::All, 532_528) && !covers(&places(&[]), 532_528));
    }
}
