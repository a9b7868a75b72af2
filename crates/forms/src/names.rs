//! What may be a name: of a question, a group, a column of choices. It becomes the name of an XML element.

use crate::limits::NAME_CHARS_MAX;

/// Whether a text is one name, perhaps with a prefix: `name`, `orx:name`.
pub(crate) fn is_name(text: &str) -> bool {
    let (first, second) = text
        .split_once(':')
        .map_or((text, None), |(first, second)| (first, Some(second)));
    let whole = |part: &str| !part.is_empty() && name_length(part) == Some(part.len());
    text.chars().count() <= NAME_CHARS_MAX && whole(first) && second.is_none_or(whole)
}

/// The length in bytes of the name at the head of a text.
pub(crate) fn name_length(text: &str) -> Option<usize> {
    let mut letters = text.char_indices();
    letters.next().filter(|(_, letter)| may_begin(*letter))?;
    Some(
        letters
            .find(|(_, letter)| !may_follow(*letter))
            .map_or(text.len(), |(end, _)| end),
    )
}

fn may_begin(letter: char) -> bool {
    matches!(letter,
        'A'..='Z' | '_' | 'a'..='z' | '\u{c0}'..='\u{d6}' | '\u{d8}'..='\u{f6}' | '\u{f8}'..='\u{2ff}'
        | '\u{370}'..='\u{37d}' | '\u{37f}'..='\u{1fff}' | '\u{200c}'..='\u{200d}' | '\u{2070}'..='\u{218f}'
        | '\u{2c00}'..='\u{2fef}' | '\u{3001}'..='\u{d7ff}' | '\u{f900}'..='\u{fdcf}' | '\u{fdf0}'..='\u{fffd}'
        | '\u{10000}'..='\u{effff}')
}

fn may_follow(letter: char) -> bool {
    may_begin(letter)
        || matches!(letter, '-' | '.' | '0'..='9' | '\u{b7}' | '\u{300}'..='\u{36f}' | '\u{203f}'..='\u{2040}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_begins_with_a_letter_and_has_no_blank() {
        for (text, good) in [
            ("name", true),
            ("_1", true),
            ("户主", true),
            ("a.b-c", true),
            ("orx:meta", true),
            ("1a", false),
            ("-a", false),
            ("a b", false),
            ("a:b:c", false),
            ("a:", false),
            ("", false),
            ("a/b", false),
        ] {
            assert_eq!(is_name(text), good, "{text}");
        }
        assert!(!is_name(&"a".repeat(NAME_CHARS_MAX + 1)));
    }
}
