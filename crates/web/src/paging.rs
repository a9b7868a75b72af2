//! Pages by key: the next one begins after the last row's key, so that rows that come or go move nothing.

/// One page of rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paged<T> {
    /// The rows.
    pub rows: Vec<T>,
    /// Key after which the next page begins; none on the last.
    pub next: Option<String>,
    /// Whether these are the first rows.
    pub is_first: bool,
}

/// The rows after the one with key `after`; from the first where there is no such key.
pub fn page_after<T>(rows: Vec<T>, after: &str, size: usize, key: impl Fn(&T) -> String) -> Paged<T> {
    let start = rows
        .iter()
        .position(|row| !after.is_empty() && key(row) == after)
        .map_or(0, |found| found + 1);
    let mut left = rows.into_iter().skip(start);
    let page: Vec<T> = left.by_ref().take(size).collect();
    let next = left.next().and(page.last().map(&key));
    Paged {
        rows: page,
        next,
        is_first: start == 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_follow_one_another_and_an_unknown_key_starts_again() {
        let page = |after: &str| page_after(vec![1, 2, 3, 4, 5], after, 2, i32::to_string);
        assert_eq!((page("").rows, page("").next.as_deref()), (vec![1, 2], Some("2")));
        assert_eq!(
            (page("2").rows, page("2").next.as_deref()),
            (vec![3, 4], Some("4"))
        );
        assert_eq!((page("4").rows, page("4").next), (vec![5], None));
        assert_eq!(page("nine").rows, [1, 2]);
        assert!(page("nine").is_first && !page("2").is_first);
    }
}
