//! Stacked bars: the parts of each bar side by side, in colours with textures, the number of a part below it where it
//! has room and the sum at the right.

use super::legend::{Sign, legend};
use super::svg::{Anchor, Drawing, fitted, measured, scaled_sum};
use super::{Caption, Table, Width};

/// One part of a bar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StackPart {
    /// Length, in any unit that all parts share; nothing below zero is drawn.
    pub value: i64,
    /// The number as it is written.
    pub said: String,
}

/// One bar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stack {
    /// Name.
    pub label: String,
    /// Its parts, in the order of their names.
    pub parts: Vec<StackPart>,
    /// The sum as it is written beside the bar.
    pub said: String,
}

/// Where a bar stands in its row.
struct Bar {
    left: i64,
    top: i64,
    height: i64,
    room: i64,
}

/// Draws the bars in the order given. `names` are those of the parts; six have a sign of their own, so let the caller
/// gather the rest.
#[must_use]
pub fn stacks(caption: &Caption, names: &[&str], stacks: &[Stack], width: Width) -> String {
    let mut drawing = Drawing::with_textures(caption, width);
    let key: Vec<(Sign, &str)> = (0..)
        .map(Sign::Part)
        .zip(names)
        .map(|(sign, name)| (sign, *name))
        .collect();
    let mut top = legend(&mut drawing, &key, width) + 6;
    let largest = stacks.iter().map(total).max().unwrap_or(0);
    for stack in stacks {
        top = match width {
            Width::Wide => wide_row(&mut drawing, stack, largest, top),
            Width::Narrow => narrow_row(&mut drawing, stack, largest, top),
        };
    }
    drawing.finish(caption, width, top)
}

/// The bars as a table: the bar, each part, the sum.
#[must_use]
pub fn stacks_table(stacks: &[Stack], names: &[&str], name_head: &str, sum_head: &str) -> Table {
    let head: Vec<&str> = std::iter::once(name_head)
        .chain(names.iter().copied())
        .chain([sum_head])
        .collect();
    let row = |stack: &Stack| {
        let mut row = vec![stack.label.clone()];
        row.extend(stack.parts.iter().map(|part| part.said.clone()));
        row.resize(head.len() - 1, String::new());
        row.push(stack.said.clone());
        row
    };
    Table::new(&head, stacks.iter().map(row))
}

fn total(stack: &Stack) -> i128 {
    stack.parts.iter().map(|part| i128::from(part.value.max(0))).sum()
}

fn wide_row(drawing: &mut Drawing, stack: &Stack, largest: i128, top: i64) -> i64 {
    const LABEL: i64 = 150;
    const NUMBER: i64 = 90;
    let bar = Bar {
        left: LABEL,
        top: top + 4,
        height: 18,
        room: Width::Wide.units() - LABEL - NUMBER,
    };
    drawing.text(
        "l",
        (LABEL - 10, top + 18),
        Anchor::End,
        &fitted(&stack.label, LABEL - 12),
    );
    let end = parts(drawing, stack, largest, &bar);
    let said = fitted(&stack.said, NUMBER - 8);
    drawing.text("n", (end + 8, top + 18), Anchor::Start, &said);
    top + 46
}

fn narrow_row(drawing: &mut Drawing, stack: &Stack, largest: i128, top: i64) -> i64 {
    let room = Width::Narrow.units();
    let said = fitted(&stack.said, 110);
    drawing.text("l", (0, top + 14), Anchor::Start, &fitted(&stack.label, 200));
    drawing.text("n", (room, top + 14), Anchor::End, &said);
    let bar = Bar {
        left: 0,
        top: top + 20,
        height: 14,
        room,
    };
    parts(drawing, stack, largest, &bar);
    top + 58
}

/// Draws the parts and says where the bar ends. Each edge is rounded from the sum up to it, so the parts fill the bar.
fn parts(drawing: &mut Drawing, stack: &Stack, largest: i128, bar: &Bar) -> i64 {
    let mut left = bar.left;
    for (number, ((start, end), part)) in edges(stack, largest, bar.room)
        .into_iter()
        .zip(&stack.parts)
        .enumerate()
    {
        let length = end - start;
        if length > 0 {
            drawing.part(number, (left, bar.top), (length, bar.height));
        }
        if measured(&part.said) + 2 <= length {
            let middle = left + length / 2;
            let y = bar.top + bar.height + 14;
            drawing.text("a", (middle, y), Anchor::Middle, &part.said);
        }
        left += length;
    }
    left
}

/// Where each part begins and ends along `room`.
fn edges(stack: &Stack, largest: i128, room: i64) -> Vec<(i64, i64)> {
    let mut sum = 0_i128;
    let mut start = 0;
    let edge = |part: &StackPart| {
        sum += i128::from(part.value.max(0));
        let end = scaled_sum(sum, largest, room);
        let begun = std::mem::replace(&mut start, end);
        (begun, end)
    };
    stack.parts.iter().map(edge).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn stack(values: &[i64]) -> Stack {
        let part = |value: &i64| StackPart {
            value: *value,
            said: value.to_string(),
        };
        Stack {
            label: "x".into(),
            parts: values.iter().map(part).collect(),
            said: "sum".into(),
        }
    }

    #[test]
    fn each_part_has_its_own_colour_and_texture_and_its_number_where_it_fits() {
        let caption = Caption {
            id: "x".into(),
            title: "t".into(),
            desc: "d".into(),
        };
        let svg = stacks(&caption, &["a", "b"], &[stack(&[300, 100, 1])], Width::Wide);
        assert!(svg.contains("class=\"q0\"") && svg.contains("url(#x-wide-h1)"));
        assert!(svg.contains(">300<") && svg.contains(">100<") && !svg.contains(">1<"));
    }

    #[test]
    fn a_bar_with_fewer_parts_keeps_its_sum_in_the_last_column() {
        let table = stacks_table(&[stack(&[1])], &["a", "b"], "name", "sum");
        assert_eq!(table.rows, [["x", "1", "", "sum"]]);
    }

    proptest! {
        #[test]
        fn the_parts_add_up_to_the_bar(values in prop::collection::vec(any::<i64>(), 1..12)) {
            let stack = stack(&values);
            let edges = edges(&stack, total(&stack), 480);
            prop_assert_eq!(edges[0].0, 0);
            prop_assert!(edges.windows(2).all(|pair| pair[0].1 == pair[1].0));
            let whole = edges.last().unwrap().1;
            prop_assert_eq!(whole, if total(&stack) > 0 { 480 } else { 0 });
        }
    }
}
