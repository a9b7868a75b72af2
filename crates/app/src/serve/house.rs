//! Answers one request: probes, the pages, the limit of their time, what a proxy says of the reader, log and metrics.

use std::convert::Infallible;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Instant;

use axum::Router;
use axum::body::Body;
use axum::http::header::{CONTENT_TYPE, HeaderName, HeaderValue, RETRY_AFTER, STRICT_TRANSPORT_SECURITY};
use axum::http::{HeaderMap, Method, Request, Response, StatusCode};
use hyper::body::Incoming;
use hyper::service::Service as _;
use hyper_util::service::TowerToHyperService;
use kernel::{Fault, Lang, Refusal};
use web::{Caller, RouteName};

use super::body::{Counted, Paced};
use super::limits::ANSWER_WAIT;
use super::log::{Answered, method_name};
use super::metrics::{Cut, Metrics};
use super::probes::{self, Probes};

const FORWARDED: HeaderName = HeaderName::from_static("forwarded");
const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
const FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");
const REQUEST_ID: &str = "x-request-id";
/// A year, the least that browsers' lists take.
const HSTS: HeaderValue = HeaderValue::from_static("max-age=31536000");
/// The route of an address that no route knows.
const UNKNOWN: &str = "unknown";

/// Who is given the metrics on a listener.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MetricsFor {
    /// Whoever reaches it: it is for nothing else.
    Everyone,
    /// This machine, unless a proxy stands between.
    ThisMachine,
    /// Nobody: they have a listener of their own.
    Nobody,
}

/// What stands behind a listener.
pub struct House {
    /// The pages; none where only probes are answered.
    pub pages: Option<Router>,
    /// What machines ask.
    pub probes: Arc<Probes>,
    /// What is counted.
    pub metrics: Arc<Metrics>,
    /// Who may see the metrics.
    pub metrics_for: MetricsFor,
    /// Whether a proxy's headers are believed.
    pub trust_proxy: bool,
    /// Whether browsers are told to come by HTTPS only.
    pub hsts: bool,
}

impl House {
    /// Answers a request.
    pub async fn answer(
        &self,
        request: Request<Incoming>,
        peer: SocketAddr,
        secure: bool,
    ) -> Result<Response<Counted>, Infallible> {
        let since = Instant::now();
        let method = method_name(request.method());
        let path = request.uri().path();
        let probe = [probes::HEALTH, probes::READY, probes::METRICS]
            .into_iter()
            .find(|probe| *probe == path && matches!(*request.method(), Method::GET | Method::HEAD))
            .filter(|probe| *probe != probes::METRICS || self.shows_metrics(request.headers(), peer));
        let (mut response, route) = match probe {
            Some(probe) => (self.probed(probe).await, Some(probe.to_owned())),
            None => self.page(request, peer, secure).await,
        };
        if self.hsts {
            response.headers_mut().insert(STRICT_TRANSPORT_SECURITY, HSTS);
        }
        let number = response.headers().get(REQUEST_ID);
        let answered = Answered {
            number: number
                .and_then(|value| value.to_str().ok())
                .unwrap_or("-")
                .to_owned(),
            method,
            route: route.unwrap_or_else(|| UNKNOWN.to_owned()),
            status: response.status().as_u16(),
            bytes: 0,
            since,
            metrics: Arc::clone(&self.metrics),
        };
        Ok(response.map(|body| Counted::new(body, answered)))
    }

    /// A proxy on this machine makes every reader look like this machine, so a forwarded request is none of it.
    fn shows_metrics(&self, headers: &HeaderMap, peer: SocketAddr) -> bool {
        match self.metrics_for {
            MetricsFor::Everyone => true,
            MetricsFor::Nobody => false,
            MetricsFor::ThisMachine => {
                let forwarded = headers.contains_key(FORWARDED) || headers.contains_key(FORWARDED_FOR);
                peer.ip().to_canonical().is_loopback() && !forwarded && !self.trust_proxy
            }
        }
    }

    async fn probed(&self, probe: &str) -> Response<Body> {
        match probe {
            probes::READY => self.probes.ready().await,
            probes::METRICS => self.probes.metrics().await,
            _ => Probes::health(),
        }
    }

    async fn page(
        &self,
        request: Request<Incoming>,
        peer: SocketAddr,
        secure: bool,
    ) -> (Response<Body>, Option<String>) {
        let Some(pages) = &self.pages else {
            let mut response = Response::new(Body::empty());
            *response.status_mut() = StatusCode::NOT_FOUND;
            return (response, None);
        };
        let caller = self.caller(request.headers(), peer, secure);
        let reads = matches!(*request.method(), Method::GET | Method::HEAD);
        let mut request = request.map(|body| Body::new(Paced::new(body, Arc::clone(&self.metrics))));
        request.extensions_mut().insert(caller);
        let answer = TowerToHyperService::new(pages.clone()).call(request);
        let answered = if reads {
            tokio::time::timeout(ANSWER_WAIT, answer).await
        } else {
            // What changes state is not given up half way; its body has a pace to keep.
            Ok(answer.await)
        };
        let Ok(response) = answered else {
            self.metrics.cut(Cut::LateAnswer);
            return (late(), None);
        };
        let Ok(mut response) = response;
        let route = response.extensions_mut().remove::<RouteName>();
        (response, route.map(|route| route.as_str().to_owned()))
    }

    fn caller(&self, headers: &HeaderMap, peer: SocketAddr, secure: bool) -> Caller {
        let address = peer.ip().to_canonical();
        if !self.trust_proxy {
            return Caller { address, secure };
        }
        let proto = headers.get(FORWARDED_PROTO).and_then(|value| value.to_str().ok());
        Caller {
            address: forwarded_for(headers).unwrap_or(address),
            secure: secure || proto.is_some_and(|proto| proto.eq_ignore_ascii_case("https")),
        }
    }
}

/// The reader's address as the nearest proxy put it: the last one. What stands before it, anyone may have written.
fn forwarded_for(headers: &HeaderMap) -> Option<IpAddr> {
    let last = headers.get_all(FORWARDED_FOR).iter().next_back()?;
    last.to_str().ok()?.rsplit(',').next()?.trim().parse().ok()
}

/// A page that took too long; said in both languages, because nobody is left who knows the reader's.
fn late() -> Response<Body> {
    let refusal = Refusal::new("app.answer_late", Fault::Broken);
    let text = format!("{}\n{}\n", refusal.message(Lang::Zh), refusal.message(Lang::En));
    let mut response = Response::new(Body::from(text));
    *response.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
    let headers = response.headers_mut();
    headers.insert(
        CONTENT_TYPE,
        HeaderValue::from_static("text/plain; charset=utf-8"),
    );
    headers.insert(RETRY_AFTER, HeaderValue::from_static("10"));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_the_nearest_proxy_wrote_is_believed() {
        let mut headers = HeaderMap::new();
        headers.append(FORWARDED_FOR, HeaderValue::from_static("10.0.0.1"));
        headers.append(FORWARDED_FOR, HeaderValue::from_static("1.2.3.4, 2001:db8::1"));
        assert_eq!(forwarded_for(&headers), "2001:db8::1".parse().ok());
        headers.append(FORWARDED_FOR, HeaderValue::from_static("unknown"));
        assert_eq!(forwarded_for(&headers), None);
    }
}
