//! The programme folder as a whole: reads every file, then holds the files against one another.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use forms::XForm;
use kernel::{Fault, Period, Refusal, Text};
use serde::Deserialize;

use crate::figures::FigureDef;
use crate::layout::Layout;
use crate::milestones::{self, Milestone};
use crate::model_counties::{self, ModelCounty};
use crate::parties::{self, Party};
use crate::products::{self, ChannelCounty, Product};
use crate::published::{self, PublishedFigure};
use crate::recognition::RuleBook;
use crate::registers::RegisterLayout;
use crate::source::Source;
use crate::{Finding, embedded, phone_forms, together};

/// No programme file is larger than this, in bytes.
const FILE_BYTES_MAX: u64 = 16 << 20;

/// A programme, read and found right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Programme {
    /// What `programme.toml` says.
    pub head: ProgrammeHead,
    /// The published figures, in their own order.
    pub published: Vec<PublishedFigure>,
    /// The milestones, in their own order.
    pub milestones: Vec<Milestone>,
    /// The model counties, in their own order.
    pub model_counties: Vec<ModelCounty>,
    /// Organisations that books and claims know by a key.
    pub parties: Vec<Party>,
    /// The counties of the produce channel.
    pub counties: Vec<ChannelCounty>,
    /// The products of the produce channel, and after them the categories of goods, which have no county.
    pub products: Vec<Product>,
    /// The layouts, by name.
    pub layouts: Vec<Layout>,
    /// The figures: in the order of the published ones, then by id.
    pub figures: Vec<FigureDef>,
    /// `figures/views.sql` as it stands.
    pub views_sql: String,
    /// How registers of households are written, by name.
    pub registers: Vec<RegisterLayout>,
    /// The rules of recognition and exit; none where the programme keeps no registry.
    pub recognition: Option<RuleBook>,
    /// The forms that are filled in on phones.
    pub forms: Vec<XForm>,
}

/// What `programme.toml` says.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProgrammeHead {
    /// Its id, for example `2018h1`.
    pub id: String,
    /// Its name for readers.
    pub title: Text,
    /// True when its evidence is made up; every page and file then says so.
    pub simulated: bool,
    /// What every page and file says about that.
    pub note: Text,
    /// The period it reports on.
    pub period: Period,
    /// The list of poverty counties it counts by.
    pub poverty_list: String,
    /// What protects people in small groups.
    pub suppression: Suppression,
    /// The pillars, in the order in which they are shown.
    pub pillars: Vec<Pillar>,
}

/// What protects people in small groups.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Suppression {
    /// A value that stands on fewer lines than this is not shown.
    pub min_lines: i64,
}

/// One pillar of the programme (板块).
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pillar {
    /// Its id, for example `commerce`.
    pub id: String,
    /// Its name for readers.
    pub title: Text,
}

impl Programme {
    /// Reads a programme folder; every fault in it is a finding.
    pub fn open(folder: &Path) -> Result<Self, Vec<Finding>> {
        Reading::new(&files_of(folder)?).programme()
    }

    /// The programme of 2018H1 that is built in.
    pub fn built_in() -> Result<Self, Vec<Finding>> {
        let mut texts = BTreeMap::new();
        for (name, bytes) in embedded::files() {
            texts.insert(name.clone(), text_of(&name, bytes.to_vec())?);
        }
        Reading::new(&texts).programme()
    }

    /// Every fault of a folder; none when it can be opened.
    pub fn check(folder: &Path) -> Vec<Finding> {
        Self::open(folder).err().unwrap_or_default()
    }

    /// A figure by its id, else `programme.no_such_figure`.
    pub fn figure(&self, id: &str) -> Result<&FigureDef, Refusal> {
        let found = self.figures.iter().find(|figure| figure.id == id);
        found.ok_or_else(|| Refusal::new("programme.no_such_figure", Fault::Missing).value(id))
    }

    /// A layout by its name, else `programme.no_such_layout`.
    pub fn layout(&self, name: &str) -> Result<&Layout, Refusal> {
        named(&self.layouts, name, |layout| &layout.name)
    }

    /// A layout of registers by its name, else `programme.no_such_layout`.
    pub fn register(&self, name: &str) -> Result<&RegisterLayout, Refusal> {
        named(&self.registers, name, |layout| &layout.name)
    }

