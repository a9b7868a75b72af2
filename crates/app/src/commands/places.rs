//! `fishpond places show`.

use std::process::ExitCode;

use kernel::{Fault, PlaceCode, Refusal};
use people::places::Places as Country;

use crate::cli::{Places, Settings};
use crate::terminal::{say, say_json};
use crate::world;

/// Runs it.
///
/// # Errors
/// `places.*` where there is no such place, or it is not what was asked for.
pub fn run(settings: &Settings, command: Places) -> Result<ExitCode, Refusal> {
    let Places::Show { place, national_poverty_county } = command;
    let (country, lang) = (Country::national(), world::lang(settings));
    let cards = match place.parse::<PlaceCode>() {
        Ok(code) => vec![country.card_of_code(code)?],
        Err(_) => country.find(&place).into_iter().map(|found| country.describe(found)).collect(),
    };
    if cards.is_empty() {
        return Err(Refusal::new("places.unknown_name", Fault::Missing).value(place));
    }
    if national_poverty_county {
        for card in &cards {
            country.require_poverty_county(card.code)?;
        }
    }
    if settings.json {
        say_json(&cards)?;
    } else {
        for card in &cards {
            say(card.to_text(lang));
        }
    }
    Ok(ExitCode::SUCCESS)
}
