//! The 832 national-level poverty counties of the list of 2014 (国家级贫困县), and when each left it (摘帽).

use std::collections::HashMap;

use kernel::{Fault, PlaceCode, Refusal};

use super::book::Places;

/// An entry of the list. Its codes are those of 2013, when it was drawn up, and those of 2024.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PovertyCounty {
    /// The name in force in 2013.
    pub name: &'static str,
    /// The name as the collected list wrote it, where it differs; else the same.
    pub source_name: &'static str,
    /// The code in force then; none for three administrative committees of Haixi, Qinghai.
    pub code_2013: Option<PlaceCode>,
    /// The year in which that name and code stood: 2013 for nearly all.
    pub code_basis_year: Option<i16>,
    /// The place of 2024 that it became; none for Da Qaidam, which never had a code.
    pub code_2024: Option<PlaceCode>,
    /// Its province.
    pub province: PlaceCode,
    /// The year in which it left the list. Only the year is known.
    pub delisted_year: i16,
    /// What was decided when its codes were matched; empty for most.
    pub note: &'static str,
}

/// Where in the list a code stands: by the codes of 2024, and by the codes of 2013 that have ended.
pub(super) fn index(list: &[PovertyCounty]) -> HashMap<PlaceCode, usize> {
    let mut index = HashMap::with_capacity(list.len() * 2);
    for pick in [
        |county: &PovertyCounty| county.code_2024,
        |county: &PovertyCounty| county.code_2013,
    ] {
        for (position, county) in list.iter().enumerate() {
            if let Some(code) = pick(county) {
                index.entry(code).or_insert(position);
            }
        }
    }
    index
}

impl Places {
    /// The list itself, in its own order: 832 entries.
    pub fn poverty_counties(&self) -> &[PovertyCounty] {
        &self.poverty_list
    }

    /// The entry of a county, by its code of 2024 or of 2013; a village counts for its county.
    pub fn poverty_county(&self, code: PlaceCode) -> Option<&PovertyCounty> {
        let position = self.poverty_index.get(&code.county()?)?;
        self.poverty_list.get(*position)
    }

    /// True when the county, or the county of a village, was on the list.
    pub fn is_poverty_county(&self, code: PlaceCode) -> bool {
        self.poverty_county(code).is_some()
    }

    /// The year in which the county left the list, when it was on it.
    pub fn delisted_year(&self, code: PlaceCode) -> Option<i16> {
        self.poverty_county(code).map(|county| county.delisted_year)
    }

    /// The entry of a county, or the refusal `places.not_a_national_poverty_county`.
    pub fn require_poverty_county(&self, code: PlaceCode) -> Result<&PovertyCounty, Refusal> {
        self.poverty_county(code).ok_or_else(|| {
            let refusal = Refusal::new("places.not_a_national_poverty_county", Fault::Refused).value(code);
            match self.get(code) {
                Some(place) => refusal.fact("name", self.full_name(place)),
                None => refusal,
            }
        })
    }

    /// Each current code on the list once, sorted, with the year in which it left: 830 codes. Where two entries
    /// became one place, the later year counts.
    pub fn poverty_codes(&self) -> Vec<(PlaceCode, i16)> {
        let mut codes: Vec<(PlaceCode, i16)> = self
            .poverty_list
            .iter()
            .filter_map(|county| county.code_2024.map(|code| (code, county.delisted_year)))
            .collect();
        codes.sort_unstable_by(|(a, year_a), (b, year_b)| a.cmp(b).then(year_b.cmp(year_a)));
        codes.dedup_by_key(|(code, _)| *code);
        codes
    }
}
