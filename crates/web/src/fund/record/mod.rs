//! `/staff/fund/record/…`: the forms that record what happened to the fund, one for each kind in [`kinds::KINDS`]. All of
//! them are one page: the questions of a kind become the JSON of its act, and the fund holds that against its rules.

mod kinds;

use askama::Template;
use axum::extract::{DefaultBodyLimit, Multipart, State};
use axum::handler::Handler as _;
use axum::http::Method;
use axum::response::Response;
use axum::routing::post;
use fund::{Act, MoneyClass};
use kernel::{Fault, Money, PlaceCode, Refusal};
use serde_json::{Map, Value, json};

use self::kinds::{Ask, KINDS, Kind, List, Of, Proof};
use super::take;
use crate::Shared;
use crate::books::needed_day;
use crate::error::WebError;
use crate::form::{Field, Fields, FormState};
use crate::layout::{self, Crumb};
use crate::multipart::{self, DOCUMENT_BYTES_MAX, FORM_ROOM, Sent};
use crate::page::Page;
use crate::routes::{Rooms, Who};
use crate::signed::Signed;
use crate::site::Site;

/// The fund itself, where a pillar is asked for.
const FUND: &str = "fund";

/// One of the rows of a list, as it is shown.
struct RowView {
    list: &'static str,
    legend: String,
    fields: Vec<Field>,
}

#[derive(Template)]
#[template(path = "fund/record.html")]
struct RecordPage {
    page: Page,
    crumbs: Vec<Crumb>,
    title: String,
    action: String,
    form: FormState,
    rows: Vec<RowView>,
    asks_document: bool,
    asks_photos: bool,
}

/// The way to a form.
pub(super) struct Way {
    pub href: String,
    pub title: String,
}

/// The forms whose records stand on a page, for who may fill them in.
pub(super) fn ways(signed: &Signed, back: &str) -> Vec<Way> {
    let kinds = KINDS.iter().filter(|kind| kind.back == back);
    let open = kinds.filter(|kind| signed.viewer.may(kind.action, None));
    open.map(|kind| Way {
        href: signed.page.href(kind.path),
        title: signed.page.w.get(kind.title).to_owned(),
    })
    .collect()
}

pub(super) fn routes() -> Rooms {
    KINDS.iter().fold(Rooms::new(), |rooms, kind| {
        let who = Who::May(kind.action);
        let show =
            move |State(site): State<Shared>, signed: Signed| async move { show(&site, &signed, kind) };
        let create = move |State(site): State<Shared>, signed: Signed, form: Multipart| async move {
            create(&site, &signed, kind, form).await
        };
        let create = post(create.layer(DefaultBodyLimit::max(DOCUMENT_BYTES_MAX + FORM_ROOM)));
        rooms
            .get(kind.path, who, show)
            .at(Method::POST, kind.path, who, create)
    })
}

fn show(site: &Site, signed: &Signed, kind: &'static Kind) -> Result<Response, WebError> {
    signed.require(kind.action, None)?;
    answer(site, signed, kind, &Fields::default(), None)
}

/// Takes the act that was typed in; one that was taken before changes nothing.
async fn create(
    site: &Site,
    signed: &Signed,
    kind: &'static Kind,
    form: Multipart,
) -> Result<Response, WebError> {
    signed.require(kind.action, None)?;
    let sent = match multipart::read(form, DOCUMENT_BYTES_MAX).await {
        Ok(sent) => sent,
        Err(refusal) => {
            return layout::refused(answer(site, signed, kind, &Fields::default(), Some(&refusal)));
        }
    };
    let typed = sent.fields.clone();
    let taken = match act(site, signed, kind, sent).await {
        Ok(act) => take(site, signed, act).await?,
        Err(refusal) if refusal.fault == Fault::Broken => return Err(refusal.into()),
        Err(refusal) => Err(refusal),
    };
    match taken {
        Ok(_now_or_already) => Ok(layout::see_other(signed.page.href(kind.back))),
        Err(refusal) => layout::refused(answer(site, signed, kind, &typed, Some(&refusal))),
    }
}