    /// The rules of recognition and exit, else `programme.no_recognition`.
    pub fn rule_book(&self) -> Result<&RuleBook, Refusal> {
        let book = self.recognition.as_ref();
        book.ok_or_else(|| Refusal::new("programme.no_recognition", Fault::Missing))
    }

    /// What an organisation is called that books or claims know by this key; nothing where the programme does not name it.
    pub fn party(&self, id: &str) -> Option<&Text> {
        let found = self.parties.iter().find(|party| party.id == id);
        found.map(|party| &party.name)
    }

    /// A published figure by its id.
    pub fn published_figure(&self, id: &str) -> Option<&PublishedFigure> {
        self.published.iter().find(|figure| figure.id == id)
    }

    /// The figure that computes a published one, if any does.
    pub fn figure_for(&self, published: &PublishedFigure) -> Option<&FigureDef> {
        self.figures
            .iter()
            .find(|figure| figure.published.as_deref() == Some(published.id.as_str()))
    }

    /// The channels, each once, with the name its first layout gives it.
    pub fn channels(&self) -> Vec<(&str, &Text)> {
        let mut channels: Vec<(&str, &Text)> = Vec::new();
        for layout in &self.layouts {
            if !channels.iter().any(|(name, _)| *name == layout.channel) {
                channels.push((&layout.channel, &layout.title));
            }
        }
        channels
    }
}

fn named<'a, T>(layouts: &'a [T], name: &str, name_of: impl Fn(&T) -> &String) -> Result<&'a T, Refusal> {
    let found = layouts.iter().find(|layout| name_of(layout) == name);
    found.ok_or_else(|| {
        let names: Vec<&str> = layouts.iter().map(|layout| name_of(layout).as_str()).collect();
        Refusal::new("programme.no_such_layout", Fault::Missing)
            .value(name)
            .fact("layouts", names.join(", "))
    })
}

fn text_of(file: &str, bytes: Vec<u8>) -> Result<String, Vec<Finding>> {
    String::from_utf8(bytes).map_err(|_| vec![Finding::of(file, 0, "programme.file_unreadable", "UTF-8")])
}

/// The texts of a folder and its folders of many files; a programme need not have registers and forms.
fn files_of(folder: &Path) -> Result<BTreeMap<String, String>, Vec<Finding>> {
    let mut texts = BTreeMap::new();
    for part in ["", "channels", "figures", "forms", "registers"] {
        let here = folder.join(part);
        if ["forms", "registers"].contains(&part) && !here.exists() {
            continue;
        }
        let unreadable = |error: std::io::Error| {
            vec![Finding::of(
                &here.display().to_string(),
                0,
                "programme.file_unreadable",
                error.kind(),
            )]
        };
        for entry in fs::read_dir(&here).map_err(unreadable)? {
            let entry = entry.map_err(unreadable)?;
            let file_name = entry.file_name().to_string_lossy().into_owned();
            let name = if part.is_empty() {
                file_name
            } else {
                format!("{part}/{file_name}")
            };
            let size = entry.metadata().map_err(unreadable)?;
            let ending = Path::new(&name).extension().and_then(|ending| ending.to_str());
            if size.is_dir() || !matches!(ending, Some("toml" | "csv" | "sql" | "md")) {
                continue;
            }
            if size.len() > FILE_BYTES_MAX {
                return Err(vec![Finding::of(
                    &name,
                    0,
                    "programme.file_unreadable",
                    size.len(),
                )]);
            }
            let bytes = fs::read(entry.path()).map_err(unreadable)?;
            texts.insert(name.clone(), text_of(&name, bytes)?);
        }
    }
    Ok(texts)
}

/// The work of reading a folder: what was good so far stands in the programme, what was not in the findings.
struct Reading<'a> {
    texts: &'a BTreeMap<String, String>,
    findings: Vec<Finding>,
}

impl<'a> Reading<'a> {
    fn new(texts: &'a BTreeMap<String, String>) -> Self {
        Self {
            texts,
            findings: Vec::new(),
        }
    }

