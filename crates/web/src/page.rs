//! What every handler knows of the page it answers: language, theme, who asks, where, and under which number.
//!
//! The door makes it once for each request and fills [`Page::visitor`] and [`Page::csrf`] where someone is signed in; a
//! handler takes it as a parameter.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, header::ACCEPT};
use kernel::{Lang, Words};
use people::staff::{Action, Viewer};

use crate::error::WebError;
use crate::form::Fields;
use crate::site::Site;
use crate::theme::Theme;
use crate::{assets, language, words};

/// Who is signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Visitor {
    /// The name shown.
    pub name: String,
    /// The entries of the navigation that are open to them: path and key of the words.
    pub nav: Vec<(String, &'static str)>,
}

/// The context of one page.
#[derive(Clone, Debug)]
pub struct Page {
    /// Language.
    pub lang: Lang,
    /// Its words.
    pub w: &'static Words,
    /// Theme.
    pub theme: Theme,
    /// Who is signed in.
    pub visitor: Option<Visitor>,
    /// Reference number, on error pages and in the log.
    pub request_id: String,
    /// What a form of a signed-in visitor must bring back; empty for nobody.
    pub csrf: String,
    /// The path without its language, e.g. `/figures`.
    pub path: String,
    /// The query as it came, without `?`.
    pub query: String,
    /// The notice of simulated evidence.
    pub simulated: Option<String>,
    /// Title of the programme.
    pub programme: String,
    /// Whether the programme keeps a registry, with public notices to read.
    pub has_notices: bool,
    /// Whether a machine asks, which wants JSON.
    pub wants_json: bool,
}

/// The pages of staff, and what one must be allowed to do to see each.
const STAFF_NAV: [(&str, &str, Action); 14] = [
    ("/staff/intake", "nav.intake", Action::ViewIntake),
    ("/staff/figures", "nav.preparing", Action::ViewPreparing),
    ("/staff/periods", "nav.periods", Action::ViewPreparing),
    ("/staff/registry", "nav.registry", Action::ViewRegistry),
    ("/staff/fund", "nav.fund", Action::ViewFund),
    ("/staff/payments", "nav.payments", Action::ViewPayments),
    ("/staff/books", "nav.books", Action::ViewBooks),
    ("/staff/checks", "nav.checks", Action::RunChecks),
    ("/staff/programme", "nav.programme", Action::CheckProgramme),
    ("/staff/jobs", "nav.jobs", Action::ViewJobs),
    ("/staff/users", "nav.users", Action::ManageUsers),
    ("/staff/organisations", "nav.organisations", Action::ManageUsers),
    ("/staff/webhooks", "nav.webhooks", Action::ManageWebhooks),
    ("/staff/audit", "nav.audit", Action::ViewAudit),
];

/// An entry of the navigation.
pub(crate) struct NavEntry {
    pub href: String,
    pub key: &'static str,
    pub here: bool,
}

impl Page {
    /// The context of a request to `path` (with its language) and `query`.
    pub(crate) fn of(site: &Site, path: &str, query: &str, headers: &HeaderMap, request_id: String) -> Self {
        let (lang, rest) = language::of_path(path);
        Self {
            lang,
            w: words::WORDS.of(lang),
            theme: Theme::of(headers),
            visitor: None,
            request_id,
            csrf: String::new(),
            path: rest.to_owned(),
            query: query.to_owned(),
            simulated: site.simulated(lang),
            programme: site.programme.head.title.get(lang).to_owned(),
            has_notices: site.registry.is_some(),
            wants_json: wants_json(headers),
        }
    }

    /// Puts whoever is signed in onto the page.
    pub(crate) fn welcome(&mut self, viewer: &Viewer) {
        if !viewer.is_somebody() {
            return;
        }
        if let Some(secret) = &viewer.csrf {
            secret.as_str().clone_into(&mut self.csrf);
        }
        let is_there = |path: &str| path != "/staff/registry" || self.has_notices;
        let open = STAFF_NAV
            .iter()
            .filter(|(path, _, action)| is_there(path) && viewer.may(*action, None));
        self.visitor = Some(Visitor {
            name: viewer.display_name.clone(),
            nav: open.map(|(path, key, _)| ((*path).to_owned(), *key)).collect(),
        });
    }

