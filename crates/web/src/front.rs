//! How the site is reached from outside: its address, its cookie, and what a browser says of where a form comes from.

use std::net::{IpAddr, Ipv6Addr};
use std::sync::Arc;

use axum::http::header::{COOKIE, HOST, HeaderName, ORIGIN};
use axum::http::{Extensions, HeaderMap};
use people::staff::RelyingParty;

use crate::caller::Caller;
use crate::error::WebError;
use crate::tries::Tries;

/// Where a browser says a request comes from.
const FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");
/// A session's token, over https: `__Host-` keeps neighbours under the same domain from setting it.
const SECURE_COOKIE: &str = "__Host-fishpond";
/// The same over plain http on this machine, where browsers take no `Secure` cookie.
const PLAIN_COOKIE: &str = "fishpond";

/// What a browser keeps while someone signs in at a provider, over https.
const SECURE_KEPT: &str = "__Host-fishpond-oidc";
/// The same over plain http on this machine.
const PLAIN_KEPT: &str = "fishpond-oidc";

/// How the site is reached.
#[derive(Clone, Debug)]
pub struct Front {
    rp: RelyingParty,
    is_https: bool,
    tries: Arc<Tries>,
}

impl Front {
    /// A site on a domain, over https: `fishpond.example.org`, or with its port where that is not 443.
    #[must_use]
    pub fn https(domain: &str) -> Self {
        let host = domain.split_once(':').map_or(domain, |(host, _)| host);
        Self {
            rp: party(host, vec![format!("https://{domain}")]),
            is_https: true,
            tries: Arc::default(),
        }
    }

    /// A site on this machine only, over plain http. Passkeys work under `localhost`.
    #[must_use]
    pub fn local(port: u16) -> Self {
        let origins = ["localhost", "127.0.0.1", "[::1]"].map(|host| format!("http://{host}:{port}"));
        Self {
            rp: party("localhost", origins.into()),
            is_https: false,
            tries: Arc::default(),
        }
    }

    /// The site as passkeys know it.
    #[must_use]
    pub fn relying_party(&self) -> &RelyingParty {
        &self.rp
    }

    /// A path with the site's own address before it, to be sent to somebody.
    pub(crate) fn here(&self, path: &str) -> String {
        let origin = self.rp.origins.first().map_or("", String::as_str);
        format!("{origin}{path}")
    }

    /// The site's own address as the reader wrote it, where it has several; else the first. A name that is not one of
    /// them counts for nothing.
    pub(crate) fn origin(&self, headers: &HeaderMap) -> &str {
        let host = headers.get(HOST).and_then(|value| value.to_str().ok());
        let is_asked = |origin: &&String| {
            let own = origin.split_once("://").map(|(_, own)| own);
            own.is_some() && own == host
        };
        let asked = self.rp.origins.iter().find(is_asked);
        asked.or(self.rp.origins.first()).map_or("", String::as_str)
    }

    /// Lets a try to sign in through, unless too many came from the address lately.
    pub(crate) fn within_limit(&self, address: Option<&str>) -> Result<(), WebError> {
        if self.tries.may(address) {
            Ok(())
        } else {
            Err(WebError::too_many())
        }
    }

    /// The session's token in the cookies, where it has the length of one.
    pub(crate) fn token(&self, headers: &HeaderMap) -> Option<String> {
        secret_in(headers, self.cookie_name())
    }

    /// What the browser kept while its reader was at a provider, where it has the length of one.
    pub(crate) fn kept(&self, headers: &HeaderMap) -> Option<String> {
        secret_in(headers, self.kept_name())
    }

    /// The cookie of what the browser keeps meanwhile, for so many seconds.
    pub(crate) fn kept_cookie(&self, secret: &str, lives_s: i64) -> String {
        format!(
            "{}={secret}; Max-Age={lives_s}; {}",
            self.kept_name(),
            self.cookie_rules()
        )
    }

    /// Takes that cookie back.
    pub(crate) fn no_kept_cookie(&self) -> String {
        format!("{}=; Max-Age=0; {}", self.kept_name(), self.cookie_rules())
    }

    /// The cookie of a session; it goes when the browser is closed.
    pub(crate) fn cookie(&self, token: &str) -> String {
        format!("{}={token}; {}", self.cookie_name(), self.cookie_rules())
    }

    /// Takes the cookie back.
    pub(crate) fn no_cookie(&self) -> String {
        format!("{}=; Max-Age=0; {}", self.cookie_name(), self.cookie_rules())
    }

    /// Whether a browser says that a request comes from a page of this site.
    pub(crate) fn is_from_here(&self, headers: &HeaderMap) -> bool {
        let text = |name| headers.get(name).map(|value| value.to_str().unwrap_or("?"));
        let is_same = text(FETCH_SITE).map(|site| matches!(site, "same-origin" | "none"));
        let is_own = text(ORIGIN).map(|origin| {
            let host = origin.split_once("://").map_or("", |(_, host)| host);
            self.rp.origins.iter().any(|own| own == origin) || (!host.is_empty() && text(HOST) == Some(host))
        });
        // Neither may speak against it, and one must speak for it.
        matches!(
            (is_same, is_own),
            (Some(true), None | Some(true)) | (None, Some(true))
        )
    }

