//! The headers of columns: `label::English (en)`, `Constraint Message`, `bind:required`. Each is parted into a path, and
//! the many names that XLSForm has had for a column over the years become the one of today.

use crate::workbook::Sheet;
use crate::{Fault, Place};

/// What headers a sheet knows.
pub(crate) struct Vocabulary {
    /// Columns by their own name.
    known: &'static [&'static str],
    /// Other names, each with the path it stands for.
    aliases: &'static [(&'static str, &'static [&'static str])],
}

/// A column: its header as it is written, and the path it means.
#[derive(Debug)]
pub(crate) struct Column {
    /// As it is written.
    pub header: String,
    /// What it means: `["media", "image", "English"]`. Empty for a column without a header.
    pub path: Vec<String>,
}

/// The columns of a sheet.
pub(crate) fn columns(sheet: &Sheet, vocabulary: &Vocabulary, faults: &mut Vec<Fault>) -> Vec<Column> {
    let by_two_colons = sheet.headers.iter().any(|header| header.contains("::"));
    let mut columns: Vec<Column> = Vec::with_capacity(sheet.headers.len());
    for header in &sheet.headers {
        let path = if header.is_empty() {
            Vec::new()
        } else {
            vocabulary.path(header, by_two_colons)
        };
        let twin = columns
            .iter()
            .find(|column| !path.is_empty() && column.path == path);
        if let Some(twin) = twin {
            let place = Place::Cell {
                sheet: sheet.name.clone(),
                row: 1,
                column: header.clone(),
            };
            faults.push(
                Fault::at("forms.duplicate_column", place)
                    .value(header)
                    .fact("other", &twin.header),
            );
        }
        columns.push(Column {
            header: header.clone(),
            path,
        });
    }
    columns
}

impl Vocabulary {
    fn path(&self, header: &str, by_two_colons: bool) -> Vec<String> {
        let snake = snake_case(header);
        for name in [header, &snake] {
            if self.known.contains(&name) && self.alias(name).is_none() {
                return vec![name.to_owned()];
            }
        }
        let mut parts = parts(header, by_two_colons);
        let first = parts.first().map(|first| snake_case(first)).unwrap_or_default();
        if let Some(path) = self.alias(&first) {
            parts.splice(..1, path.iter().map(|part| (*part).to_owned()));
        } else if self.known.contains(&first.as_str()) {
            parts.splice(..1, [first]);
        }
        parts
    }

    fn alias(&self, name: &str) -> Option<&'static [&'static str]> {
        self.aliases
            .iter()
            .find(|(alias, _)| *alias == name)
            .map(|(_, path)| *path)
    }
}

/// One colon parts a header only where no header of the sheet has two; `jr:count` is one part even then.
fn parts(header: &str, by_two_colons: bool) -> Vec<String> {
    if by_two_colons {
        return header.split("::").map(|part| part.trim().to_owned()).collect();
    }
    let mut parts: Vec<String> = Vec::new();
    for part in header.split(':').map(str::trim) {
        match parts.last_mut() {
            Some(last) if last == "jr" => {
                last.push(':');
                last.push_str(part);
            }
            _ => parts.push(part.to_owned()),
        }
    }
    parts
}

fn snake_case(text: &str) -> String {
    text.split_whitespace()
        .collect::<Vec<_>>()
        .join("_")
        .to_lowercase()
}

