//! Values written alike before they are compared: what a field's form takes away says nothing about the person.

use std::fmt::Write as _;

use crate::codes::packed;
use crate::compare::checked_id;

/// Length of a resident ID before 1999.
const OLD_ID_LEN: usize = 15;

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

/// What stands between the parts of a name and is none of it.
const NO_NAME: &str = "·•.,-'";

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

    /// Its name.
    pub fn name(self) -> &'static str {
        FORMS
            .iter()
            .find(|(form, _)| *form == self)
            .map_or("", |(_, name)| name)
    }

    /// The names of all forms.
    pub fn names() -> impl Iterator<Item = &'static str> {
        FORMS.iter().map(|(_, name)| *name)
    }

    /// Whether its values are numbers that name something, nearly each another one.
    pub(crate) fn is_code(self) -> bool {
        matches!(self, Self::Id | Self::Phone)
    }

    /// The value in this form: itself where it is written so already, as nearly all are, else by way of `out`.
    pub(crate) fn read<'v>(self, value: &'v str, out: &'v mut String) -> &'v str {
        if matches!(self, Self::Text | Self::Name) && is_written_so(value, self) {
            return value;
        }
        let day = value.as_bytes();
        let is_day = day.len() == 10
            && day.iter().enumerate().all(|(place, byte)| match place {
                4 | 7 => *byte == b'-',
                _ => byte.is_ascii_digit(),
            });
        if self == Self::Date
            && is_day
            && let (Some(year), Some(month), Some(day)) = (value.get(..4), value.get(5..7), value.get(8..))
        {
            out.clear();
            for part in [year, month, day] {
                out.push_str(part);
            }
        } else {
            self.write(value, out);
        }
        out
    }

    /// The value of a code in this form as a word; where it is none, it stands in `out`.
    pub(crate) fn code(self, value: &str, out: &mut String) -> Option<u64> {
        let is_written_so = match self {
            Self::Id => value.len() != OLD_ID_LEN,
            Self::Phone => {
                let has_country = value.starts_with("0086") || value.starts_with("86") && value.len() == 13;
                !has_country && !value.ends_with('X')
            }
            _ => false,
        };
        if is_written_so && let Some(code) = packed(value) {
            return Some(code);
        }
        self.write(value, out);
        packed(out)
    }

    /// Writes the value in this form into `out`, which it clears; an empty one is missing.
    pub fn write(self, value: &str, out: &mut String) {
        out.clear();
        match self {
            Self::Text => text(value, out),
            Self::Name => out.extend(plain(value).filter(|c| !c.is_whitespace() && !NO_NAME.contains(*c))),
            Self::Date => date(value, out),
            Self::Id => id(value, out),
            Self::Phone => phone(value, out),
        }
    }
}

/// Whether a text or name is of ideographs, small letters, digits and, in a text, single spaces between words.
fn is_written_so(value: &str, form: Form) -> bool {
    let mut rest = value.as_bytes();
    let mut before = b' ';
    loop {
        rest = match rest {
            [] => return before != b' ' || value.is_empty(),
            [0xE5..=0xE9, _, _, rest @ ..] | [0xE4, 0xB8..=0xBF, _, rest @ ..] => {
                before = 0;
                rest
            }
            [byte @ (b'a'..=b'z' | b'0'..=b'9'), rest @ ..] => {
                before = *byte;
                rest
            }
            [b' ', rest @ ..] if form == Form::Text && before != b' ' => {
                before = b' ';
                rest
            }
            _ => return false,
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
    if out.len() != OLD_ID_LEN || !out.bytes().all(|byte| byte.is_ascii_digit()) {
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
    use proptest::prelude::*;

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

    fn values() -> impl Strategy<Value = String> {
        prop_oneof![
            "[a-zA-Z0-9 .'-]{0,12}",
            "[王小明a鿿一丁㐀ａＡ　0-9 ·]{0,8}",
            "(86|0086|\\+86 )?[0-9]{11}",
            "[0-9]{4}[-/]?[0-9]{1,2}[-/]?[0-9]{1,2}",
            "[0-9]{14,19}[xX]?",
        ]
    }

    proptest! {
        #[test]
        fn a_short_way_leads_to_the_same_value(value in values()) {
            for (form, _) in FORMS {
                let (mut long, mut short) = (String::new(), String::from("before"));
                form.write(&value, &mut long);
                prop_assert_eq!(form.read(&value, &mut short), &long);
                prop_assert_eq!(form.code(&value, &mut short), packed(&long));
            }
        }
    }
}
