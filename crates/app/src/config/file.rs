//! Reads `fishpond.toml`: a flat table of settings. What is not known or not of its kind is refused by name and line.

use std::path::Path;

use kernel::{Fault, Refusal};
use toml::de::{DeTable, DeValue};

use super::keys::{KEYS, Key, Kind};

/// The settings a file gives, each with its key.
///
/// # Errors
/// `app.config_unreadable`, `app.config_syntax`, `app.config_unknown_key`, `app.config_bad_value`.
pub(super) fn read(path: &Path) -> Result<Vec<(&'static Key, String)>, Refusal> {
    let text = std::fs::read_to_string(path).map_err(|error| {
        Refusal::new("app.config_unreadable", Fault::Refused)
            .at(path.display())
            .fact("cause", error)
    })?;
    parse(&text, &path.display().to_string())
}

fn parse(text: &str, name: &str) -> Result<Vec<(&'static Key, String)>, Refusal> {
    let line = |offset: usize| {
        let before = text.get(..offset).unwrap_or_default();
        format!("{name}:{}", before.matches('\n').count() + 1)
    };
    let table = DeTable::parse(text).map_err(|error| {
        Refusal::new("app.config_syntax", Fault::Refused)
            .at(line(error.span().map_or(0, |span| span.start)))
            .fact("cause", error.message())
    })?;
    let mut settings = Vec::new();
    for (written, value) in table.into_inner() {
        let at = line(written.span().start);
        let Some(key) = KEYS.iter().find(|key| key.name == written.get_ref().as_ref()) else {
            let known: Vec<&str> = KEYS.iter().map(|key| key.name).collect();
            return Err(Refusal::new("app.config_unknown_key", Fault::Refused)
                .at(at)
                .value(written.get_ref())
                .fact("known", known.join(", ")));
        };
        settings.push((
            key,
            text_of(key, value.get_ref()).map_err(|refusal| refusal.at(at))?,
        ));
    }
    settings.sort_by_key(|(key, _)| key.name);
    Ok(settings)
}

/// The value as a flag would have been typed, if it is of the key's kind in TOML too.
fn text_of(key: &Key, value: &DeValue<'_>) -> Result<String, Refusal> {
    let text = match (key.kind, value) {
        (Kind::Switch, DeValue::Boolean(on)) => on.to_string(),
        (Kind::Count, DeValue::Integer(number)) => number.as_str().replace('_', ""),
        (Kind::Switch | Kind::Count, other) => return Err(key.bad(other.type_str())),
        (_, DeValue::String(text)) => text.to_string(),
        (_, other) => return Err(key.bad(other.type_str())),
    };
    key.check(&text)?;
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_gives_its_settings_as_they_would_be_typed() {
        let text = "listen = \"0.0.0.0:80\"\ntrust_proxy = true\nconnections_max = 1_000\n";
        let read = parse(text, "f").unwrap();
        let read: Vec<(&str, &str)> = read.iter().map(|(key, text)| (key.name, text.as_str())).collect();
        assert_eq!(
            read,
            [
                ("connections_max", "1000"),
                ("listen", "0.0.0.0:80"),
                ("trust_proxy", "true")
            ]
        );
    }

    #[test]
    fn what_is_wrong_is_named_with_its_line() {
        for (text, code, at) in [
            (
                "listen = \"1.1.1.1:1\"\nport = 80\n",
                "app.config_unknown_key",
                "f:2",
            ),
            (
                "[serve]\nlisten = \"1.1.1.1:1\"\n",
                "app.config_unknown_key",
                "f:1",
            ),
            ("\n\nlisten = 80\n", "app.config_bad_value", "f:3"),
            ("trust_proxy = \"yes\"\n", "app.config_bad_value", "f:1"),
            ("lang = \"fr\"\n", "app.config_bad_value", "f:1"),
            ("connections_max = 0\n", "app.config_bad_value", "f:1"),
            ("lang = \"zh\"\nlisten =\n", "app.config_syntax", "f:2"),
        ] {
            let refused = parse(text, "f").unwrap_err();
            assert_eq!((refused.code, refused.at.as_deref()), (code, Some(at)), "{text}");
        }
    }
}
