//! Everything known about one place, for `fishpond places show` and the page of a place.

use kernel::{PlaceCode, PlaceLevel, Refusal};
use serde::Serialize;

use super::book::{Place, Places, Resolution, unknown_code};
use super::names;

/// A place as the card of another one names it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NamedPlace {
    /// Its code.
    pub code: PlaceCode,
    /// Its Chinese name.
    pub name_zh: &'static str,
    /// Its English name.
    pub name_en: String,
}

/// A code and name that a place had before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FormerCode {
    /// The code.
    pub code: PlaceCode,
    /// The name under that code.
    pub name_zh: &'static str,
    /// The first year in which it stood; the records begin in 1981.
    pub from_year: i16,
    /// The first year in which it no longer stood.
    pub until_year: i16,
}

/// The entry of a county in the list of national-level poverty counties.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PovertyEntry {
    /// Its name on the list.
    pub name_zh: &'static str,
    /// Its code when the list was drawn up.
    pub code_2013: Option<PlaceCode>,
    /// The year in which it left the list.
    pub delisted_year: i16,
    /// What was decided when its codes were matched.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub note: &'static str,
}

/// The card of a place, in force or ended.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PlaceCard {
    /// Its code.
    pub code: PlaceCode,
    /// Its Chinese name.
    pub name_zh: &'static str,
    /// Its English name; for a code that ended, none.
    pub name_en: Option<String>,
    /// Its Chinese name with the places above it.
    pub full_name_zh: String,
    /// Toneless pinyin, a syllable for each character; for a code that ended, none.
    pub pinyin: Option<&'static str>,
    /// Province, prefecture or county.
    pub level: PlaceLevel,
    /// True when the code is in force.
    pub in_force: bool,
    /// The province it is in; none for a province.
    pub province: Option<NamedPlace>,
    /// The prefecture it is in today, when there is one.
    pub prefecture: Option<NamedPlace>,
    /// The codes and names before, the latest first; for a code that ended, its own years come first.
    pub former: Vec<FormerCode>,
    /// For a code that ended: the places of today that its land went to.
    pub successors: Vec<NamedPlace>,
    /// Its entry in the poverty list.
    pub poverty: Option<PovertyEntry>,
    /// Longitude of the seat in degrees, GCJ-02.
    pub longitude: Option<f64>,
    /// Latitude of the seat in degrees, GCJ-02.
    pub latitude: Option<f64>,
}

impl Places {
    /// The card of a place in force.
    pub fn describe(&self, place: &Place) -> PlaceCard {
        PlaceCard {
            code: place.code,
            name_zh: place.name_zh,
            name_en: Some(place.name_en().to_owned()),
            full_name_zh: self.full_name(place),
            pinyin: Some(place.pinyin),
            level: place.level,
            in_force: true,
            province: self
                .name_of(place.province)
                .filter(|above| above.code != place.code),
            prefecture: place.prefecture.and_then(|code| self.name_of(code)),
            former: self.former_codes(place.code),
            successors: Vec::new(),
            poverty: self.poverty_entry(place.code),
            longitude: place.lon_lat.map(|(longitude, _)| longitude),
            latitude: place.lon_lat.map(|(_, latitude)| latitude),
        }
    }

    /// The card of a code, in force or ended; `places.unknown_code` when it never stood.
    pub fn card(&self, code: PlaceCode) -> Result<PlaceCard, Refusal> {
        if let Some(place) = self.get(code) {
            return Ok(self.describe(place));
        }
        let record = self
            .history
            .of_code(code)
            .next_back()
            .ok_or_else(|| unknown_code(code))?;
        let successors = match self.resolve(code) {
            Resolution::Successor(only) => vec![only],
            Resolution::Split(codes) => codes,
            Resolution::Current | Resolution::Unknown => Vec::new(),
        };
        let province = self.name_of(code.province());
        let above = province.as_ref().map_or("", |province| province.name_zh);
        let prefecture = if record.prefecture == "直辖" {
            ""
        } else {
            record.prefecture
        };
        Ok(PlaceCard {
            code,
            name_zh: record.name,
            name_en: None,
            full_name_zh: format!("{above}{prefecture}{}", record.name),
            pinyin: None,
            level: code.level(),
            in_force: false,
            province,
            prefecture: code
                .prefecture()
                .filter(|above| *above != code)
                .and_then(|above| self.name_of(above)),
            former: self.years_of(code),
            successors: successors
                .into_iter()
                .filter_map(|code| self.name_of(code))
                .collect(),
            poverty: self.poverty_entry(code),
            longitude: None,
            latitude: None,
        })
    }

    /// The card for what a person typed: a code, or a name as [`Places::by_full_name`] takes it.
    pub fn look_up(&self, text: &str) -> Result<PlaceCard, Refusal> {
        let folded = names::folded(text);
        if !folded.is_empty() && folded.bytes().all(|byte| byte.is_ascii_digit()) {
            return self.card(folded.parse()?);
        }
        self.card(self.by_full_name(text)?)
    }

    fn name_of(&self, code: PlaceCode) -> Option<NamedPlace> {
        let place = self.get(code)?;
        Some(NamedPlace {
            code,
            name_zh: place.name_zh,
            name_en: place.name_en().to_owned(),
        })
    }

    fn poverty_entry(&self, code: PlaceCode) -> Option<PovertyEntry> {
        self.poverty_county(code).map(|county| PovertyEntry {
            name_zh: county.name,
            code_2013: county.code_2013,
            delisted_year: county.delisted_year,
            note: county.note,
        })
    }

    /// The records that ended and whose land went wholly to a place, the latest first.
    fn former_codes(&self, code: PlaceCode) -> Vec<FormerCode> {
        let mut former: Vec<FormerCode> = self
            .history
            .records
            .iter()
            .filter(|record| self.history.places_of_today(record) == [code])
            .filter_map(former_code)
            .collect();
        former.sort_by_key(|before| (std::cmp::Reverse(before.until_year), before.code));
        former
    }

    /// The years in which a code itself stood, the latest first.
    fn years_of(&self, code: PlaceCode) -> Vec<FormerCode> {
        self.history.of_code(code).rev().filter_map(former_code).collect()
    }
}

fn former_code(record: &super::history::FormerRecord) -> Option<FormerCode> {
    let ending = record.ending.as_ref()?;
    Some(FormerCode {
        code: record.code,
        name_zh: record.name,
        from_year: record.start_year,
        until_year: ending.year,
    })
}
