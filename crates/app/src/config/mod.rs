//! One configuration: flags over `FISHPOND_*` over `fishpond.toml` over defaults, and where each value came from.
//!
//! Flags and variables are read by clap, which refuses what is not of its kind; the file is held against the same
//! names. The file is the one of `--config`, else `fishpond.toml` in the data folder, where it is; that one cannot move
//! the data folder, because it was found by it.

mod file;
mod keys;

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::ArgMatches;
use clap::parser::ValueSource;
use kernel::{Fault, Refusal};
use serde::Serialize;

use crate::cli::{Language, LogForm, Settings};
use keys::{KEYS, Key};

/// The file that is looked for in the data folder.
const FILE: &str = "fishpond.toml";

/// Where a value came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// Typed.
    Flag,
    /// A variable of the environment.
    Variable,
    /// `fishpond.toml`.
    File,
    /// Nothing was said.
    Default,
}

/// A setting as it stands.
#[derive(Clone, Debug, Serialize)]
pub struct Setting {
    /// Its name.
    pub name: &'static str,
    /// Its value as it may be shown; none where there is none.
    pub value: Option<String>,
    /// Where it came from.
    pub source: Source,
}

/// What the service is told.
#[derive(Clone, Debug)]
pub struct Service {
    /// Where the pages are served.
    pub listen: SocketAddr,
    /// Certificate chain and key.
    pub tls: Option<(PathBuf, PathBuf)>,
    /// Under which address readers come.
    pub public_url: Option<String>,
    /// Whether a proxy's headers are believed.
    pub trust_proxy: bool,
    /// Where metrics are given, if not beside the pages.
    pub metrics_listen: Option<SocketAddr>,
    /// Connections open at once.
    pub connections_max: Option<usize>,
    /// Whether webhooks may go to private addresses.
    pub webhooks_private: bool,
    /// Whether the providers of organisations may be at private addresses.
    pub oidc_private: bool,
}

impl Service {
    /// The pages on an address and nothing else, as `demo` serves them.
    #[must_use]
    pub fn on(listen: SocketAddr) -> Self {
        Self {
            listen,
            tls: None,
            public_url: None,
            trust_proxy: false,
            metrics_listen: None,
            connections_max: None,
            webhooks_private: false,
            oidc_private: false,
        }
    }
}

/// The configuration of this run.
#[derive(Clone, Debug)]
pub struct Config {
    /// The file it was read from, where there was one.
    pub file: Option<PathBuf>,
    /// Every setting, as `fishpond config` shows it.
    pub shown: Vec<Setting>,
    /// What the service is told.
    pub service: Service,
}

impl Config {
    /// Reads the file, puts what it says where nothing was typed, and remembers where everything came from.
    ///
    /// # Errors
    /// What the file is refused for; `app.tls_half` where only one of certificate and key is named.
    pub fn load(matches: &ArgMatches, settings: &mut Settings) -> Result<Self, Refusal> {
        let matches = innermost(matches);
        let named = settings.config.clone();
        let beside = Some(settings.data.join(FILE)).filter(|path| path.exists());
        let path = named.clone().or(beside);
        let written = path.as_deref().map(file::read).transpose()?.unwrap_or_default();
        if named.is_none()
            && let Some((key, _)) = written.iter().find(|(key, _)| key.name == "data")
        {
            return Err(Refusal::new("app.config_misplaced", Fault::Refused)
                .at(settings.data.join(FILE).display())
                .value(key.name));
        }
        let mut values = Values::default();
        for key in &KEYS {
            values.add(key, matches, &written);
        }
        values.settle(settings);
        let service = values.service()?;
        Ok(Self {
            file: path,
            shown: values.shown(),
            service,
        })
    }
}

/// The matches of the command that was typed; settings of every command are in there too.
fn innermost(matches: &ArgMatches) -> &ArgMatches {
    let mut inner = matches;
    while let Some((_, deeper)) = inner.subcommand() {
        inner = deeper;
    }
    inner
}

#[derive(Default)]
struct Values(Vec<(&'static Key, Option<String>, Source)>);

impl Values {
    fn add(&mut self, key: &'static Key, matches: &ArgMatches, written: &[(&'static Key, String)]) {
        let is_typed = matches.ids().any(|id| id.as_str() == key.name);
        let source = is_typed.then(|| matches.value_source(key.name)).flatten();
        let typed = is_typed
            .then(|| matches.get_raw(key.name)?.next())
            .flatten()
            .map(|text| text.to_string_lossy().into_owned());
        let row = match source {
            Some(ValueSource::CommandLine) => (typed, Source::Flag),
            Some(ValueSource::EnvVariable) => (typed, Source::Variable),
            _ => match written.iter().find(|(known, _)| known.name == key.name) {
                Some((_, text)) => (Some(text.clone()), Source::File),
                None => (key.default.map(str::to_owned), Source::Default),
            },
        };
        self.0.push((key, row.0, row.1));
    }

    fn get(&self, name: &str) -> Option<&str> {
        let (_, value, _) = self.0.iter().find(|(key, ..)| key.name == name)?;
        value.as_deref()
    }

    /// Puts the values that every command takes where the commands look for them.
    fn settle(&self, settings: &mut Settings) {
        if let Some(data) = self.get("data") {
            settings.data = PathBuf::from(data);
        }
        settings.database = self.get("database").map(str::to_owned);
        settings.documents = self.get("documents").map(str::to_owned);
        settings.log_level = self.get("log_level").map(str::to_owned);
        settings.lang = match self.get("lang") {
            Some("en") => Language::En,
            _ => Language::Zh,
        };
        settings.log = match self.get("log") {
            Some("json") => LogForm::Json,
            _ => LogForm::Text,
        };
    }

    fn service(&self) -> Result<Service, Refusal> {
        for (key, value, _) in &self.0 {
            value.as_deref().map_or(Ok(()), |value| key.check(value))?;
        }
        let address = |name: &str| self.get(name).and_then(|text| text.parse::<SocketAddr>().ok());
        let file = |name: &str| self.get(name).map(PathBuf::from);
        let tls = match (file("tls_cert"), file("tls_key")) {
            (Some(cert), Some(key)) => Some((cert, key)),
            (None, None) => None,
            _ => return Err(Refusal::new("app.tls_half", Fault::Refused)),
        };
        let listen = address("listen").unwrap_or_else(|| SocketAddr::from(([127, 0, 0, 1], 8080)));
        Ok(Service {
            tls,
            public_url: self.get("public_url").map(str::to_owned),
            trust_proxy: self.get("trust_proxy") == Some("true"),
            metrics_listen: address("metrics_listen"),
            connections_max: self.get("connections_max").and_then(|text| text.parse().ok()),
            webhooks_private: self.get("webhooks_private") == Some("true"),
            oidc_private: self.get("oidc_private") == Some("true"),
            ..Service::on(listen)
        })
    }

    fn shown(&self) -> Vec<Setting> {
        let rows = self.0.iter().map(|(key, value, source)| Setting {
            name: key.name,
            value: value.as_deref().map(|value| key.shown(value)),
            source: *source,
        });
        rows.collect()
    }
}
