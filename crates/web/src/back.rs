//! Where to go back to: only ever a page of this site.

/// A longer address is not gone back to.
const BYTES_MAX: usize = 1_000;

/// An address that a form brought, where it stays on this site: a path from the root, in plain ASCII.
pub(crate) fn local(address: &str) -> Option<&str> {
    let is_plain = |byte: u8| byte.is_ascii_graphic() && !matches!(byte, b'\\' | b'"' | b'<' | b'>');
    let is_local = address.len() <= BYTES_MAX
        && address.starts_with('/')
        && !address.starts_with("//")
        && address.bytes().all(is_plain);
    is_local.then_some(address)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_paths_of_this_site_are_gone_back_to() {
        for good in ["/", "/en/figures?q=%E5%8E%BF&pillar=commerce"] {
            assert_eq!(local(good), Some(good));
        }
        for bad in [
            "",
            "//evil.example",
            "https://evil.example",
            "https:evil.example",
            "/\\evil.example",
            "/\t/evil.example",
            "/a\r\nx: y",
            "figures",
            "/县",
        ] {
            assert_eq!(local(bad), None, "{bad}");
        }
    }
}
