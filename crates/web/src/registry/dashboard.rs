//! The drawings of the board: why households are poor, and how many were recognised and left in each year.

use charts::{Bar, Caption, Stack, StackPart, Width, bars, bars_table, in_both_widths, stacks, stacks_table};
use registry::Board;

use super::word;
use crate::page::Page;

/// A drawing with the table behind it, both HTML.
pub(super) struct Drawing {
    pub title: String,
    pub svg: String,
    pub table: String,
}

/// Why poor households are poor; none where nobody is.
pub(super) fn causes(board: &Board, page: &Page) -> Option<Drawing> {
    let bar = |one: &registry::CauseCount| Bar {
        label: word(page, "cause", one.cause),
        value: one.households,
        said: one.households.to_string(),
    };
    let drawn: Vec<Bar> = board.causes.iter().map(bar).collect();
    let most = drawn.first()?;
    let caption = Caption {
        id: "causes-drawing".to_owned(),
        title: page.w.get("registry.causes").to_owned(),
        desc: page.w.fill(
            "registry.causes_desc",
            &[("cause", &most.label), ("households", &most.said)],
        ),
    };
    let heads = [page.w.get("registry.cause"), page.w.get("registry.households")];
    Some(Drawing {
        svg: in_both_widths(|width: Width| bars(&caption, &drawn, width)),
        table: bars_table(&drawn, heads).details(page.w.get("registry.show_table")),
        title: caption.title,
    })
}

/// Households recognised and left, year by year; none where there is no year yet.
pub(super) fn years(board: &Board, page: &Page) -> Option<Drawing> {
    let part = |value: i64| StackPart {
        value,
        said: value.to_string(),
    };
    let stack = |one: &registry::YearCount| Stack {
        label: one.year.to_string(),
        parts: vec![part(one.recognised), part(one.exited)],
        said: (one.recognised + one.exited).to_string(),
    };
    let drawn: Vec<Stack> = board.years.iter().map(stack).collect();
    let (first, last) = (board.years.first()?, board.years.last()?);
    let names = [page.w.get("registry.recognised"), page.w.get("registry.left")];
    let caption = Caption {
        id: "years-drawing".to_owned(),
        title: page.w.get("registry.years").to_owned(),
        desc: page.w.fill(
            "registry.years_desc",
            &[
                ("first", &first.year.to_string()),
                ("last", &last.year.to_string()),
            ],
        ),
    };
    let heads = (page.w.get("registry.year"), page.w.get("registry.together"));
    Some(Drawing {
        svg: in_both_widths(|width: Width| stacks(&caption, &names, &drawn, width)),
        table: stacks_table(&drawn, &names, heads.0, heads.1).details(page.w.get("registry.show_table")),
        title: caption.title,
    })
}