/// The headers of `survey`.
pub(crate) const SURVEY: Vocabulary = Vocabulary {
    known: &[
        "type",
        "name",
        "label",
        "hint",
        "guidance_hint",
        "media",
        "bind",
        "control",
        "instance",
        "default",
        "choice_filter",
        "parameters",
        "trigger",
        "query",
        "sms_field",
        "itemset",
        "list_name",
        "choices",
        "actions",
    ],
    aliases: &[
        ("compact_tag", &["instance", "odk:tag"]),
        ("read_only", &["bind", "readonly"]),
        ("readonly", &["bind", "readonly"]),
        ("relevant", &["bind", "relevant"]),
        ("relevance", &["bind", "relevant"]),
        ("required", &["bind", "required"]),
        ("constraint", &["bind", "constraint"]),
        ("constraining_message", &["bind", "jr:constraintMsg"]),
        ("constraint_message", &["bind", "jr:constraintMsg"]),
        ("requiredmsg", &["bind", "jr:requiredMsg"]),
        ("required_message", &["bind", "jr:requiredMsg"]),
        ("noapperrorstring", &["bind", "jr:noAppErrorString"]),
        ("no_app_error_string", &["bind", "jr:noAppErrorString"]),
        ("calculation", &["bind", "calculate"]),
        ("calculate", &["bind", "calculate"]),
        ("save_to", &["bind", "entities:saveto"]),
        ("caption", &["label"]),
        ("command", &["type"]),
        ("tag", &["name"]),
        ("value", &["name"]),
        ("image", &["media", "image"]),
        ("big-image", &["media", "big-image"]),
        ("audio", &["media", "audio"]),
        ("video", &["media", "video"]),
        ("appearance", &["control", "appearance"]),
        ("count", &["control", "jr:count"]),
        ("repeat_count", &["control", "jr:count"]),
        ("jr:count", &["control", "jr:count"]),
        ("autoplay", &["control", "autoplay"]),
        ("rows", &["control", "rows"]),
        ("body", &["control"]),
    ],
};

/// The headers of `choices`, `external_choices` and `osm`.
pub(crate) const CHOICES: Vocabulary = Vocabulary {
    known: &["name", "label", "media", "sms_option"],
    aliases: &[
        ("caption", &["label"]),
        ("list_name", &["list name"]),
        ("value", &["name"]),
        ("image", &["media", "image"]),
        ("big-image", &["media", "big-image"]),
        ("audio", &["media", "audio"]),
        ("video", &["media", "video"]),
    ],
};

/// The headers of `settings`.
pub(crate) const SETTINGS: Vocabulary = Vocabulary {
    known: &[
        "title",
        "id_string",
        "name",
        "version",
        "style",
        "default_language",
        "instance_name",
        "instance_id",
        "instance_xmlns",
        "namespaces",
        "attribute",
        "public_key",
        "submission_url",
        "auto_send",
        "auto_delete",
        "client_editable",
        "allow_choice_duplicates",
        "clean_text_values",
        "omit_instanceID",
        "delimiter",
        "prefix",
        "sms_keyword",
        "sms_separator",
        "sms_allow_media",
        "sms_date_format",
        "sms_datetime_format",
        "sms_response",
        "add_none_option",
        "flat",
    ],
    aliases: &[
        ("form_title", &["title"]),
        ("set_form_title", &["title"]),
        ("form_id", &["id_string"]),
        ("set_form_id", &["id_string"]),
    ],
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_means_the_same_under_each_of_its_names() {
        for (header, two, path) in [
            ("type", false, "type"),
            ("Type", false, "type"),
            ("label", false, "label"),
            ("label::English (en)", true, "label/English (en)"),
            ("label: English", false, "label/English"),
            ("Caption:fr", false, "label/fr"),
            ("Constraint Message::en", true, "bind/jr:constraintMsg/en"),
            ("bind:required", false, "bind/required"),
            ("bind:jr:count", false, "bind/jr:count"),
            ("jr:count", true, "control/jr:count"),
            ("media::image::fr", true, "media/image/fr"),
            ("image", false, "media/image"),
            ("body::accuracyThreshold", true, "control/accuracyThreshold"),
            ("Guidance Hint", false, "guidance_hint"),
            ("My Notes", false, "My Notes"),
        ] {
            assert_eq!(SURVEY.path(header, two).join("/"), path, "{header}");
        }
        assert_eq!(CHOICES.path("list_name", false), ["list name"]);
        assert_eq!(SETTINGS.path("Form ID", false), ["id_string"]);
    }
}
