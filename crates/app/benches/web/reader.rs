//! One reader: a connection that is kept, over which one request goes after the other.

use std::net::SocketAddr;

use anyhow::{Result, bail};
use axum::body::{Body, Bytes, to_bytes};
use axum::http::header::{ACCEPT, ACCEPT_ENCODING, ETAG, HOST, IF_NONE_MATCH, USER_AGENT};
use axum::http::{HeaderMap, Request, StatusCode};
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

/// No answer is longer; evidence packs are not read here.
const ANSWER_BYTES_MAX: usize = 64 << 20;
/// What browsers take.
pub const BROWSER: &str = "gzip, deflate, br, zstd";

/// An answer, as it was sent.
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Answer {
    /// The name of its content.
    pub fn tag(&self) -> Option<String> {
        let tag = self.headers.get(ETAG)?.to_str().ok()?;
        Some(tag.to_owned())
    }

    /// Whether it is a page.
    pub fn is_page(&self) -> bool {
        let kind = self.headers.get(axum::http::header::CONTENT_TYPE);
        kind.is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"))
    }

    /// Its text; of an answer that was sent plain.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The addresses on this site it leads to and draws on.
    pub fn links(&self) -> Vec<String> {
        let text = self.text();
        let parts = text.split("href=\"").skip(1).chain(text.split("src=\"").skip(1));
        parts
            .filter_map(|rest| rest.split(['"', '#']).next())
            .filter(|link| link.starts_with('/') && !link.starts_with("//"))
            .map(|link| link.replace("&#38;", "&").replace("&amp;", "&"))
            .collect()
    }
}

/// A connection.
pub struct Reader {
    host: String,
    sender: SendRequest<Body>,
}

impl Reader {
    pub async fn connect(address: SocketAddr) -> Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        let (sender, connection) = handshake(TokioIo::new(stream)).await?;
        tokio::spawn(connection);
        Ok(Self {
            host: address.to_string(),
            sender,
        })
    }

    /// Asks, and reads the whole answer.
    pub async fn get(&mut self, path: &str, accepts: &str, known: Option<&str>) -> Result<Answer> {
        let mut request = Request::get(path)
            .header(HOST, &self.host)
            .header(USER_AGENT, "Mozilla/5.0 (bench)")
            .header(ACCEPT, "text/html,application/json;q=0.9,*/*;q=0.8")
            .header(ACCEPT_ENCODING, accepts);
        if let Some(tag) = known {
            request = request.header(IF_NONE_MATCH, tag);
        }
        self.sender.ready().await?;
        let response = self.sender.send_request(request.body(Body::empty())?).await?;
        let (parts, body) = response.into_parts();
        Ok(Answer {
            status: parts.status,
            headers: parts.headers,
            body: to_bytes(Body::new(body), ANSWER_BYTES_MAX).await?,
        })
    }

    /// The plain page at an address, which has to be there.
    pub async fn page(&mut self, path: &str) -> Result<Answer> {
        let answer = self.get(path, "identity", None).await?;
        if answer.status != StatusCode::OK {
            bail!("{path} answered {}", answer.status);
        }
        Ok(answer)
    }
}
