//! The fonts of one folder, read once and shared by all documents.

use std::path::Path;

use kernel::{Fault, Refusal};
use typst::foundations::Bytes;
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;

/// Where Debian's package `fonts-noto-cjk` puts the fonts the templates are drawn for.
pub const DEBIAN_FONT_DIR: &str = "/usr/share/fonts/opentype/noto";

/// The Noto CJK collections hold one face per region with the same characters; only these shapes are wanted, so
/// that a fallback can never pick a Japanese or Korean form.
const OTHER_REGIONS: [&str; 4] = [" CJK JP", " CJK KR", " CJK TC", " CJK HK"];

/// Fonts in memory (about 95 MB for Noto Serif and Sans CJK). Keep one and lend it to every `typeset`.
pub struct Fonts {
    book: LazyHash<FontBook>,
    faces: Vec<Font>,
}

impl Fonts {
    /// Reads every `.ttf`, `.otf`, `.ttc` and `.otc` file that stands directly in `dir`.
    ///
    /// # Errors
    /// `press.no_fonts` when the folder cannot be read or holds no usable font; `at` names the folder.
    pub fn in_dir(dir: &Path) -> Result<Self, Refusal> {
        let refuse = |reason: String| {
            Refusal::new("press.no_fonts", Fault::Missing)
                .at(dir.display().to_string())
                .fact("reason", reason)
        };
        let entries = std::fs::read_dir(dir).map_err(|error| refuse(error.to_string()))?;
        let mut paths: Vec<_> = entries
            .flatten()
            .map(|entry| entry.path())
            .filter(|path| is_font(path))
            .collect();
        // The order of a folder differs between machines, and the order of the faces decides between equals.
        paths.sort();
        let mut faces = Vec::new();
        for path in paths {
            let bytes = std::fs::read(&path).map_err(|error| refuse(error.to_string()))?;
            faces.extend(Font::iter(Bytes::new(bytes)).filter(is_wanted));
        }
        if faces.is_empty() {
            return Err(refuse("no font file".to_owned()));
        }
        Ok(Self {
            book: LazyHash::new(FontBook::from_fonts(&faces)),
            faces,
        })
    }

    /// Whether at least one face draws this character.
    pub fn covers(&self, character: char) -> bool {
        self.faces
            .iter()
            .any(|face| face.info().coverage.contains(u32::from(character)))
    }

    pub(crate) fn book(&self) -> &LazyHash<FontBook> {
        &self.book
    }

    pub(crate) fn face(&self, index: usize) -> Option<Font> {
        self.faces.get(index).cloned()
    }
}

fn is_font(path: &Path) -> bool {
    path.extension()
        .and_then(|extension| extension.to_str())
        .is_some_and(|extension| {
            ["ttf", "otf", "ttc", "otc"].contains(&extension.to_ascii_lowercase().as_str())
        })
}

fn is_wanted(face: &Font) -> bool {
    let family = &face.info().family;
    !OTHER_REGIONS.iter().any(|region| family.contains(region))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_without_fonts_is_refused_by_name() {
        let refusal = Fonts::in_dir(Path::new("templates")).err().unwrap();
        assert_eq!(refusal.code, "press.no_fonts");
        assert_eq!(refusal.at.as_deref(), Some("templates"));
    }

    #[test]
    fn font_files_are_known_by_their_ending_in_any_case() {
        assert!(is_font(Path::new("a/NotoSerifCJK-Regular.TTC")));
        assert!(!is_font(Path::new("a/README")));
    }
}
