//! What Typst may see while it compiles: one template, one data file, the files handed over, the fonts, one date.
//! No file system, no packages, no network, no clock.

use std::collections::BTreeMap;

use kernel::{Fault, Refusal};
use typst::diag::{FileError, FileResult, SourceDiagnostic};
use typst::foundations::{Bytes, Datetime, Duration};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World, WorldExt};

use crate::Fonts;

/// The name the template goes by in messages.
pub(crate) const MAIN: &str = "template.typ";
const DATA: &str = "data.json";

/// What every template may import.
pub(crate) const LIBRARY: [(&str, &str); 2] = [
    ("words.typ", include_str!("../templates/words.typ")),
    ("numbers.typ", include_str!("../templates/numbers.typ")),
];

/// One compilation's surroundings.
pub(crate) struct Sheet<'a> {
    library: LazyHash<Library>,
    fonts: &'a Fonts,
    main: Source,
    imports: Vec<Source>,
    files: BTreeMap<String, Bytes>,
    today: Datetime,
}

impl<'a> Sheet<'a> {
    pub(crate) fn new(
        template: &str,
        data: &serde_json::Value,
        files: &[(String, Vec<u8>)],
        fonts: &'a Fonts,
        today: Datetime,
    ) -> Result<Self, Refusal> {
        let mut held = BTreeMap::new();
        for (name, bytes) in files {
            let path = virtual_path(name)?;
            held.insert(path.get_without_slash().to_owned(), Bytes::new(bytes.clone()));
        }
        held.insert(DATA.to_owned(), Bytes::from_string(data.to_string()));
        Ok(Self {
            library: LazyHash::new(Library::default()),
            fonts,
            main: source(MAIN, template)?,
            imports: LIBRARY
                .iter()
                .map(|(name, text)| source(name, text))
                .collect::<Result<_, _>>()?,
            files: held,
            today,
        })
    }

    /// The template's line (from 1) a diagnostic points at, if it points into the template.
    pub(crate) fn line_of(&self, diagnostic: &SourceDiagnostic) -> Option<usize> {
        let in_template = |span: typst::syntax::DiagSpan| {
            let range = self.range(span).filter(|_| span.id() == Some(self.main.id()))?;
            self.main.lines().byte_to_line(range.start).map(|line| line + 1)
        };
        in_template(diagnostic.span).or_else(|| {
            diagnostic
                .trace
                .iter()
                .find_map(|point| in_template(point.span.into()))
        })
    }
}

fn virtual_path(name: &str) -> Result<VirtualPath, Refusal> {
    VirtualPath::new(name).map_err(|_| Refusal::new("press.bad_file_name", Fault::Broken).value(name))
}

fn source(name: &str, text: &str) -> Result<Source, Refusal> {
    let id = FileId::new(RootedPath::new(VirtualRoot::Project, virtual_path(name)?));
    Ok(Source::new(id, text.to_owned()))
}

impl World for Sheet<'_> {
    fn library(&self) -> &LazyHash<Library> {
        &self.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        self.fonts.book()
    }

    fn main(&self) -> FileId {
        self.main.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        let mut known = std::iter::once(&self.main).chain(&self.imports);
        known
            .find(|source| source.id() == id)
            .cloned()
            .ok_or(FileError::NotSource)
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        let name = id.vpath().get_without_slash();
        self.files
            .get(name)
            .cloned()
            .ok_or_else(|| FileError::NotFound(name.into()))
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.fonts.face(index)
    }

    fn today(&self, _offset: Option<Duration>) -> Option<Datetime> {
        Some(self.today)
    }
}
