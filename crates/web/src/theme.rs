//! Light, dark, or as the reader's machine says: kept in a cookie.

use axum::http::{HeaderMap, header::COOKIE};

/// How the pages are coloured.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Theme {
    /// As the machine says.
    #[default]
    Auto,
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
}

impl Theme {
    /// All, in the order in which they are offered.
    pub const ALL: [Self; 3] = [Self::Auto, Self::Light, Self::Dark];

    /// Its name in the cookie, the form and the page.
    #[must_use]
    pub fn tag(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// The theme of a name; none for any other.
    #[must_use]
    pub fn parse(tag: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|theme| theme.tag() == tag)
    }

    pub(crate) fn of(headers: &HeaderMap) -> Self {
        headers
            .get_all(COOKIE)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(';'))
            .filter_map(|pair| pair.trim().strip_prefix("theme="))
            .find_map(Self::parse)
            .unwrap_or_default()
    }

    pub(crate) fn cookie(self) -> String {
        format!(
            "theme={}; Path=/; Max-Age=31536000; SameSite=Lax; HttpOnly",
            self.tag()
        )
    }
}
