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
    steps_of(Chars::of(left).as_slice(), Chars::of(right).as_slice(), most)
}

pub(crate) fn steps_of(left: &[char], right: &[char], most: usize) -> Option<usize> {
    if left.len().abs_diff(right.len()) > most {
        return None;
    }
    // Costs fit a byte: no text is longer than 64.
    let mut before = [0_u8; CHARS_MAX + 1];
    let mut row = [0_u8; CHARS_MAX + 1];
    for (cost, place) in row.iter_mut().zip(0..) {
        *cost = place;
    }
    for (line, character) in left.iter().enumerate() {
        let above = row;
        row[0] = above[0] + 1;
        let mut least = row[0];
        for (place, other) in right.iter().enumerate() {
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

    #[test]
    fn a_text_longer_than_the_bound_is_compared_by_its_beginning() {
        let long = "字".repeat(1000);
        assert_eq!(steps(&long, &long, 0), Some(0));
        assert!((jaro_winkler(&long, &long) - 1.0).abs() < 1e-12);
    }
}
