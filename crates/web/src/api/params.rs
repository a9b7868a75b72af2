//! Parameters of endpoints: where they stand, what they may be. Checked in one place, before an endpoint runs.

use kernel::{Fault, Lang, Period, PlaceCode, Refusal};
use serde_json::{Value, json};

/// Where a parameter stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    Path,
    Query,
    Header,
}

/// What a parameter may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Any text of at most so many characters.
    Text(usize),
    /// A name of ASCII letters, digits, `.`, `_` and `-`.
    Name,
    /// A whole number between two.
    Number(i64, i64),
    /// One of these.
    Choice(&'static [&'static str]),
    Period,
    Code,
    Sha256,
    Id,
    Day,
    Account,
}

/// One parameter.
#[derive(Clone, Copy, Debug)]
pub(super) struct Param {
    pub name: &'static str,
    /// Its key in the words.
    pub about: &'static str,
    pub place: Place,
    pub kind: Kind,
    pub required: bool,
    pub example: &'static str,
}

const fn path(name: &'static str, kind: Kind, example: &'static str) -> Param {
    Param {
        name,
        about: name,
        place: Place::Path,
        kind,
        required: true,
        example,
    }
}

const fn query(name: &'static str, kind: Kind, example: &'static str) -> Param {
    Param {
        place: Place::Query,
        required: false,
        ..path(name, kind, example)
    }
}

const fn needed(param: Param) -> Param {
    Param {
        required: true,
        ..param
    }
}

const fn header(name: &'static str, about: &'static str, example: &'static str) -> Param {
    Param {
        place: Place::Header,
        about,
        ..query(name, Kind::Text(HEADER_CHARS_MAX), example)
    }
}

const HEADER_CHARS_MAX: usize = 300;
const ID: &str = "01890a5d-ac96-774b-bcce-b302099a8057";
const SHA: &str = "1c5b7d0f5e7f3f4c6a1d2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d5e6f70";

pub(super) const FIGURE: Param = path("id", Kind::Name, "sales.poverty_counties");
pub(super) const DIMENSION: Param = path(
    "dimension",
    Kind::Choice(&["province", "place", "month", "channel", "product", "pillar"]),
    "province",
);
pub(super) const SEGMENT: Param = path("segment", Kind::Sha256, SHA);
pub(super) const PERIOD: Param = path("period", Kind::Period, "2018H1");
pub(super) const VERSION: Param = path("version", Kind::Number(1, 1_000_000), "1");
pub(super) const FILE: Param = path("name", Kind::Name, "report.json");
pub(super) const PLACE: Param = path("code", Kind::Code, "532528");
pub(super) const UPLOAD: Param = path("upload", Kind::Id, ID);
pub(super) const JOB: Param = path("job", Kind::Id, ID);

pub(super) const WEBHOOK: Param = path("webhook", Kind::Id, ID);
pub(super) const USER: Param = path("user", Kind::Id, ID);
pub(super) const GRANT: Param = path("grant", Kind::Id, ID);

pub(super) const ACCOUNT: Param = path("account", Kind::Account, "assets:fund:bank");
pub(super) const ENTRY: Param = path("no", Kind::Number(1, i64::MAX), "17");
pub(super) const PROJECT: Param = path("project", Kind::Name, "dingxi-water");
pub(super) const BATCH: Param = path("batch", Kind::Id, ID);
pub(super) const OWNER: Param = query("owner", Kind::Text(100), "county:621226");
pub(super) const FROM: Param = query("from", Kind::Day, "2018-01-01");
pub(super) const THROUGH: Param = query("through", Kind::Day, "2018-06-30");
pub(super) const ON: Param = query("on", Kind::Day, "2018-06-30");
pub(super) const HOLD_STATE: Param = Param {
    about: "hold_state",
    ..query(
        "state",
        Kind::Choice(&["held", "posted", "voided", "expired"]),
        "held",
    )
};