    fn programme(mut self) -> Result<Programme, Vec<Finding>> {
        let head = self
            .source("programme.toml")
            .and_then(|source| self.keep(source.read::<ProgrammeHead>()));
        let published = self.list("published.csv", published::read);
        let milestones = self.list("milestones.csv", milestones::read);
        let model_counties = self.list("model_counties.csv", model_counties::read);
        let parties = if self.texts.contains_key("parties.csv") {
            self.list("parties.csv", parties::read)
        } else {
            Vec::new()
        };
        let counties = self.list("counties.csv", products::read_counties);
        let mut products = self.list("products.csv", products::read);
        if self.texts.contains_key("categories.csv") {
            products.extend(self.list("categories.csv", products::read_categories));
        }
        let layouts = self.layouts();
        let views_sql = self
            .source("figures/views.sql")
            .map(|source| source.text.to_owned())
            .unwrap_or_default();
        let registers = self.registers();
        let recognition = self.recognition();
        let forms = self.forms();
        let mut figures = self.figures();
        let place = |figure: &FigureDef| {
            published
                .iter()
                .position(|row| Some(&row.id) == figure.published.as_ref())
        };
        figures.sort_by_key(|figure| (place(figure).unwrap_or(usize::MAX), figure.id.clone()));
        let Some(head) = head else {
            return Err(self.findings);
        };
        let programme = Programme {
            head,
            published,
            milestones,
            model_counties,
            parties,
            counties,
            products,
            layouts,
            figures,
            views_sql,
            registers,
            recognition,
            forms,
        };
        self.findings.extend(together::findings(&programme, self.texts));
        if self.findings.is_empty() {
            Ok(programme)
        } else {
            Err(self.findings)
        }
    }

    fn source(&mut self, file: &'a str) -> Option<Source<'a>> {
        let text = self.texts.get(file);
        if text.is_none() {
            self.findings
                .push(Finding::of(file, 0, "programme.missing_file", file));
        }
        text.map(|text| Source { file, text })
    }

    fn keep<T>(&mut self, read: Result<T, Finding>) -> Option<T> {
        read.map_err(|finding| self.findings.push(finding)).ok()
    }

    fn list<T>(&mut self, file: &'a str, read: impl Fn(Source<'_>) -> (Vec<T>, Vec<Finding>)) -> Vec<T> {
        let Some(source) = self.source(file) else {
            return Vec::new();
        };
        let (rows, findings) = read(source);
        self.findings.extend(findings);
        rows
    }

    fn sources(&self, folder: &'static str, ending: &'static str) -> Vec<Source<'a>> {
        let inside = |file: &str| {
            file.strip_prefix(folder)
                .is_some_and(|rest| rest.starts_with('/') && rest.ends_with(ending))
        };
        self.texts
            .iter()
            .filter(|(file, _)| inside(file))
            .map(|(file, text)| Source { file, text })
            .collect()
    }

    fn layouts(&mut self) -> Vec<Layout> {
        let mut layouts = Vec::new();
        for source in self.sources("channels", ".toml") {
            match Layout::read(source.file, source.text) {
                Ok(layout) => layouts.push(layout),
                Err(findings) => self.findings.extend(findings),
            }
        }
        layouts
    }

    fn registers(&mut self) -> Vec<RegisterLayout> {
        let mut layouts = Vec::new();
        for source in self.sources("registers", ".toml") {
            match RegisterLayout::read(source) {
                Ok(layout) => layouts.push(layout),
                Err(findings) => self.findings.extend(findings),
            }
        }
        layouts
    }

    fn recognition(&mut self) -> Option<RuleBook> {
        let (file, text) = self.texts.get_key_value("recognition.toml")?;
        let read = RuleBook::read(Source { file, text });
        read.map_err(|findings| self.findings.extend(findings)).ok()
    }

    fn forms(&mut self) -> Vec<XForm> {
        let mut forms = Vec::new();
        for source in self.sources("forms", ".md") {
            match phone_forms::read(source) {
                Ok(form) => forms.push(form),
                Err(findings) => self.findings.extend(findings),
            }
        }
        forms
    }

    fn figures(&mut self) -> Vec<FigureDef> {
        let mut figures = Vec::new();
        for toml in self.sources("figures", ".toml") {
            let sql = format!("figures/{}.sql", toml.stem());
            let Some((file, text)) = self.texts.get_key_value(&sql) else {
                self.findings
                    .push(Finding::of(&sql, 0, "programme.missing_file", toml.stem()));
                continue;
            };
            match FigureDef::read(toml, Source { file, text }) {
                Ok(figure) => figures.push(figure),
                Err(findings) => self.findings.extend(findings),
            }
        }
        for sql in self.sources("figures", ".sql") {
            let toml = format!("figures/{}.toml", sql.stem());
            if sql.stem() != "views" && !self.texts.contains_key(&toml) {
                self.findings
                    .push(Finding::of(&toml, 0, "programme.missing_file", sql.stem()));
            }
        }
        figures
    }
}
