//! Where requests may go: addresses that are public, so that nobody uses this server to reach what only it can reach.
//!
//! The host is resolved once, every address it has is checked, and the request goes to one of those that were checked: a
//! name that answers differently the second time changes nothing.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use reqwest::Url;

use crate::Unreached;

/// How far requests may go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// Public addresses only.
    Public,
    /// Private ones too, and plain http on this machine; for an installation that works inside its own network.
    Anywhere,
}

impl Reach {
    fn allows(self, address: IpAddr) -> bool {
        self == Self::Anywhere || is_public(address)
    }
}

/// An address that requests may be sent to, as far as can be said without resolving it: https, or http on this machine
/// where that is allowed; no user, no fragment.
///
/// # Errors
/// [`Unreached::BadUrl`], [`Unreached::AddressRefused`].
pub fn require_url(text: &str, reach: Reach) -> Result<Url, Unreached> {
    let url = Url::parse(text.trim()).map_err(|_| Unreached::BadUrl)?;
    let is_plain = url.username().is_empty() && url.password().is_none() && url.fragment().is_none();
    let Some(host) = url.host_str().filter(|_| is_plain && text.len() <= 500) else {
        return Err(Unreached::BadUrl);
    };
    let literal = literal(host);
    let is_here = host == "localhost" || literal.is_some_and(|address| address.is_loopback());
    match url.scheme() {
        "https" => {}
        "http" if is_here && reach == Reach::Anywhere => {}
        _ => return Err(Unreached::BadUrl),
    }
    if literal.is_some_and(|address| !reach.allows(address)) {
        return Err(Unreached::AddressRefused);
    }
    Ok(url)
}

/// The addresses of a URL's host, all of them within reach.
pub(crate) async fn resolve(url: &Url, reach: Reach) -> Result<Vec<SocketAddr>, Unreached> {
    let (host, port) = (
        url.host_str().unwrap_or_default(),
        url.port_or_known_default().unwrap_or(443),
    );
    let found: Vec<SocketAddr> = match literal(host) {
        Some(address) => vec![SocketAddr::new(address, port)],
        None => tokio::net::lookup_host((host, port))
            .await
            .map_err(|_| Unreached::NoSuchHost)?
            .collect(),
    };
    if found.is_empty() {
        return Err(Unreached::NoSuchHost);
    }
    // One private address among public ones is enough: which one is taken would be the name's choice.
    if found.iter().any(|address| !reach.allows(address.ip())) {
        return Err(Unreached::AddressRefused);
    }
    Ok(found)
}

/// The address that a host is written as, where it is one.
pub(crate) fn literal(host: &str) -> Option<IpAddr> {
    host.trim_start_matches('[').trim_end_matches(']').parse().ok()
}

fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let is_special = address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_multicast()
        || address.is_documentation();
    // This network, shared by carriers, protocol assignments, 6to4 relays, benchmarks, reserved.
    let is_reserved = a == 0
        || (a == 100 && (64..128).contains(&b))
        || (a == 192 && b == 0 && c == 0)
        || (a == 192 && b == 88 && c == 99)
        || (a == 198 && (b == 18 || b == 19))
        || a >= 240;
    !is_special && !is_reserved
}

/// Of IPv6 only what is given out as global unicast, 2000::/3, and of that nothing that stands for an address of IPv4.
fn is_public_v6(address: Ipv6Addr) -> bool {
    if let Some(mapped) = address.to_ipv4_mapped() {
        return is_public_v4(mapped);
    }
    let [first, second, ..] = address.segments();
    let is_global = first & 0xe000 == 0x2000;
    let is_tunnel = first == 0x2002 || (first == 0x2001 && second < 0x0200);
    let is_documentation = (first == 0x2001 && second == 0x0db8) || first == 0x3fff;
    is_global && !is_tunnel && !is_documentation
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_public_addresses_are_public() {
        for public in [
            "1.1.1.1",
            "203.0.114.1",
            "100.128.0.1",
            "2606:4700:4700::1111",
            "::ffff:1.1.1.1",
        ] {
            assert!(is_public(public.parse().unwrap()), "{public}");
        }
        for private in [
            "127.0.0.1",
            "10.0.0.1",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.1.1",
            "169.254.169.254",
            "0.0.0.0",
            "100.64.0.1",
            "192.0.0.1",
            "192.0.2.1",
            "198.18.0.1",
            "224.0.0.1",
            "255.255.255.255",
            "240.0.0.1",
            "::",
            "::1",
            "fc00::1",
            "fd12:3456::1",
            "fe80::1",
            "ff02::1",
            "::ffff:127.0.0.1",
            "::ffff:169.254.169.254",
            "64:ff9b::7f00:1",
            "2002:7f00:1::",
            "2001:db8::1",
            "2001::1",
            "::127.0.0.1",
        ] {
            assert!(!is_public(private.parse().unwrap()), "{private}");
        }
    }

    #[test]
    fn a_url_is_https_or_on_this_machine_where_that_is_allowed() {
        let (bad, refused) = (Some(Unreached::BadUrl), Some(Unreached::AddressRefused));
        for (url, public, anywhere) in [
            ("https://example.org/hook?a=b", None, None),
            ("https://8.8.8.8/", None, None),
            ("http://example.org/", bad.clone(), bad.clone()),
            ("http://127.0.0.1:9000/", bad.clone(), None),
            ("http://[::1]:9000/", bad.clone(), None),
            ("https://127.0.0.1/", refused.clone(), None),
            ("https://[fd00::1]/", refused.clone(), None),
            ("https://2130706433/", refused.clone(), None),
            ("https://0x7f.1/", refused.clone(), None),
            ("https://user:pw@example.org/", bad.clone(), bad.clone()),
            ("https://example.org/#a", bad.clone(), bad.clone()),
            ("ftp://example.org/", bad.clone(), bad.clone()),
            ("file:///etc/passwd", bad.clone(), bad.clone()),
            ("example.org", bad.clone(), bad.clone()),
        ] {
            for (reach, code) in [(Reach::Public, public), (Reach::Anywhere, anywhere)] {
                assert_eq!(require_url(url, reach).err(), code, "{url} {reach:?}");
            }
        }
    }

    #[tokio::test]
    async fn a_name_that_means_this_machine_is_refused_when_it_is_resolved() {
        let url = require_url("https://localhost/", Reach::Public).unwrap();
        let refused = resolve(&url, Reach::Public).await.unwrap_err();
        assert_eq!(refused, Unreached::AddressRefused);
        assert!(resolve(&url, Reach::Anywhere).await.is_ok());
    }
}