/// The act that a form says.
async fn act(site: &Site, signed: &Signed, kind: &Kind, sent: Sent) -> Result<Act, Refusal> {
    let mut told = object(kind.asks, |name| sent.fields.get(name).trim())?;
    if let Some(list) = kind.list {
        told.insert(list.name.to_owned(), Value::Array(rows(&list, &sent.fields)?));
    }
    if kind.is_own {
        told.insert("person".to_owned(), json!(signed.user));
    }
    let mut kept = Vec::new();
    for file in sent.files {
        kept.push(site.store.documents().put(file).await?);
    }
    match kind.proof {
        Proof::Photos => drop(told.insert("photos".to_owned(), json!(kept))),
        Proof::Document => {
            let first = kept.into_iter().next();
            told.extend(first.map(|sha256| ("document".to_owned(), json!(sha256))));
        }
        Proof::None => {}
    }
    // What is asked is all that an act needs, but for a document that is missing.
    serde_json::from_value(json!({ (kind.act): told }))
        .map_err(|_| Refusal::new("web.document_missing", Fault::Refused))
}

/// The rows of a list that were filled in; a refusal names the row, from 1.
fn rows(list: &List, typed: &Fields) -> Result<Vec<Value>, Refusal> {
    let mut told = Vec::new();
    for row in 0..list.rows {
        let at = |name: &str| {
            let name = format!("{}.{name}", list.name);
            typed.all(&name).nth(row).unwrap_or_default().trim().to_owned()
        };
        if list.asks.iter().flat_map(names).all(|name| at(name).is_empty()) {
            continue;
        }
        let read = object(list.asks, at).map_err(|refusal| refusal.at(format!("{}.{}", list.name, row + 1)));
        told.push(Value::Object(read?));
    }
    Ok(told)
}

/// The fields of a question.
fn names(ask: &Ask) -> Vec<&'static str> {
    match ask.of {
        Of::Names(zh, en) => vec![zh, en],
        Of::Owner => vec!["county", "pillar"],
        _ => vec![ask.name],
    }
}

/// What was answered, as the act has it.
fn object<T: AsRef<str>>(asks: &[Ask], typed: impl Fn(&str) -> T) -> Result<Map<String, Value>, Refusal> {
    asks.iter()
        .map(|ask| Ok((ask.name.to_owned(), value(ask, &typed)?)))
        .collect()
}

fn value<T: AsRef<str>>(ask: &Ask, typed: &impl Fn(&str) -> T) -> Result<Value, Refusal> {
    let own = typed(ask.name);
    let text = own.as_ref();
    let place = |name: &'static str, text: &str| -> Result<PlaceCode, Refusal> {
        text.parse().map_err(|refusal: Refusal| refusal.at(name))
    };
    Ok(match ask.of {
        Of::Text | Of::Pillar | Of::PillarOrFund => json!(text),
        Of::MoneyClass => {
            let class: Result<MoneyClass, _> = serde_json::from_value(json!(text));
            let bad = |_| {
                Refusal::new("web.bad_choice", Fault::Refused)
                    .at(ask.name)
                    .value(text)
            };
            json!(class.map_err(bad)?)
        }
        Of::Names(zh, en) => json!({ "zh": typed(zh).as_ref(), "en": typed(en).as_ref() }),
        Of::Day => json!(needed_day(text, ask.name)?),
        Of::Yuan => {
            let amount: Result<Money, Refusal> = text.parse();
            json!(amount.map_err(|refusal| refusal.at(ask.name))?)
        }
        Of::Number => {
            let number: Result<u32, _> = text.parse();
            let bad = |_| {
                Refusal::new("web.bad_number", Fault::Refused)
                    .at(ask.name)
                    .value(text)
            };
            json!(number.map_err(bad)?)
        }
        Of::PlaceOrNone if text.is_empty() => Value::Null,
        Of::Place | Of::PlaceOrNone => json!(place(ask.name, text)?),
        Of::Owner => match typed("county").as_ref() {
            "" => json!({ "pillar": typed("pillar").as_ref() }),
            county => json!({ "county": place("county", county)? }),
        },
        Of::YesOrNo => json!(text == "yes"),
    })
}

