//! `/api`: the documentation for people, made from the same table as the router and the OpenAPI document.

use askama::Template;
use axum::response::Response;
use people::staff::Scope;

use super::params::{LANG, Place};
use super::table::{ENDPOINTS, Endpoint, Takes, Verb};
use super::{examples, words};
use crate::error::WebError;
use crate::layout;
use crate::page::Page;

/// Longer examples end here, in lines.
const EXAMPLE_LINES_MAX: usize = 40;

struct ParamView {
    name: &'static str,
    place: &'static str,
    required: bool,
    about: String,
}

struct EndpointView {
    id: &'static str,
    method: &'static str,
    path: &'static str,
    about: String,
    scope: String,
    params: Vec<ParamView>,
    curl: String,
    example: String,
}

#[derive(Template)]
#[template(path = "api/show.html")]
struct DocsPage {
    page: Page,
    a: &'static kernel::Words,
    endpoints: Vec<EndpointView>,
}

pub(super) async fn show(page: Page) -> Result<Response, WebError> {
    let a = words::WORDS.of(page.lang);
    let endpoints = ENDPOINTS.iter().map(|endpoint| view(endpoint, a)).collect();
    layout::public(&DocsPage { page, a, endpoints })
}

fn view(endpoint: &Endpoint, a: &kernel::Words) -> EndpointView {
    let params = endpoint.params.iter().chain([&LANG]);
    let scopes = endpoint.needs.map(|action| {
        let scopes = Scope::ALL
            .into_iter()
            .filter(|scope| scope.actions().contains(&action));
        scopes.map(Scope::as_str).collect::<Vec<_>>().join(", ")
    });
    EndpointView {
        id: endpoint.id,
        method: endpoint.verb.as_str(),
        path: endpoint.path,
        about: a.get(&format!("op.{}", endpoint.id)).to_owned(),
        scope: scopes.map_or_else(String::new, |scopes| a.fill("page.scope", &[("scopes", &scopes)])),
        params: params
            .map(|param| ParamView {
                name: param.name,
                place: match param.place {
                    Place::Path => "path",
                    Place::Query => "query",
                    Place::Header => "header",
                },
                required: param.required,
                about: a.get(&format!("param.{}", param.about)).to_owned(),
            })
            .collect(),
        curl: curl(endpoint),
        example: example(endpoint),
    }
}

/// The request as it is typed.
fn curl(endpoint: &Endpoint) -> String {
    let mut path = endpoint.path.to_owned();
    let mut query = form_urlencoded::Serializer::new(String::new());
    for param in endpoint.params {
        match param.place {
            Place::Path => path = path.replace(&format!("{{{}}}", param.name), param.example),
            Place::Query if param.required => drop(query.append_pair(param.name, param.example)),
            Place::Query | Place::Header => {}
        }
    }
    let query = query.finish();
    let mark = if query.is_empty() { "" } else { "?" };
    let method = match endpoint.verb {
        Verb::Get => String::new(),
        verb => format!(" -X {}", verb.as_str()),
    };
    let key = endpoint
        .needs
        .map_or("", |_| " -H \"Authorization: Bearer $FISHPOND_KEY\"");
    let body = match endpoint.takes {
        Takes::Nothing => String::new(),
        Takes::File => " -H 'Content-Type: text/csv' -T orders.csv".to_owned(),
        Takes::Json(shape) => {
            let example = examples::of(shape).unwrap_or_default();
            format!(" -H 'Content-Type: application/json' -d '{example}'")
        }
    };
    format!("curl{method}{key}{body} \"$FISHPOND{path}{mark}{query}\"")
}

fn example(endpoint: &Endpoint) -> String {
    let shape = endpoint.answers.first().map_or("", |(_, shape)| shape);
    let text = examples::of(shape).and_then(|example| serde_json::to_string_pretty(&example).ok());
    let text = text.unwrap_or_default();
    let mut lines: Vec<&str> = text.lines().collect();
    if lines.len() > EXAMPLE_LINES_MAX {
        lines.truncate(EXAMPLE_LINES_MAX);
        lines.push("…");
    }
    lines.join("\n")
}
