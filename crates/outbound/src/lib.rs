//! Requests of ours to other systems: where they may go, how long they may take and how much of an answer is read.
//!
//! An address is checked twice: as it is written ([`require_url`]), and when a request goes out, each address that its host
//! has then ([`send`]). The request goes to one of those that were checked, through no proxy, and follows no redirect:
//! nobody reaches into our network through us, by a name that answers differently the second time or by an answer.
//!
//! What went wrong is an [`Unreached`]; whoever asked makes a refusal of their own of it.

mod address;

use std::time::Duration;

use reqwest::header::{HeaderName, HeaderValue};
use reqwest::redirect::Policy;
use reqwest::{Client, Method, Response};

pub use address::{Reach, require_url};
pub use reqwest::Url;

/// Why a request did not come back with an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unreached {
    /// The address is no https address (or http on this machine, where that is allowed), or has a user or a fragment.
    BadUrl,
    /// The address is not public, and only public ones are within reach.
    AddressRefused,
    /// There is no host of this name.
    NoSuchHost,
    /// No request could be made here; our own fault.
    NoClient(String),
    /// No answer came, or it broke off, or it took too long.
    NoAnswer(String),
    /// The answer is longer than what is read.
    TooLong,
}

/// A request to make.
#[derive(Clone, Debug)]
pub struct Request<'a> {
    /// Where to.
    pub url: &'a str,
    /// Who asks, as a user agent.
    pub agent: &'static str,
    /// Headers; a value that cannot stand in one is [`Unreached::NoClient`].
    pub headers: Vec<(&'static str, String)>,
    /// With a body it is a POST, else a GET.
    pub body: Option<Vec<u8>>,
    /// From the first byte to the last it may take so long.
    pub wait: Duration,
    /// So many bytes of the answer are read; none reads its status only.
    pub answer_bytes_max: Option<usize>,
}

/// What came back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The body, as far as it was to be read.
    pub body: Vec<u8>,
}

impl Answer {
    /// Whether the status says that it was done.
    #[must_use]
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }
}

/// Makes a request.
///
/// # Errors
/// [`Unreached`].
pub async fn send(request: Request<'_>, reach: Reach) -> Result<Answer, Unreached> {
    let url = require_url(request.url, reach)?;
    let client = client(&url, reach, &request).await?;
    let method = if request.body.is_some() {
        Method::POST
    } else {
        Method::GET
    };
    let mut asked = client.request(method, url);
    for (name, value) in request.headers {
        let value = HeaderValue::try_from(value).map_err(|error| Unreached::NoClient(error.to_string()))?;
        asked = asked.header(HeaderName::from_static(name), value);
    }
    if let Some(body) = request.body {
        asked = asked.body(body);
    }
    let response = asked.send().await.map_err(no_answer)?;
    let status = response.status().as_u16();
    let body = match request.answer_bytes_max {
        Some(most) => read(response, most).await?,
        None => Vec::new(),
    };
    Ok(Answer { status, body })
}

/// A client that goes to the checked addresses of a host, and nowhere else.
async fn client(url: &Url, reach: Reach, request: &Request<'_>) -> Result<Client, Unreached> {
    let addresses = address::resolve(url, reach).await?;
    let host = url.host_str().unwrap_or_default();
    let client = Client::builder()
        .redirect(Policy::none())
        .no_proxy()
        .timeout(request.wait)
        .user_agent(request.agent);
    let client = match address::literal(host) {
        Some(_) => client,
        None => client.resolve_to_addrs(host, &addresses),
    };
    client
        .build()
        .map_err(|error| Unreached::NoClient(error.to_string()))
}

async fn read(mut response: Response, most: usize) -> Result<Vec<u8>, Unreached> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(no_answer)? {
        if body.len() + chunk.len() > most {
            return Err(Unreached::TooLong);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

/// Without the address, which may hold what is nobody's business.
fn no_answer(error: reqwest::Error) -> Unreached {
    let error = error.without_url();
    let mut cause = error.to_string();
    let mut source = std::error::Error::source(&error);
    while let Some(deeper) = source {
        cause.push_str(": ");
        cause.push_str(&deeper.to_string());
        source = deeper.source();
    }
    Unreached::NoAnswer(cause)
}
