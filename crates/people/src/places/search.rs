//! From a name to a place: strictly for files ([`Places::by_full_name`]), generously for people ([`Places::find`]).
//!
//! A name is taken from its end: each tail of the text that is a name of some place is a candidate if what stands
//! before it is its province, its prefecture, or both, in full or short form. Full names are asked first, then short
//! forms, then names that ended; the first of the three that answers decides.

use std::collections::BTreeSet;

use kernel::{Fault, PlaceCode, Refusal};

use super::book::{Place, Places};
use super::history::FormerRecord;
use super::names;

/// What some files put between a province and a unit directly under it.
const FILLERS: [&str; 5] = [
    "市辖区",
    "县",
    "省直辖县级行政区划",
    "自治区直辖县级行政区划",
    "直辖",
];

impl Places {
    /// The one place a name means: `甘肃省陇南市礼县`, `甘肃礼县`, `礼县`, `定西岷县`, `甘肃省 定西市 岷县`, also a name
    /// that has ended since 1981 and its pinyin.
    ///
    /// Refused with `places.ambiguous_name` when several places fit (it names them), with `places.split_code` when the
    /// name ended and its land went to several places, and with `places.unknown_name` when none fits.
    pub fn by_full_name(&self, text: &str) -> Result<PlaceCode, Refusal> {
        let folded = names::folded(text);
        let hits = self.hits(&folded);
        let codes = if hits.full.is_empty() {
            hits.short
        } else {
            hits.full
        };
        match codes.as_slice() {
            [] => self.by_former_name(text, &folded),
            [only] => Ok(*only),
            several => Err(self.ambiguous(text, several)),
        }
    }

    /// The places a search may mean, the best first. Digits are the beginning of a code (a code that ended leads to its
    /// successors); else a whole name in Chinese or pinyin, with or without blanks and the places above it; else the
    /// beginning or, in Chinese, any part of a name.
    pub fn find(&self, text: &str) -> Vec<&Place> {
        let folded = names::folded(text);
        if folded.is_empty() {
            return Vec::new();
        }
        if folded.bytes().all(|byte| byte.is_ascii_digit()) {
            return self.find_code(&folded);
        }
        let hits = self.hits(&folded);
        let mut codes = hits.full;
        for code in hits.short {
            if !codes.contains(&code) {
                codes.push(code);
            }
        }
        if codes.is_empty() {
            codes = self.former(&folded).1.into_iter().collect();
        }
        if codes.is_empty() {
            return self.find_part(&folded);
        }
        codes.into_iter().filter_map(|code| self.get(code)).collect()
    }

    fn find_code(&self, digits: &str) -> Vec<&Place> {
        if let Ok(code) = digits.parse::<PlaceCode>() {
            if let Some(place) = self.get(code.county().unwrap_or(code)) {
                return vec![place];
            }
            if let Some(record) = self.history.of_code(code).next_back() {
                return self
                    .history
                    .places_of_today(record)
                    .into_iter()
                    .filter_map(|c| self.get(c))
                    .collect();
            }
        }
        self.in_force
            .iter()
            .filter(|place| place.code.to_string().starts_with(digits))
            .collect()
    }

    /// Places whose name begins with a text, then those that have it inside.
    fn find_part(&self, folded: &str) -> Vec<&Place> {
        let begins = |place: &Place| {
            let mut pinyin = place.pinyin.chars().filter(|letter| *letter != ' ');
            place.name_zh.starts_with(folded) || folded.chars().all(|letter| pinyin.next() == Some(letter))
        };
        let inside = |place: &Place| !place.name_zh.starts_with(folded) && place.name_zh.contains(folded);
        let first = self.in_force.iter().filter(|place| begins(place));
        first
            .chain(self.in_force.iter().filter(|place| inside(place)))
            .collect()
    }

    /// Every place that a folded text names, sorted by code.
    fn hits(&self, folded: &str) -> Hits {
        let mut hits = Hits::default();
        for (start, _) in folded.char_indices() {
            let (before, tail) = folded.split_at(start);
            for hit in self.by_name.get(tail).into_iter().flatten() {
                let Some(place) = self.in_force.get(hit.place) else {
                    continue;
                };
                if self.fits_before(before, place.code, place.province, self.prefecture_forms(place)) {
                    let list = if hit.is_full {
                        &mut hits.full
                    } else {
                        &mut hits.short
                    };
                    list.push(place.code);
                }
            }
        }
        for list in [&mut hits.full, &mut hits.short] {
            list.sort_unstable();
            list.dedup();
        }
        hits
    }

