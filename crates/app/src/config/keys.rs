//! The settings by name: what kind each is and what stands where nothing was said.

use std::net::SocketAddr;

use kernel::{Fault, Refusal};

/// What a setting looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Any text, a path among them.
    Text,
    /// A text whose password is not shown.
    Secret,
    /// A web address: http or https, a host, nothing behind it.
    WebAddress,
    /// Host address and port.
    Address,
    /// One of these words.
    Word(&'static [&'static str]),
    /// true or false.
    Switch,
    /// A whole number from 1.
    Count,
}

/// A setting.
#[derive(Debug)]
pub(super) struct Key {
    /// Its name in the file; the flag has `-` for `_`, the variable is `FISHPOND_` and the name in capitals.
    pub(super) name: &'static str,
    pub(super) kind: Kind,
    /// What stands where nothing was said.
    pub(super) default: Option<&'static str>,
}

const fn key(name: &'static str, kind: Kind, default: Option<&'static str>) -> Key {
    Key { name, kind, default }
}

/// All of them, in the order in which they are shown.
pub(super) const KEYS: [Key; 15] = [
    key("data", Kind::Text, Some("fishpond-data")),
    key("database", Kind::Secret, None),
    key("documents", Kind::Text, None),
    key("lang", Kind::Word(&["zh", "en"]), Some("zh")),
    key("log", Kind::Word(&["text", "json"]), Some("text")),
    key("log_level", Kind::Text, None),
    key("listen", Kind::Address, Some("127.0.0.1:8080")),
    key("tls_cert", Kind::Text, None),
    key("tls_key", Kind::Text, None),
    key("public_url", Kind::WebAddress, None),
    key("trust_proxy", Kind::Switch, Some("false")),
    key("metrics_listen", Kind::Address, None),
    key("connections_max", Kind::Count, None),
    key("webhooks_private", Kind::Switch, Some("false")),
    key("oidc_private", Kind::Switch, Some("false")),
];

impl Key {
    /// Whether the text is of this kind.
    pub(super) fn check(&self, text: &str) -> Result<(), Refusal> {
        let fits = match self.kind {
            Kind::Text | Kind::Secret => !text.is_empty(),
            Kind::WebAddress => is_web_address(text),
            Kind::Address => text.parse::<SocketAddr>().is_ok(),
            Kind::Word(words) => words.contains(&text),
            Kind::Switch => matches!(text, "true" | "false"),
            Kind::Count => text.parse::<u32>().is_ok_and(|number| number > 0),
        };
        if fits { Ok(()) } else { Err(self.bad(text)) }
    }

    /// The refusal of a value.
    pub(super) fn bad(&self, value: &str) -> Refusal {
        let wanted = match self.kind {
            Kind::Text | Kind::Secret => "\"…\"".to_owned(),
            Kind::WebAddress => "\"https://fishpond.example.org\"".to_owned(),
            Kind::Address => "\"127.0.0.1:8080\"".to_owned(),
            Kind::Word(words) => words.join(" | "),
            Kind::Switch => "true | false".to_owned(),
            Kind::Count => "1, 2, 3 …".to_owned(),
        };
        let shown = if self.kind == Kind::Secret { "…" } else { value };
        Refusal::new("app.config_bad_value", Fault::Refused)
            .value(shown)
            .fact("key", self.name)
            .fact("wanted", wanted)
    }

    /// The value as it may be seen.
    pub(super) fn shown(&self, value: &str) -> String {
        if self.kind == Kind::Secret {
            without_password(value)
        } else {
            value.to_owned()
        }
    }
}

fn is_web_address(text: &str) -> bool {
    let rest = text
        .strip_prefix("https://")
        .or_else(|| text.strip_prefix("http://"));
    rest.is_some_and(|host| {
        let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':' | '[' | ']');
        !host.is_empty() && host.chars().all(allowed)
    })
}

/// A database URL with `***` where its password stands, in the user part or among the options.
fn without_password(url: &str) -> String {
    let (url, options) = url.split_once('?').map_or((url, None), |(u, o)| (u, Some(o)));
    let hidden = match url.split_once("://") {
        Some((scheme, rest)) => match rest.rsplit_once('@') {
            Some((user, host)) => {
                let name = user.split_once(':').map_or(user, |(name, _)| name);
                let mark = if user.contains(':') { ":***" } else { "" };
                format!("{scheme}://{name}{mark}@{host}")
            }
            None => url.to_owned(),
        },
        None => url.to_owned(),
    };
    match options {
        Some(options) if options.to_ascii_lowercase().contains("password") => format!("{hidden}?***"),
        Some(options) => format!("{hidden}?{options}"),
        None => hidden,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_password_of_a_database_is_never_shown() {
        for (url, shown) in [
            ("postgres://lan:s3:cr@et@h:5/f", "postgres://lan:***@h:5/f"),
            (
                "postgres://lan@h/f?sslmode=require",
                "postgres://lan@h/f?sslmode=require",
            ),
            ("postgres://h/f?user=a&password=s3cret", "postgres://h/f?***"),
            ("sqlite:///var/f.db", "sqlite:///var/f.db"),
        ] {
            assert_eq!(without_password(url), shown);
        }
    }

    #[test]
    fn a_public_address_is_a_host_and_nothing_behind_it() {
        for (text, fits) in [
            ("https://fishpond.example.org", true),
            ("http://127.0.0.1:8080", true),
            ("https://example.org/pond", false),
            ("example.org", false),
            ("https://", false),
        ] {
            assert_eq!(is_web_address(text), fits, "{text}");
        }
    }
}
