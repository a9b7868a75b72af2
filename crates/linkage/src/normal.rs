//! Values written alike before they are compared: what a field's form takes away says nothing about the person.

use std::fmt::Write as _;

use crate::compare::checked_id;

/// The form of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Lower case, single spaces, full-width letters and digits as plain ones.
    Text,
    /// As text without any spaces or points, for Chinese names.
    Name,
    /// Digits only; a day written 1965-12-4 or 1965年12月4日 gets its zeros.
    Date,
    /// Letters and digits only, capitals; an old resident ID of 15 digits becomes one of 18.
    Id,
    /// Digits only, without the country's code.
    Phone,
}

const FORMS: [(Form, &str); 5] = [
    (Form::Text, "text"),
    (Form::Name, "name"),
    (Form::Date, "date"),
    (Form::Id, "id"),
    (Form::Phone, "phone"),
];

impl Form {
    /// A form by its name in settings.
    pub fn named(name: &str) -> Option<Self> {
        FORMS
            .iter()
            .find(|(_, known)| *known == name)
            .map(|(form, _)| *form)
    }

    /// The names of all forms.
    pub fn names() -> impl Iterator<Item = &'static str> {
        FORMS.iter().map(|(_, name)| *name)
    }

    /// Writes the value in this form into `out`, which it clears; an empty one is missing.
    pub fn write(self, value: &str, out: &mut String) {
        out.clear();
        match self {
            Self::Text => text(value, out),
            Self::Name => out.extend(plain(value).filter(|c| !c.is_whitespace() && !"·•.,-'".contains(*c))),
            Self::Date => date(value, out),
            Self::Id => id(value, out),
            Self::Phone => phone(value, out),
        }
    }
}

/// Lower-case characters, full-width ones as plain ones. Ideographs and plain letters, which is nearly everything, go
/// straight through.
fn plain(value: &str) -> impl Iterator<Item = char> {
    value.chars().map(|character| match character {
        '\0'..='\x7F' => character.to_ascii_lowercase(),
        '\u{4E00}'..='\u{9FFF}' => character,
        '\u{3000}' => ' ',
        '\u{FF01}'..='\u{FF5E}' => {
            let plain = char::from_u32(u32::from(character) - 0xFEE0).unwrap_or(character);
            plain.to_ascii_lowercase()
        }
        _ => character.to_lowercase().next().unwrap_or(character),
    })
}

fn text(value: &str, out: &mut String) {
    for character in plain(value) {
        if !character.is_whitespace() {
            out.push(character);
        } else if !out.is_empty() && !out.ends_with(' ') {
            out.push(' ');
        }
    }
    if out.ends_with(' ') {
        out.pop();
    }
}

fn date(value: &str, out: &mut String) {
    out.extend(plain(value).filter(char::is_ascii_digit));
    if out.len() >= 8 || value.is_ascii() && !value.contains(['-', '/', '.']) {
        return;
    }
    out.clear();
    let text: String = plain(value).collect();
    let parts = text
        .split(|c: char| !c.is_ascii_digit())
        .filter(|part| !part.is_empty());
    for part in parts {
        let _always = write!(out, "{part:0>2}");
    }
}

fn id(value: &str, out: &mut String) {
    out.extend(
        plain(value)
            .filter(char::is_ascii_alphanumeric)
            .map(|c| c.to_ascii_uppercase()),
    );
    if out.len() != 15 || !out.bytes().all(|byte| byte.is_ascii_digit()) {
        return;
    }
    let (Some(place), Some(rest)) = (out.get(..6), out.get(6..)) else {
        return;
    };
    if let Some(whole) = checked_id(&format!("{place}19{rest}")) {
        *out = whole;
    }
}

fn phone(value: &str, out: &mut String) {
    out.extend(plain(value).filter(char::is_ascii_digit));
    let without = out
        .strip_prefix("0086")
        .or_else(|| out.strip_prefix("86").filter(|rest| rest.len() == 11));
    if let Some(rest) = without.map(str::to_owned) {
        *out = rest;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_written_alike() {
        for (form, value, wanted) in [
            (Form::Text, "  Herschell   Circuit ", "herschell circuit"),
            (Form::Text, "１２　Ａ", "12 a"),
            (Form::Text, "   ", ""),
            (Form::Name, " 王 小·明 ", "王小明"),
            (Form::Date, "1965-12-4", "19651204"),
            (Form::Date, "1965年12月4日", "19651204"),
            (Form::Date, "19651204", "19651204"),
            (Form::Date, "unknown", ""),
            (Form::Id, " 11010519491231002x", "11010519491231002X"),
            (Form::Id, "110105491231002", "11010519491231002X"),
            (Form::Id, "1451137", "1451137"),
            (Form::Phone, "+86 138-9391-2345", "13893912345"),
            (Form::Phone, "0939-4421234", "09394421234"),
        ] {
            let mut out = String::from("before");
            form.write(value, &mut out);
            assert_eq!(out, wanted, "{value}");
        }
    }
}
