//! How alike two short texts are: Jaro-Winkler similarity, and whether one turns into the other in a step or two.
//!
//! Both look at the first 64 characters only, so that a pair costs a bounded time and nothing on the heap.

/// Characters of a text that are looked at.
const CHARS_MAX: usize = 64;

/// The first characters of a text, on the stack.
pub(crate) struct Chars {
    list: [char; CHARS_MAX],
    len: usize,
}

impl Chars {
    pub(crate) fn of(text: &str) -> Self {
        let mut list = ['\0'; CHARS_MAX];
        let mut len = 0;
        for (place, character) in list.iter_mut().zip(text.chars()) {
            *place = character;
            len += 1;
        }
        Self { list, len }
    }

    pub(crate) fn change(&mut self, with: impl Fn(char) -> char) {
        for character in self.list.iter_mut().take(self.len) {
            *character = with(*character);
        }
    }

    /// In the order of the alphabet.
    pub(crate) fn sorted(&mut self) -> &[char] {
        let list = self.list.get_mut(..self.len).unwrap_or_default();
        list.sort_unstable();
        list
    }

    pub(crate) fn as_slice(&self) -> &[char] {
        self.list.get(..self.len).unwrap_or_default()
    }
}

/// Jaro-Winkler similarity from 0 to 1 (Winkler, "String Comparator Metrics and Enhanced Decision Rules in the
/// Fellegi-Sunter Model of Record Linkage", 1990), with 0.1 for each of up to four first characters in common.
pub fn jaro_winkler(left: &str, right: &str) -> f64 {
    winkler(Chars::of(left).as_slice(), Chars::of(right).as_slice())
}

pub(crate) fn winkler(left: &[char], right: &[char]) -> f64 {
    let jaro = jaro(left, right);
    let same_head = left.iter().zip(right).take(4).take_while(|(a, b)| a == b).count();
    jaro + 0.1 * same_head as f64 * (1.0 - jaro)
}

fn jaro(left: &[char], right: &[char]) -> f64 {
    if left.is_empty() || right.is_empty() {
        return if left.len() == right.len() { 1.0 } else { 0.0 };
    }
    let reach = (left.len().max(right.len()) / 2).saturating_sub(1);
    let (mut taken_left, mut taken_right) = (0_u64, 0_u64);
    for (place, character) in left.iter().enumerate() {
        let first = place.saturating_sub(reach);
        let window = right
            .iter()
            .enumerate()
            .skip(first)
            .take(place + reach + 1 - first);
        for (other, candidate) in window {
            if candidate == character && taken_right & (1 << other) == 0 {
                taken_left |= 1 << place;
                taken_right |= 1 << other;
                break;
            }
        }
    }
    let common = taken_left.count_ones();
    if common == 0 {
        return 0.0;
    }
    let of_left = left
        .iter()
        .enumerate()
        .filter(|(place, _)| taken_left & (1 << place) != 0);
    let of_right = right
        .iter()
        .enumerate()
        .filter(|(place, _)| taken_right & (1 << place) != 0);
    let out_of_place = of_left.zip(of_right).filter(|((_, a), (_, b))| a != b).count() / 2;
    let common = f64::from(common);
    (common / left.len() as f64 + common / right.len() as f64 + (common - out_of_place as f64) / common) / 3.0
}

/// Steps from one text to the other, as far as `most`: a step puts in, leaves out or changes a character, or changes
/// two neighbours' places (Damerau 1964, the restricted form in which no piece is edited twice). None where it takes
/// more.
pub fn steps(left: &str, right: &str, most: usize) -> Option<usize> {
    if left.is_ascii() && right.is_ascii() {
        let bytes = |text: &'_ str| text.len().min(CHARS_MAX);
        let (left, right) = (
            left.as_bytes().get(..bytes(left)),
            right.as_bytes().get(..bytes(right)),
        );
        return steps_of(left.unwrap_or_default(), right.unwrap_or_default(), most);
    }
    steps_of(Chars::of(left).as_slice(), Chars::of(right).as_slice(), most)
}

/// The same of two lists of at most 64 characters each.
pub(crate) fn steps_of<T: PartialEq>(left: &[T], right: &[T], most: usize) -> Option<usize> {
    if left.len().abs_diff(right.len()) > most {
        return None;
    }
    let (left, right) = without_ends_in_common(left, right);
    match (left, right) {
        ([], rest) | (rest, []) => Some(rest.len()).filter(|steps| *steps <= most),
        ([_], [_]) => (most >= 1).then_some(1),
        ([a, b], [c, d]) if a == d && b == c => (most >= 1).then_some(1),
        // Every single step is among those above.
        _ if most <= 1 => None,
        _ => table_of_steps(left, right, most),
    }
}

