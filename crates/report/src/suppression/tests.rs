//! What may be worked out from the tables, tried by working it out.

use proptest::prelude::*;

use super::*;

fn table(dimension: &str, parts: &[(&str, Option<&str>, i64)]) -> Table {
    let part = |(key, group, lines): &(&str, Option<&str>, i64)| Part {
        key: (*key).into(),
        group: group.map(Into::into),
        lines: *lines,
    };
    Table {
        dimension: dimension.into(),
        parts: parts.iter().map(part).collect(),
    }
}

fn hide(lines: &[i64], min_lines: i64) -> Option<Hidden> {
    let parts = lines.iter().enumerate().map(|(index, lines)| Part {
        key: index.to_string(),
        group: None,
        lines: *lines,
    });
    let table = Table {
        dimension: "month".into(),
        parts: parts.collect(),
    };
    hide_all(&[table], min_lines).remove(0).map(|hidden| hidden.parts)
}

#[test]
fn nothing_is_hidden_when_every_cell_is_large() {
    assert_eq!(hide(&[5, 9, 100], 5), Some(vec![false, false, false]));
    assert_eq!(hide(&[], 5), Some(vec![]));
}

#[test]
fn a_single_small_cell_takes_the_smallest_large_one_with_it() {
    assert_eq!(hide(&[3, 900, 20, 40], 5), Some(vec![true, false, true, false]));
}

#[test]
fn cells_that_could_only_be_one_line_each_are_not_left_alone() {
    // Two hidden cells of one line each: their sum of two would say it all.
    assert_eq!(hide(&[1, 1, 50, 9], 5), Some(vec![true, true, false, true]));
}

#[test]
fn a_table_of_small_cells_only_is_held_back() {
    assert_eq!(hide(&[1, 1, 1], 5), None);
    assert_eq!(hide(&[4], 5), None);
}

#[test]
fn a_province_with_one_small_county_is_hidden_with_another_province() {
    let place = table(
        "place",
        &[
            ("621126", Some("62"), 3),
            ("532528", Some("53"), 80),
            ("530925", Some("53"), 90),
            ("510000", Some("51"), 700),
        ],
    );
    let hidden = hide_all(&[place], 5).remove(0).unwrap();
    assert_eq!(hidden.parts, [true, true, true, false]);
    assert_eq!(
        hidden.groups.into_values().collect::<Vec<_>>(),
        [false, true, true]
    );
}

#[test]
fn what_one_table_hides_another_does_not_show() {
    // In the first, "b" hides "a"; the second would have hidden "c" instead and shown "b".
    let poor = table("channel", &[("a", None, 2), ("b", None, 40), ("d", None, 90)]);
    let all = table(
        "channel",
        &[("a", None, 2), ("b", None, 40), ("c", None, 30), ("d", None, 95)],
    );
    let hidden = hide_all(&[poor, all], 5);
    assert_eq!(hidden[0].as_ref().unwrap().parts, [true, true, false]);
    assert!(hidden[1].as_ref().unwrap().parts[1]);
}

/// Works out every cell that subtraction can reach: a known sum with one unknown part gives that part.
fn work_out(sums: &[Vec<usize>], known: &mut [bool]) {
    loop {
        let mut gained = false;
        for sum in sums {
            let unknown: Vec<usize> = sum.iter().copied().filter(|cell| !known[*cell]).collect();
            if let [only] = unknown[..] {
                known[only] = true;
                gained = true;
            }
        }
        if !gained {
            return;
        }
    }
}

proptest! {
    #[test]
    fn no_hidden_cell_can_be_worked_out_from_the_total(lines in prop::collection::vec(1_i64..40, 0..30), min in 1_i64..12) {
        if let Some(hidden) = hide(&lines, min) {
            let mut known: Vec<bool> = hidden.iter().map(|cell| !cell).collect();
            work_out(&[(0..lines.len()).collect()], &mut known);
            for (index, cell) in hidden.iter().enumerate() {
                prop_assert!(*cell || lines[index] >= min);
                prop_assert!(!*cell || !known[index]);
            }
            // The range left for each hidden cell is at least the minimum wide.
            let secret = lines.iter().zip(&hidden).filter(|(_, cell)| **cell);
            let slack: i64 = secret.clone().map(|(n, _)| n - 1).sum();
            prop_assert!(secret.count() == 0 || slack >= min);
        }
    }

    /// Two tables, the second with the parts of the first and more, with totals of provinces and of the whole: the
    /// unknowns are the counties and provinces, one for each (key, lines), shared by the tables.
    #[test]
    fn no_hidden_county_can_be_worked_out_from_provinces_totals_and_the_other_table(
        counties in prop::collection::vec((0_usize..5, 1_i64..30, any::<bool>()), 1..30),
        min in 1_i64..10,
    ) {
        let part = |(index, (group, lines, _)): (usize, &(usize, i64, bool))| Part { key: index.to_string(), group: Some(group.to_string()), lines: *lines };
        let all: Vec<Part> = counties.iter().enumerate().map(part).collect();
        let some: Vec<Part> = all.iter().zip(&counties).filter(|(_, (_, _, poor))| *poor).map(|(part, _)| part.clone()).collect();
        let tables = [some, all].map(|parts| Table { dimension: "place".into(), parts });
        let verdicts = hide_all(&tables, min);
        let mut cells: Vec<(String, i64)> = Vec::new();
        let mut number = |name: String, lines: i64| {
            cells.iter().position(|cell| *cell == (name.clone(), lines)).unwrap_or_else(|| { cells.push((name, lines)); cells.len() - 1 })
        };
        let (mut sums, mut shown, mut hidden) = (Vec::new(), Vec::new(), Vec::new());
        for (table, verdict) in tables.iter().zip(&verdicts) {
            let mut groups = Vec::new();
            for (group, lines) in group_lines(table) {
                let cell = number(format!("g{group}"), lines);
                groups.push(cell);
                // A province is also the sum of its counties, known or not: one more part, so only usable when shown.
                let inside: Vec<usize> = table.parts.iter().filter(|part| part.group.as_ref() == Some(&group)).map(|part| number(part.key.clone(), part.lines)).collect();
                match verdict.as_ref().map(|verdict| verdict.groups[&group]) {
                    Some(false) => { shown.push(cell); sums.push(inside); }
                    _ => hidden.push(cell),
                }
            }
            sums.push(groups);
            for (index, part) in table.parts.iter().enumerate() {
                let cell = number(part.key.clone(), part.lines);
                match verdict.as_ref().map(|verdict| verdict.parts[index]) {
                    Some(false) => { shown.push(cell); prop_assert!(part.lines >= min); }
                    _ => hidden.push(cell),
                }
            }
        }
        let mut known = vec![false; cells.len()];
        for cell in shown { known[cell] = true; }
        for cell in &hidden { prop_assert!(!known[*cell], "hidden here, shown there"); }
        work_out(&sums, &mut known);
        // A table held back as a whole has no hidden parts to protect but those under the minimum.
        for cell in hidden {
            prop_assert!(!known[cell] || cells[cell].1 >= min || verdicts.iter().any(Option::is_none));
            prop_assert!(!known[cell] || verdicts.iter().any(Option::is_none));
        }
    }
}
