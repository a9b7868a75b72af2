//! The two languages of every text a user reads: Chinese first, English second.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::{Fault, Refusal};

/// A language of the interface.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Lang {
    /// Chinese, simplified (zh-CN): the first language of every page.
    #[default]
    Zh,
    /// English.
    En,
}

impl Lang {
    /// Both languages, in the order in which they are shown.
    pub const ALL: [Self; 2] = [Self::Zh, Self::En];

    /// The short tag, `zh` or `en`.
    pub fn tag(self) -> &'static str {
        match self {
            Self::Zh => "zh",
            Self::En => "en",
        }
    }
}

impl fmt::Display for Lang {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.tag())
    }
}

impl FromStr for Lang {
    type Err = Refusal;

    /// Reads a language tag by its first part: `zh`, `zh-CN`, `zh_CN.UTF-8`, `en`, `en-GB`.
    /// Refuses anything else with `kernel.bad_language`.
    fn from_str(text: &str) -> Result<Self, Refusal> {
        let first = text.trim().split(['-', '_', '.']).next().unwrap_or_default();
        match first.to_ascii_lowercase().as_str() {
            "zh" => Ok(Self::Zh),
            "en" => Ok(Self::En),
            _ => Err(Refusal::new("kernel.bad_language", Fault::Refused).value(text)),
        }
    }
}

/// A text in both languages. Written in TOML as `{ zh = "…", en = "…" }`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Text {
    /// The Chinese text.
    pub zh: String,
    /// The English text.
    pub en: String,
}

impl Text {
    /// A text from its two wordings.
    pub fn new(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self {
            zh: zh.into(),
            en: en.into(),
        }
    }

    /// The wording in one language.
    pub fn get(&self, lang: Lang) -> &str {
        match lang {
            Lang::Zh => &self.zh,
            Lang::En => &self.en,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_language_is_known_by_the_first_part_of_its_tag() {
        assert_eq!("zh_CN.UTF-8".parse::<Lang>().unwrap(), Lang::Zh);
        assert_eq!("en-GB".parse::<Lang>().unwrap(), Lang::En);
        assert_eq!("fr".parse::<Lang>().unwrap_err().code, "kernel.bad_language");
    }

    #[test]
    fn a_text_with_a_third_language_is_not_accepted() {
        let text: Text = toml::from_str("zh = \"县\"\nen = \"county\"").unwrap();
        assert_eq!(text.get(Lang::Zh), "县");
        assert_eq!(text.get(Lang::En), "county");
        assert!(toml::from_str::<Text>("zh = \"县\"\nen = \"county\"\nfr = \"comté\"").is_err());
    }
}
