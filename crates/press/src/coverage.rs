//! The check Typst does not make: does every character that may be printed stand in a font?
//!
//! A rare character in a village's or a person's name would otherwise come out as an empty box in a signed report.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;

use kernel::{Fault, Refusal};
use serde_json::Value;

use crate::Fonts;
use crate::world::{LIBRARY, MAIN};

/// Refuses the first character, in the order template, data, files, that no font draws.
pub(crate) fn require(
    fonts: &Fonts,
    template: &str,
    data: &Value,
    files: &[(String, Vec<u8>)],
) -> Result<(), Refusal> {
    let mut known = BTreeSet::new();
    require_text(fonts, &mut known, template, MAIN)?;
    for (name, text) in LIBRARY {
        require_text(fonts, &mut known, text, name)?;
    }
    require_value(fonts, &mut known, data, &mut String::from("data"))?;
    for (name, bytes) in files.iter().filter(|(name, _)| is_svg(name)) {
        require_text(fonts, &mut known, &String::from_utf8_lossy(bytes), name)?;
    }
    Ok(())
}

fn is_svg(name: &str) -> bool {
    Path::new(name)
        .extension()
        .is_some_and(|extension| extension.eq_ignore_ascii_case("svg"))
}

fn require_value(
    fonts: &Fonts,
    known: &mut BTreeSet<char>,
    value: &Value,
    path: &mut String,
) -> Result<(), Refusal> {
    let length = path.len();
    match value {
        Value::String(text) => require_text(fonts, known, text, path)?,
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                write!(path, "[{index}]").ok();
                require_value(fonts, known, item, path)?;
                path.truncate(length);
            }
        }
        Value::Object(members) => {
            for (key, member) in members {
                write!(path, ".{key}").ok();
                require_text(fonts, known, key, path)?;
                require_value(fonts, known, member, path)?;
                path.truncate(length);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
    Ok(())
}

/// `known` holds the characters already found, so that a long report asks the fonts once for each.
fn require_text(fonts: &Fonts, known: &mut BTreeSet<char>, text: &str, at: &str) -> Result<(), Refusal> {
    for character in text.chars() {
        if is_invisible(character) || known.contains(&character) {
            continue;
        }
        if !fonts.covers(character) {
            return Err(Refusal::new("press.missing_glyph", Fault::Refused)
                .at(at)
                .value(character.to_string())
                .fact("character", format!("U+{:04X}", u32::from(character))));
        }
        known.insert(character);
    }
    Ok(())
}

/// Characters that are never drawn: white space, controls, joiners, direction marks, variation selectors, the byte
/// order mark and tags.
fn is_invisible(character: char) -> bool {
    character.is_whitespace()
        || character.is_control()
        || matches!(u32::from(character),
            0x00AD | 0x200B..=0x200F | 0x202A..=0x202E | 0x2060..=0x206F
            | 0xFE00..=0xFE0F | 0xFEFF | 0xE0000..=0xE01EF)
}