    /// True when what stands before a name is its province, its prefecture or both.
    fn fits_before(&self, before: &str, code: PlaceCode, province: PlaceCode, prefecture: &[String]) -> bool {
        if before.is_empty() || prefecture.iter().any(|form| form == before) {
            return true;
        }
        if code == province {
            return false;
        }
        let provinces = self
            .parent_forms
            .get(&province)
            .map(Vec::as_slice)
            .unwrap_or_default();
        let behind = |form: &String| before.strip_prefix(form.as_str());
        provinces.iter().filter_map(behind).any(|rest| {
            rest.is_empty()
                || prefecture.iter().any(|form| form == rest)
                || (prefecture.is_empty() && is_filler(rest, provinces))
        })
    }

    fn prefecture_forms(&self, place: &Place) -> &[String] {
        let forms = place.prefecture.and_then(|code| self.parent_forms.get(&code));
        forms.map(Vec::as_slice).unwrap_or_default()
    }

    /// The codes that once had a name, and the places of today they lead to. A place inside another of them is left
    /// out: 襄樊 was a city of its own before it was the prefecture around it.
    fn former(&self, folded: &str) -> (BTreeSet<PlaceCode>, BTreeSet<PlaceCode>) {
        let mut named = BTreeSet::new();
        let mut today = BTreeSet::new();
        for (start, _) in folded.char_indices() {
            let (before, tail) = folded.split_at(start);
            for position in self.by_former_name.get(tail).into_iter().flatten() {
                let Some(record) = self.history.records.get(*position) else {
                    continue;
                };
                let prefecture = former_prefecture_forms(record);
                if self.fits_before(before, record.code, record.code.province(), &prefecture) {
                    named.insert(record.code);
                    today.extend(self.history.places_of_today(record));
                }
            }
        }
        let outermost = today
            .iter()
            .filter(|code| !today.iter().any(|o| o != *code && code.is_within(*o)));
        (named, outermost.copied().collect())
    }

    fn by_former_name(&self, text: &str, folded: &str) -> Result<PlaceCode, Refusal> {
        let (named, today) = self.former(folded);
        let codes: Vec<PlaceCode> = today.into_iter().collect();
        match (named.len(), codes.as_slice()) {
            (0, _) => Err(self.unknown_name(text)),
            (_, [only]) => Ok(*only),
            (1, several) => Err(self.split(text, several)),
            (_, several) => Err(self.ambiguous(text, several)),
        }
    }

    fn ambiguous(&self, text: &str, codes: &[PlaceCode]) -> Refusal {
        Refusal::new("places.ambiguous_name", Fault::Refused)
            .value(text)
            .fact("candidates", self.named(codes))
    }

    /// Names the places that come near, when a part of the text is a part of a name.
    fn unknown_name(&self, text: &str) -> Refusal {
        let near: Vec<PlaceCode> = self
            .find_part(&names::folded(text))
            .iter()
            .map(|place| place.code)
            .collect();
        let refusal = Refusal::new("places.unknown_name", Fault::Missing).value(text);
        if near.is_empty() || text.trim().is_empty() {
            refusal
        } else {
            refusal.fact("near", self.named(&near))
        }
    }
}

/// The places a text names by a full name and by a short form.
#[derive(Default)]
struct Hits {
    full: Vec<PlaceCode>,
    short: Vec<PlaceCode>,
}

/// The forms of the prefecture a record stood in; none when it stood directly under the province.
fn former_prefecture_forms(record: &FormerRecord) -> Vec<String> {
    if record.prefecture.is_empty() || record.prefecture == "直辖" {
        return Vec::new();
    }
    let mut forms = vec![record.prefecture.to_owned()];
    forms.extend(names::short_forms(record.prefecture));
    forms
}

/// True for what may stand where a prefecture would: `市辖区` and such, or the municipality again (`北京北京市`).
fn is_filler(rest: &str, provinces: &[String]) -> bool {
    let bare = provinces
        .iter()
        .find_map(|form| rest.strip_prefix(form.as_str()))
        .unwrap_or(rest);
    bare.is_empty() || FILLERS.contains(&bare)
}