fn answer(
    site: &Site,
    signed: &Signed,
    kind: &'static Kind,
    typed: &Fields,
    refusal: Option<&Refusal>,
) -> Result<Response, WebError> {
    let page = signed.page.clone();
    let fields = kind.asks.iter().flat_map(|ask| fields(site, &page, ask));
    let mut form = FormState::new(fields.collect(), typed);
    if let Some(refusal) = refusal {
        form.refuse(refusal, page.lang);
    }
    layout::html(&RecordPage {
        crumbs: vec![
            Crumb::new(page.href("/staff/fund"), page.w.get("nav.fund")),
            Crumb::new(page.href(kind.path), page.w.get(kind.title)),
        ],
        title: page.w.get(kind.title).to_owned(),
        action: page.href(kind.path),
        rows: kind
            .list
            .map_or_else(Vec::new, |list| row_views(site, &page, &list, typed)),
        asks_document: kind.proof == Proof::Document,
        asks_photos: kind.proof == Proof::Photos,
        form,
        page,
    })
}

fn row_views(site: &Site, page: &Page, list: &List, typed: &Fields) -> Vec<RowView> {
    let row = |row: usize| {
        let with_value = |field: Field| {
            let name = format!("{}.{}", list.name, field.name);
            let value = typed.all(&name).nth(row).unwrap_or_default().to_owned();
            Field { value, ..field }
        };
        let fields = list.asks.iter().flat_map(|ask| fields(site, page, ask));
        RowView {
            list: list.name,
            legend: page.w.fill(list.legend, &[("n", &(row + 1).to_string())]),
            fields: fields.map(with_value).collect(),
        }
    };
    (0..list.rows).map(row).collect()
}

/// The fields of a question, in the words of the page.
fn fields(site: &Site, page: &Page, ask: &Ask) -> Vec<Field> {
    let field = |name, kind| Field::asked(page, name, kind, (ask.label, ask.hint));
    let chosen = |choices| Field {
        choices,
        ..field(ask.name, "")
    };
    let words = |key: &str| page.w.get(key).to_owned();
    match ask.of {
        Of::Text | Of::Place | Of::PlaceOrNone | Of::Yuan | Of::Number => {
            vec![field(ask.name, "text")]
        }
        Of::Names(zh, en) => [(zh, "record.in_chinese"), (en, "record.in_english")]
            .map(|(name, key)| Field {
                label: page.w.fill(key, &[("name", page.w.get(ask.label))]),
                ..field(name, "text")
            })
            .into(),
        Of::Day => vec![field(ask.name, "date")],
        Of::Pillar => vec![chosen(pillars(site, page))],
        Of::PillarOrFund => {
            let whole = (FUND.to_owned(), words("nav.fund"));
            vec![chosen([vec![whole], pillars(site, page)].concat())]
        }
        Of::Owner => vec![
            Field::asked(page, "county", "text", ("record.county", "record.county_hint")),
            Field {
                choices: pillars(site, page),
                ..Field::asked(page, "pillar", "", ("fund.pillar", "record.pillar_hint"))
            },
        ],
        Of::MoneyClass => vec![chosen(vec![
            (
                MoneyClass::Finance.as_str().to_owned(),
                words("record.is_finance"),
            ),
            (
                MoneyClass::Turnover.as_str().to_owned(),
                words("record.is_turnover"),
            ),
        ])],
        Of::YesOrNo => vec![chosen(vec![
            ("no".to_owned(), words("record.no")),
            ("yes".to_owned(), words("record.yes")),
        ])],
    }
}

/// The pillars of the programme, to choose from.
pub(super) fn pillars(site: &Site, page: &Page) -> Vec<(String, String)> {
    let pillars = site.programme.head.pillars.iter();
    pillars
        .map(|pillar| (pillar.id.clone(), pillar.title.get(page.lang).to_owned()))
        .collect()
}