    fn cookie_name(&self) -> &'static str {
        if self.is_https {
            SECURE_COOKIE
        } else {
            PLAIN_COOKIE
        }
    }

    fn kept_name(&self) -> &'static str {
        if self.is_https { SECURE_KEPT } else { PLAIN_KEPT }
    }

    fn cookie_rules(&self) -> &'static str {
        if self.is_https {
            "Path=/; HttpOnly; SameSite=Lax; Secure"
        } else {
            "Path=/; HttpOnly; SameSite=Lax"
        }
    }
}

/// The value of a cookie, where it has the length of a secret.
fn secret_in(headers: &HeaderMap, name: &str) -> Option<String> {
    let start = format!("{name}=");
    headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .find_map(|pair| pair.trim().strip_prefix(start.as_str()).map(str::to_owned))
        .filter(|secret| (20..=100).contains(&secret.len()))
}

fn party(host: &str, origins: Vec<String>) -> RelyingParty {
    RelyingParty {
        id: host.to_owned(),
        name: host.to_owned(),
        origins,
    }
}

/// The reader's address, as the listening side found it.
pub(crate) fn address(extensions: &Extensions) -> Option<String> {
    extensions.get::<Caller>().map(|caller| counted(caller.address))
}

/// The address under which tries are counted: of IPv6 the network, since one reader has all of it.
fn counted(address: IpAddr) -> String {
    match address {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            format!("{}/64", Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(HeaderName, &str)]) -> HeaderMap {
        let pairs = pairs
            .iter()
            .map(|(name, value)| (name.clone(), value.parse().unwrap()));
        pairs.collect()
    }

    #[test]
    fn tries_are_counted_by_address_or_by_network() {
        let of = |address: &str| {
            let mut extensions = Extensions::new();
            extensions.insert(Caller {
                address: address.parse().unwrap(),
                secure: true,
            });
            super::address(&extensions)
        };
        assert_eq!(of("198.51.100.7").as_deref(), Some("198.51.100.7"));
        assert_eq!(of("2001:db8:1:2:3::4").as_deref(), Some("2001:db8:1:2::/64"));
        assert_eq!(super::address(&Extensions::new()), None);
    }

    #[test]
    fn only_this_sites_own_pages_send_forms() {
        let front = Front::https("pond.example");
        let own = (ORIGIN, "https://pond.example");
        for good in [
            vec![own.clone()],
            vec![(FETCH_SITE, "same-origin")],
            vec![own.clone(), (FETCH_SITE, "same-origin")],
            vec![(ORIGIN, "http://10.1.1.1:80"), (HOST, "10.1.1.1:80")],
        ] {
            assert!(front.is_from_here(&headers(&good)), "{good:?}");
        }
        for bad in [
            vec![],
            vec![(FETCH_SITE, "cross-site")],
            vec![(FETCH_SITE, "same-site"), own],
            vec![(ORIGIN, "null")],
            vec![(ORIGIN, "https://pond.example.evil"), (HOST, "pond.example")],
            vec![(ORIGIN, "https://evil.example"), (FETCH_SITE, "same-origin")],
        ] {
            assert!(!front.is_from_here(&headers(&bad)), "{bad:?}");
        }
    }

    #[test]
    fn the_cookie_is_bound_to_its_host_where_there_is_https() {
        let token = "t".repeat(43);
        let secure = Front::https("pond.example");
        assert_eq!(
            secure.cookie(&token),
            format!("__Host-fishpond={token}; Path=/; HttpOnly; SameSite=Lax; Secure")
        );
        let plain = headers(&[(COOKIE, &format!("theme=dark; fishpond={token}"))]);
        assert_eq!(Front::local(8080).token(&plain).as_deref(), Some(token.as_str()));
        assert_eq!(secure.token(&plain), None);
    }

    #[test]
    fn the_address_of_the_site_is_the_one_the_reader_wrote_among_its_own() {
        let front = Front::local(8080);
        for (host, origin) in [
            ("127.0.0.1:8080", "http://127.0.0.1:8080"),
            ("localhost:8080", "http://localhost:8080"),
            ("evil.example", "http://localhost:8080"),
        ] {
            assert_eq!(front.origin(&headers(&[(HOST, host)])), origin);
        }
        let kept = front.kept_cookie(&"k".repeat(43), 600);
        let asked = headers(&[(COOKIE, kept.split(';').next().unwrap())]);
        assert_eq!(front.kept(&asked), Some("k".repeat(43)));
        assert_eq!(front.token(&asked), None, "it is no session");
        assert!(kept.contains("Max-Age=600") && kept.contains("HttpOnly"));
    }
}
