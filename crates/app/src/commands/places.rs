//! `fishpond places show`.

use std::process::ExitCode;

use kernel::{Lang, Refusal};
use people::places::{PlaceCard, Places as Country};

use crate::cli::{Places, Settings};
use crate::terminal::{either, say, say_json};
use crate::world;

/// Runs it.
///
/// # Errors
/// `places.*` where there is no such place, or it is not what was asked for.
pub fn run(settings: &Settings, command: Places) -> Result<ExitCode, Refusal> {
    let Places::Show {
        place,
        national_poverty_county,
    } = command;
    let (country, lang) = (Country::national(), world::lang(settings));
    let card = country.look_up(&place)?;
    if national_poverty_county {
        country.require_poverty_county(card.code)?;
    }
    if settings.json {
        say_json(&card)?;
    } else {
        print(&card, lang);
    }
    Ok(ExitCode::SUCCESS)
}

fn print(card: &PlaceCard, lang: Lang) {
    let english = card.name_en.as_deref().unwrap_or_default();
    let state = if card.in_force {
        ""
    } else {
        either(lang, "（已撤销）", " (withdrawn)")
    };
    say(format!("{} {} {english}{state}", card.code, card.full_name_zh));
    if let (Some(longitude), Some(latitude)) = (card.longitude, card.latitude) {
        say(format!(
            "  {} {longitude}, {latitude}",
            either(lang, "驻地坐标（GCJ-02）", "seat (GCJ-02)")
        ));
    }
    for former in &card.former {
        say(format!(
            "  {} {} {} {}–{}",
            either(lang, "曾用", "formerly"),
            former.code,
            former.name_zh,
            former.from_year,
            former.until_year
        ));
    }
    for successor in &card.successors {
        say(format!(
            "  {} {} {} {}",
            either(lang, "现为", "now"),
            successor.code,
            successor.name_zh,
            successor.name_en
        ));
    }
    if let Some(entry) = &card.poverty {
        let year = entry.delisted_year;
        say(match lang {
            Lang::Zh => format!(
                "  国家级贫困县（名录作“{}”），{year} 年摘帽 {}",
                entry.name_zh, entry.note
            ),
            Lang::En => format!(
                "  national-level poverty county (listed as {}), left the list in {year} {}",
                entry.name_zh, entry.note
            ),
        });
    }
}
