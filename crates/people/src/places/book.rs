//! The book of places: one entry for each code in force, and a quick way to each from its code or name.

use std::collections::HashMap;
use std::sync::LazyLock;

use kernel::{Fault, PlaceCode, PlaceLevel, Refusal, Text};

use super::history::History;
use super::poverty::{self, PovertyCounty};
use super::{data, names};

static NATIONAL: LazyLock<Places> = LazyLock::new(Places::load);

/// A province, prefecture or county in force on 2024-12-31.
#[derive(Clone, Debug, PartialEq)]
pub struct Place {
    /// Its code, six digits.
    pub code: PlaceCode,
    /// Its Chinese name, without the places above it.
    pub name_zh: &'static str,
    /// The same in toneless pinyin, one syllable for each character.
    pub pinyin: &'static str,
    /// Province, prefecture or county.
    pub level: PlaceLevel,
    /// The province it is in, or itself.
    pub province: PlaceCode,
    /// The prefecture a county is in; none directly under a province and above the county.
    pub prefecture: Option<PlaceCode>,
    /// A point for the seat as (longitude, latitude), GCJ-02; 14 places have none.
    pub lon_lat: Option<(f64, f64)>,
    name_en: String,
}

impl Place {
    /// Its English name: `Li Xian`, `Dingxi Shi`, `Gansu`.
    pub fn name_en(&self) -> &str {
        &self.name_en
    }

    /// Its name in both languages, without the places above it.
    pub fn title(&self) -> Text {
        Text::new(self.name_zh, self.name_en.as_str())
    }
}

/// What became of a code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Resolution {
    /// It is in force.
    Current,
    /// It ended, and one place took its land.
    Successor(PlaceCode),
    /// It ended, and its land went to several places; none are named for most dissolved prefectures, whose counties
    /// have codes of their own.
    Split(Vec<PlaceCode>),
    /// It never stood between 1981 and 2024.
    Unknown,
}

/// A name in the index: which place, and whether the name is its full one.
#[derive(Clone, Copy)]
pub(super) struct NameHit {
    pub place: usize,
    pub is_full: bool,
}

/// The book of places. There is one, [`Places::national`].
pub struct Places {
    pub(super) in_force: Vec<Place>,
    by_code: HashMap<PlaceCode, usize>,
    ended: HashMap<PlaceCode, Resolution>,
    pub(super) history: History,
    /// Folded names in Chinese and pinyin, full and short.
    pub(super) by_name: HashMap<String, Vec<NameHit>>,
    /// Positions in the history of names that ended.
    pub(super) by_former_name: HashMap<&'static str, Vec<usize>>,
    /// The folded forms of provinces and prefectures, as they stand before a county's name.
    pub(super) parent_forms: HashMap<PlaceCode, Vec<String>>,
    pub(super) poverty_list: Vec<PovertyCounty>,
    pub(super) poverty_index: HashMap<PlaceCode, usize>,
}

impl Places {
    /// The book of China as of 2024-12-31. Read from the program itself at the first call.
    pub fn national() -> &'static Self {
        &NATIONAL
    }

    fn load() -> Self {
        let rows: Vec<data::DivisionRow> = data::divisions().collect();
        let by_code: HashMap<PlaceCode, usize> = rows.iter().map(|row| row.code).zip(0..).collect();
        let places: Vec<Place> = rows.iter().map(|row| place(row, &by_code)).collect();
        let history = History::new(data::history().collect());
        let poverty_list: Vec<PovertyCounty> = data::poverty_counties().collect();
        Self {
            ended: ended_codes(&history, &by_code),
            by_former_name: former_names(&history),
            by_name: name_index(&places),
            parent_forms: parent_forms(&places),
            poverty_index: poverty::index(&poverty_list),
            in_force: places,
            by_code,
            history,
            poverty_list,
        }
    }

    /// Every place in force, sorted by code: 3,213.
    pub fn all(&self) -> &[Place] {
        &self.in_force
    }

    /// The place in force under a code. Townships and villages are not in the book.
    pub fn get(&self, code: PlaceCode) -> Option<&Place> {
        self.in_force.get(*self.by_code.get(&code)?)
    }

    /// What became of a code; for a township or village, what became of its county.
    pub fn resolve(&self, code: PlaceCode) -> Resolution {
        let code = code.county().unwrap_or(code);
        if self.by_code.contains_key(&code) {
            return Resolution::Current;
        }
        self.ended.get(&code).cloned().unwrap_or(Resolution::Unknown)
    }

    /// The code of today for a code of any year since 1981: itself, or its one successor.
    ///
    /// Refused with `places.split_code` when its land went to several places, and with `places.unknown_code` when it
    /// never stood.
    pub fn current_code(&self, code: PlaceCode) -> Result<PlaceCode, Refusal> {
        match self.resolve(code) {
            Resolution::Current => Ok(code),
            Resolution::Successor(successor) => Ok(successor),
            Resolution::Split(codes) => Err(self.split(code, &codes)),
            Resolution::Unknown => Err(unknown_code(code)),
        }
    }

    /// The name with the places above it: `甘肃省陇南市礼县`.
    pub fn full_name(&self, place: &Place) -> String {
        let above = [Some(place.province), place.prefecture];
        let parents = above.into_iter().flatten().filter(|code| *code != place.code);
        let parents: String = parents
            .filter_map(|code| self.get(code))
            .map(|parent| parent.name_zh)
            .collect();
        parents + place.name_zh
    }

    /// Places as a refusal names them: `甘肃省陇南市礼县 (621226)、…`, at most eight.
    pub(super) fn named(&self, codes: &[PlaceCode]) -> String {
        const MOST: usize = 8;
        let shown = codes.iter().take(MOST).filter_map(|code| self.get(*code));
        let mut words: Vec<String> = shown
            .map(|place| format!("{} ({})", self.full_name(place), place.code))
            .collect();
        if codes.len() > MOST {
            words.push(format!("… +{}", codes.len() - MOST));
        }
        words.join("、")
    }

    pub(super) fn split(&self, value: impl std::fmt::Display, codes: &[PlaceCode]) -> Refusal {
        let refusal = Refusal::new("places.split_code", Fault::Refused).value(value);
        if codes.is_empty() {
            refusal
        } else {
            refusal.fact("candidates", self.named(codes))
        }
    }
}