    /// A local path in this page's language.
    #[must_use]
    pub fn href(&self, path: &str) -> String {
        language::href(self.lang, path)
    }

    /// This place in the other language, with its query.
    #[must_use]
    pub fn other_href(&self) -> String {
        with_query(
            language::href(language::other(self.lang), &self.path),
            &self.query,
        )
    }

    /// This place itself, with its query.
    #[must_use]
    pub fn here(&self) -> String {
        with_query(self.href(&self.path), &self.query)
    }

    /// This place with one parameter of its query set, or taken away where the value is empty.
    #[must_use]
    pub fn here_with(&self, name: &str, value: &str) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        for (other, kept) in form_urlencoded::parse(self.query.as_bytes()) {
            if other != name && other != "after" {
                query.append_pair(&other, &kept);
            }
        }
        if !value.is_empty() {
            query.append_pair(name, value);
        }
        with_query(self.href(&self.path), &query.finish())
    }

    /// Where this list is had as a file: all of it, as it is filtered and sorted here.
    pub(crate) fn csv_href(&self) -> String {
        let here = self.here_with("after", "");
        let (path, query) = here.split_once('?').unwrap_or((&here, ""));
        with_query(format!("{path}.csv"), query)
    }

    /// A parameter of the query, without blanks around it; empty where there is none.
    #[must_use]
    pub fn param(&self, name: &str) -> String {
        Fields::parse(self.query.as_bytes()).get(name).trim().to_owned()
    }

    pub(crate) fn html_lang(&self) -> &'static str {
        match self.lang {
            Lang::Zh => "zh-CN",
            Lang::En => "en",
        }
    }

    #[expect(clippy::unused_self, reason = "a template asks its page")]
    pub(crate) fn css(&self) -> &'static str {
        assets::css_href()
    }

    #[expect(clippy::unused_self, reason = "a template asks its page")]
    pub(crate) fn passkey_script(&self) -> &'static str {
        assets::passkey_href()
    }

    #[expect(clippy::unused_self, reason = "a template asks its page")]
    pub(crate) fn field_script(&self) -> &'static str {
        assets::FIELD_HREF
    }

    #[expect(clippy::unused_self, reason = "a template asks its page")]
    pub(crate) fn script(&self) -> &'static str {
        assets::script_href()
    }

    pub(crate) fn nav(&self) -> Vec<NavEntry> {
        let open = [
            ("/figures", "nav.figures"),
            ("/reports", "nav.reports"),
            ("/places", "nav.places"),
        ];
        open.map(|(path, key)| self.nav_entry(path, key)).into()
    }

    /// The pages of staff that are open to whoever is signed in.
    pub(crate) fn staff_nav(&self) -> Vec<NavEntry> {
        let own = self.visitor.iter().flat_map(|visitor| &visitor.nav);
        own.map(|(path, key)| self.nav_entry(path, key)).collect()
    }

    fn nav_entry(&self, path: &str, key: &'static str) -> NavEntry {
        NavEntry {
            href: self.href(path),
            key,
            here: self.path == path || self.path.starts_with(&format!("{path}/")),
        }
    }

    pub(crate) fn themes(&self) -> [(&'static str, &'static str, bool); 3] {
        let offer = |theme: Theme, key| (theme.tag(), key, theme == self.theme);
        [
            offer(Theme::Auto, "theme.auto"),
            offer(Theme::Light, "theme.light"),
            offer(Theme::Dark, "theme.dark"),
        ]
    }
}

fn with_query(path: String, query: &str) -> String {
    if query.is_empty() {
        path
    } else {
        format!("{path}?{query}")
    }
}

/// Whether JSON is named in `Accept` and HTML is not.
fn wants_json(headers: &HeaderMap) -> bool {
    let accept = headers
        .get(ACCEPT)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    accept.contains("json") && !accept.contains("text/html")
}

impl<S: Sync> FromRequestParts<S> for Page {
    type Rejection = WebError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, WebError> {
        parts
            .extensions
            .get::<Self>()
            .cloned()
            .ok_or_else(WebError::no_page)
    }
}