pub(super) const USER_OF: Param = query("user", Kind::Id, "");
pub(super) const ACTION: Param = query("action", Kind::Name, "manage_users");
pub(super) const PILLAR: Param = query("pillar", Kind::Name, "commerce");
pub(super) const SEARCH: Param = query("q", Kind::Text(60), "county");
pub(super) const SEARCH_NEEDED: Param = Param {
    example: "元阳",
    ..needed(SEARCH)
};
pub(super) const PERIOD_OF: Param = query("period", Kind::Period, "2018H1");
pub(super) const VERSION_OF: Param = query("version", Kind::Number(1, 1_000_000), "1");
pub(super) const PLACE_OF: Param = Param {
    about: "code",
    ..needed(query("place", Kind::Code, "532528"))
};
pub(super) const LIMIT: Param = query("limit", Kind::Number(1, 200), "50");
pub(super) const CURSOR: Param = query("cursor", Kind::Text(400), "");
pub(super) const LAYOUT: Param = needed(query("layout", Kind::Name, "xingnong"));
pub(super) const NAME: Param = Param {
    about: "file_name",
    ..query("name", Kind::Text(200), "orders.csv")
};
pub(super) const THEN: Param = query("then", Kind::Choice(&["hold", "import"]), "hold");
pub(super) const IDEMPOTENCY_KEY: Param = header("Idempotency-Key", "idempotency_key", ID);
pub(super) const CONTENT_DIGEST: Param = header("Content-Digest", "content_digest", "");
/// Every endpoint takes it.
pub(super) const LANG: Param = query("lang", Kind::Choice(&["zh", "en"]), "en");

impl Param {
    /// Refuses what the parameter may not be.
    ///
    /// # Errors
    /// `api.bad_parameter`.
    pub(super) fn check(&self, value: &str) -> Result<(), Refusal> {
        if self.kind.allows(value) {
            return Ok(());
        }
        Err(bad(self.name, value))
    }
}

pub(super) fn bad(name: &str, value: &str) -> Refusal {
    Refusal::new("api.bad_parameter", Fault::Refused)
        .at(name)
        .value(value)
}

impl Kind {
    pub(super) fn allows(self, value: &str) -> bool {
        match self {
            Self::Text(max) => value.chars().count() <= max && !value.contains('\0'),
            Self::Name => {
                let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
                !value.is_empty() && value.len() <= 100 && value.bytes().all(plain)
            }
            Self::Number(min, max) => {
                let digits = !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit());
                digits
                    && value
                        .parse::<i64>()
                        .is_ok_and(|number| (min..=max).contains(&number))
            }
            Self::Choice(names) => names.contains(&value),
            Self::Period => value.parse::<Period>().is_ok(),
            Self::Code => value.parse::<PlaceCode>().is_ok(),
            Self::Sha256 => {
                let hex = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
                value.len() == 64 && value.bytes().all(hex)
            }
            Self::Id => value.parse::<people::staff::UserId>().is_ok(),
            Self::Day => value.parse::<jiff::civil::Date>().is_ok(),
            Self::Account => value.parse::<books::AccountCode>().is_ok(),
        }
    }

    /// As JSON Schema.
    pub(super) fn schema(self) -> Value {
        match self {
            Self::Text(max) => json!({ "type": "string", "maxLength": max }),
            Self::Name => json!({ "type": "string", "pattern": "^[A-Za-z0-9._-]{1,100}$" }),
            Self::Number(min, max) => json!({ "type": "integer", "minimum": min, "maximum": max }),
            Self::Choice(names) => json!({ "type": "string", "enum": names }),
            Self::Period => json!({ "type": "string", "pattern": PERIOD_PATTERN }),
            Self::Code => json!({ "type": "string", "pattern": "^[1-9][0-9]{5}([0-9]{6})?$" }),
            Self::Sha256 => json!({ "type": "string", "pattern": "^[0-9a-f]{64}$" }),
            Self::Id => json!({ "type": "string", "format": "uuid" }),
            Self::Day => json!({ "type": "string", "format": "date" }),
            Self::Account => json!({ "type": "string", "maxLength": 120, "pattern": ACCOUNT_PATTERN }),
        }
    }
}

/// As accounts of the books are written.
const ACCOUNT_PATTERN: &str = "^(assets|liabilities|equity|income|expenses)(:[a-z0-9][a-z0-9-]*)+$";
/// As periods are written; which days there are, the calendar says.
pub(super) const PERIOD_PATTERN: &str =
    "^[0-9]{4}(H[12]|Q[1-4]|-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?$";

/// The language of a tag of the query.
pub(super) fn lang_of(tag: &str) -> Option<Lang> {
    tag.parse().ok()
}