pub(super) fn unknown_code(code: PlaceCode) -> Refusal {
    Refusal::new("places.unknown_code", Fault::Missing).value(code)
}

/// A row with what its code says: the prefecture counts only when it is itself in force.
fn place(row: &data::DivisionRow, by_code: &HashMap<PlaceCode, usize>) -> Place {
    let level = row.code.level();
    let above = row
        .code
        .prefecture()
        .filter(|above| *above != row.code && by_code.contains_key(above));
    Place {
        code: row.code,
        name_zh: row.name,
        pinyin: row.pinyin,
        level,
        province: row.code.province(),
        prefecture: above,
        lon_lat: row.lon_lat,
        name_en: names::english(row.name, row.pinyin, level == PlaceLevel::Province),
    }
}

/// What became of each code that is no longer in force. A code that stood more than once counts as it stood last.
fn ended_codes(history: &History, by_code: &HashMap<PlaceCode, usize>) -> HashMap<PlaceCode, Resolution> {
    let ended = history.codes().filter(|code| !by_code.contains_key(code));
    ended
        .filter_map(|code| {
            let mut today = history.places_of_today(history.of_code(code).next_back()?);
            let resolution = match (today.len(), today.pop()) {
                (1, Some(only)) => Resolution::Successor(only),
                (_, last) => Resolution::Split(today.into_iter().chain(last).collect()),
            };
            Some((code, resolution))
        })
        .collect()
}

fn former_names(history: &History) -> HashMap<&'static str, Vec<usize>> {
    let mut index: HashMap<&'static str, Vec<usize>> = HashMap::new();
    for (position, record) in history.records.iter().enumerate() {
        if record.ending.is_some() {
            index.entry(record.name).or_default().push(position);
        }
    }
    index
}

fn name_index(places: &[Place]) -> HashMap<String, Vec<NameHit>> {
    let mut index: HashMap<String, Vec<NameHit>> = HashMap::with_capacity(places.len() * 4);
    for (position, place) in places.iter().enumerate() {
        let mut add = |name: String, is_full: bool| {
            index.entry(name).or_default().push(NameHit {
                place: position,
                is_full,
            });
        };
        add(names::folded(place.name_zh), true);
        add(names::folded(place.pinyin), true);
        for form in names::short_forms(place.name_zh) {
            add(form, false);
        }
        if let Some(short) = short_pinyin(place) {
            add(short, false);
        }
    }
    index
}

fn parent_forms(places: &[Place]) -> HashMap<PlaceCode, Vec<String>> {
    places
        .iter()
        .filter(|place| place.level != PlaceLevel::County)
        .map(|place| {
            let mut forms = vec![place.name_zh.to_owned(), names::folded(place.pinyin)];
            forms.extend(names::short_forms(place.name_zh));
            forms.extend(short_pinyin(place));
            (place.code, forms)
        })
        .collect()
}

/// The pinyin without the kind of unit, in one word: `dingxi`. None for a base of one character.
fn short_pinyin(place: &Place) -> Option<String> {
    let parts = names::parts(place.name_zh);
    let syllables = parts.base.chars().count();
    (syllables > 1 && !parts.kind.is_empty()).then(|| place.pinyin.split(' ').take(syllables).collect())
}