fn without_ends_in_common<'a, T: PartialEq>(left: &'a [T], right: &'a [T]) -> (&'a [T], &'a [T]) {
    let head = left.iter().zip(right).take_while(|(a, b)| a == b).count();
    let (left, right) = (
        left.get(head..).unwrap_or_default(),
        right.get(head..).unwrap_or_default(),
    );
    let tail = left
        .iter()
        .rev()
        .zip(right.iter().rev())
        .take_while(|(a, b)| a == b)
        .count();
    (
        left.get(..left.len() - tail).unwrap_or_default(),
        right.get(..right.len() - tail).unwrap_or_default(),
    )
}

/// By the table of what each beginning of one costs from each beginning of the other, as far as `most` from its
/// diagonal.
fn table_of_steps<T: PartialEq>(left: &[T], right: &[T], most: usize) -> Option<usize> {
    // Costs fit a byte: no text is longer than 64.
    const FAR: u8 = 2 * CHARS_MAX as u8;
    let mut before = [FAR; CHARS_MAX + 1];
    let mut row = [FAR; CHARS_MAX + 1];
    for (cost, place) in row.iter_mut().zip(0..).take(most + 1) {
        *cost = place;
    }
    for (line, character) in left.iter().enumerate() {
        let above = row;
        row = [FAR; CHARS_MAX + 1];
        row[0] = above[0].saturating_add(1);
        let mut least = row[0];
        let first = line.saturating_sub(most);
        for (place, other) in right.iter().enumerate().take(line + most + 1).skip(first) {
            let changed = above[place] + u8::from(character != other);
            let mut cost = changed.min(above[place + 1] + 1).min(row[place] + 1);
            let crossed = line > 0
                && place > 0
                && left.get(line - 1) == Some(other)
                && right.get(place - 1) == Some(character);
            if crossed {
                cost = cost.min(before[place - 1] + 1);
            }
            row[place + 1] = cost;
            least = least.min(cost);
        }
        if usize::from(least) > most {
            return None;
        }
        before = above;
    }
    row.get(right.len())
        .map(|cost| usize::from(*cost))
        .filter(|steps| *steps <= most)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn jaro_winkler_gives_the_values_of_winklers_table() {
        for (left, right, thousandths) in [
            ("martha", "marhta", 961.0),
            ("dwayne", "duane", 840.0),
            ("dixon", "dicksonx", 813.0),
            ("jones", "johnson", 832.0),
            ("abc", "xyz", 0.0),
            ("abc", "", 0.0),
            ("same", "same", 1000.0),
        ] {
            let got = jaro_winkler(left, right) * 1000.0;
            assert!((got - thousandths).abs() < 1.0, "{left} {right}: {got}");
            assert!((jaro_winkler(left, right) - jaro_winkler(right, left)).abs() < 1e-12);
        }
    }

    #[test]
    fn steps_count_slips_and_neighbours_that_changed_places() {
        for (left, right, most, wanted) in [
            ("killarney", "killanrey", 1, Some(1)),
            ("amber", "amberr", 1, Some(1)),
            ("tingalpa", "tings lpa", 2, Some(2)),
            ("same", "same", 0, Some(0)),
            ("abcd", "wxyz", 2, None),
            ("a", "abcd", 2, None),
            ("", "ab", 2, Some(2)),
        ] {
            assert_eq!(steps(left, right, most), wanted, "{left} {right}");
            assert_eq!(steps(right, left, most), wanted, "{right} {left}");
        }
    }

    /// Every cell of the table, nothing left out.
    fn all_steps(left: &[u8], right: &[u8]) -> usize {
        let mut table = vec![vec![0; right.len() + 1]; left.len() + 1];
        for a in 0..=left.len() {
            for b in 0..=right.len() {
                let mut cost = if a == 0 || b == 0 { a + b } else { usize::MAX };
                if a > 0 && b > 0 {
                    let changed = table[a - 1][b - 1] + usize::from(left[a - 1] != right[b - 1]);
                    cost = changed.min(table[a - 1][b] + 1).min(table[a][b - 1] + 1);
                }
                if a > 1 && b > 1 && left[a - 1] == right[b - 2] && left[a - 2] == right[b - 1] {
                    cost = cost.min(table[a - 2][b - 2] + 1);
                }
                table[a][b] = cost;
            }
        }
        table[left.len()][right.len()]
    }

    proptest! {
        #[test]
        fn what_is_left_out_of_the_table_changes_no_count(left in "[abc]{0,9}", right in "[abc]{0,9}", most in 0_usize..5) {
            let wanted = Some(all_steps(left.as_bytes(), right.as_bytes())).filter(|steps| *steps <= most);
            prop_assert_eq!(steps(&left, &right, most), wanted);
            let han = |text: &str| text.replace('a', "王");
            prop_assert_eq!(steps(&han(&left), &han(&right), most), wanted);
        }
    }

    #[test]
    fn a_text_longer_than_the_bound_is_compared_by_its_beginning() {
        let long = "字".repeat(1000);
        assert_eq!(steps(&long, &long, 0), Some(0));
        assert!((jaro_winkler(&long, &long) - 1.0).abs() < 1e-12);
    }
}
