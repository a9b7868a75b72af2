//! References to questions in texts and expressions: `${name}`, and `${last-saved#name}` for the answer of the last
//! submission that was saved.

use std::ops::Range;

use crate::names::name_length;

const LAST_SAVED: &str = "last-saved#";

/// One reference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Reference<'t> {
    /// Where it stands, with its dollar and braces.
    pub span: Range<usize>,
    /// The name of the question or group.
    pub name: &'t str,
    /// Whether it is of the last submission that was saved.
    pub last_saved: bool,
}

/// The references of a text that are well formed.
pub(crate) fn references(text: &str) -> impl Iterator<Item = Reference<'_>> {
    candidates(text).filter_map(Result::ok)
}

/// What begins like a reference and is none: `${`, `${a b}`.
pub(crate) fn malformed(text: &str) -> Option<&str> {
    candidates(text).find_map(Result::err)
}

/// Whether a text has a reference.
pub(crate) fn has_reference(text: &str) -> bool {
    references(text).next().is_some()
}

/// Whether a text refers to the last submission that was saved.
pub(crate) fn has_last_saved(text: &str) -> bool {
    references(text).any(|reference| reference.last_saved)
}

/// The reference that is all of a text.
pub(crate) fn only_reference(text: &str) -> Option<Reference<'_>> {
    references(text)
        .next()
        .filter(|reference| reference.span == (0..text.len()))
}

/// The length of the reference at the head of a text.
pub(crate) fn at_head(text: &str) -> Option<usize> {
    text.starts_with("${")
        .then(|| candidates(text).next())?
        .and_then(Result::ok)
        .map(|found| found.span.end)
}

/// A text with each of its references replaced.
pub(crate) fn replaced(text: &str, mut by: impl FnMut(&Reference<'_>) -> String) -> String {
    let mut whole = String::with_capacity(text.len());
    let mut behind = 0;
    for reference in references(text) {
        whole.push_str(text.get(behind..reference.span.start).unwrap_or_default());
        whole.push_str(&by(&reference));
        behind = reference.span.end;
    }
    whole.push_str(text.get(behind..).unwrap_or_default());
    whole
}

fn candidates(text: &str) -> impl Iterator<Item = Result<Reference<'_>, &str>> {
    let mut from = 0;
    std::iter::from_fn(move || {
        let rest = text.get(from..)?;
        let start = from + rest.find("${")?;
        let inner = text.get(start + 2..).unwrap_or_default();
        let Some(length) = inner.find('}') else {
            from = text.len();
            return Some(Err(text.get(start..).unwrap_or_default()));
        };
        let end = start + 2 + length + 1;
        from = end;
        let inner = inner.get(..length).unwrap_or_default();
        let (last_saved, name) = match inner.strip_prefix(LAST_SAVED) {
            Some(name) => (true, name),
            None => (false, inner),
        };
        if !name.is_empty() && name_length(name) == Some(name.len()) {
            Some(Ok(Reference {
                span: start..end,
                name,
                last_saved,
            }))
        } else {
            Some(Err(text.get(start..end).unwrap_or_default()))
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_found_with_their_places_and_the_rest_is_told_apart() {
        let text = "${a} + ${last-saved#b.c}";
        let found: Vec<_> = references(text)
            .map(|one| (one.name, one.last_saved, one.span))
            .collect();
        assert_eq!(found, [("a", false, 0..4), ("b.c", true, 7..24)]);
        assert_eq!(malformed(text), None);
        for (text, wrong) in [
            ("x ${a", "${a"),
            ("${ a }", "${ a }"),
            ("${}", "${}"),
            ("${a}${b c}", "${b c}"),
        ] {
            assert_eq!(malformed(text), Some(wrong));
        }
        assert!(only_reference("${a}").is_some() && only_reference("${a} ").is_none());
        assert_eq!(replaced("<${a}|${b}>", |one| one.name.to_uppercase()), "<A|B>");
    }
}
