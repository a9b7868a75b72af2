//! What holds for every chart, whatever it is given: it is well-formed XML, stays inside its view box, shows the numbers
//! of its table and comes out the same again.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::collections::BTreeSet;

use charts::{
    Bar, Caption, Cell, DotWords, Dots, FanPoint, FanState, FanWords, FlowLink, FlowNode, Point, Spread,
    Stack, StackPart, Tile, TileState, Width, sample,
};
use proptest::prelude::*;
use roxmltree::{Document, Node};

const HOSTILE: &str = "<script>&\"'\u{0}\u{1b}]]>贫困县";

fn caption() -> Caption {
    Caption {
        id: HOSTILE.to_owned(),
        title: HOSTILE.to_owned(),
        desc: HOSTILE.to_owned(),
    }
}

fn attribute(node: Node<'_, '_>, name: &str) -> i64 {
    node.attribute(name).map_or(0, |text| text.parse().unwrap())
}

/// The numbers of a path in pairs.
fn points(path: &str) -> Vec<(i64, i64)> {
    let numbers: Vec<i64> = path
        .split(|c: char| !c.is_ascii_digit() && c != '-')
        .filter(|text| !text.is_empty())
        .map(|text| text.parse().unwrap())
        .collect();
    numbers.chunks(2).map(|pair| (pair[0], pair[1])).collect()
}

/// The corners of a shape, and the point where a text begins.
fn corners(node: Node<'_, '_>) -> Vec<(i64, i64)> {
    let of = |name| attribute(node, name);
    match node.tag_name().name() {
        "rect" => vec![
            (of("x"), of("y")),
            (of("x") + of("width"), of("y") + of("height")),
        ],
        "circle" => vec![
            (of("cx") - of("r"), of("cy") - of("r")),
            (of("cx") + of("r"), of("cy") + of("r")),
        ],
        "path" => points(node.attribute("d").unwrap()),
        "text" => vec![(of("x"), of("y"))],
        _ => Vec::new(),
    }
}

/// Fails unless the drawing is well-formed, holds no foreign element and stays inside its view box.
fn check(svg: &str) {
    let document = Document::parse(svg).unwrap_or_else(|error| panic!("{error}: {svg}"));
    let root = document.root_element();
    let (width, height) = (attribute(root, "width"), attribute(root, "height"));
    assert_eq!(
        root.attribute("viewBox"),
        Some(format!("0 0 {width} {height}").as_str())
    );
    assert!(root.children().any(|node| node.has_tag_name("title")));
    assert!(root.children().any(|node| node.has_tag_name("desc")));
    for node in document.descendants().filter(Node::is_element) {
        assert_ne!(node.tag_name().name(), "script");
        if node.ancestors().any(|above| above.has_tag_name("defs")) {
            continue;
        }
        for (x, y) in corners(node) {
            assert!(
                (0..=width).contains(&x) && (0..=height).contains(&y),
                "{x},{y} is outside {width}x{height}: {:?}",
                &svg[node.range()]
            );
        }
    }
}

/// The numbers written in a drawing, which are bold; not those of the rules.
fn numbers(svg: &str) -> Vec<String> {
    let document = Document::parse(svg).unwrap();
    let is_number = |node: &Node<'_, '_>| {
        let classes = node.attribute("class").unwrap_or_default();
        node.has_tag_name("text") && classes.split(' ').any(|class| class == "n" || class == "v")
    };
    let texts = document.descendants().filter(is_number);
    texts.filter_map(|node| node.text().map(str::to_owned)).collect()
}

/// `12.3` as 123.
fn tenths(text: &str) -> i64 {
    text.replace('.', "").parse().unwrap()
}

fn named_sample(id: &str) -> sample::Sample {
    sample::all()
        .into_iter()
        .find(|sample| sample.caption.id == id)
        .unwrap()
}

fn label() -> impl Strategy<Value = String> {
    prop_oneof![
        Just(HOSTILE.to_owned()),
        Just(String::new()),
        "[a-z]{1,30}",
        "[一-龥]{1,16}",
        any::<String>(),
    ]
}

fn amount() -> impl Strategy<Value = i64> {
    prop_oneof![any::<i64>(), -5_i64..5_000, Just(0)]
}

fn fan_point() -> impl Strategy<Value = FanPoint> {
    let spread = (amount(), amount(), amount(), amount(), amount());
    let state = prop_oneof![
        amount().prop_map(FanState::Known),
        label().prop_map(FanState::Gap),
        spread.prop_map(|(mean, a, b, c, d)| FanState::Expected(Spread {
            mean,
            inner: (a, b),
            outer: (c, d),
        })),
    ];
    (label(), state).prop_map(|(label, state)| FanPoint { label, state })
}

fn tile() -> impl Strategy<Value = Tile> {
    let state = prop_oneof![
        (amount(), label()).prop_map(|(value, said)| TileState::Value(value, said)),
        label().prop_map(TileState::Hidden),
        Just(TileState::Empty),
    ];
    (10_u32..84, label(), state, any::<u32>(), 0_u32..200).prop_map(
        |(province, label, state, filled, open)| Tile {
            province,
            counties: label.clone(),
            label,
            state,
            dots: Dots { filled, open },
        },
    )
}

fn named() -> impl Strategy<Value = Vec<(String, i64)>> {
    prop::collection::vec((label(), amount()), 0..30)
}

fn both(draw: impl Fn(Width) -> String) {
    for width in [Width::Wide, Width::Narrow] {
        let svg = draw(width);
        check(&svg);
        assert_eq!(svg, draw(width), "the same input gives the same bytes");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn bars_and_lines_hold_whatever_they_are_given(rows in named()) {
        let bars: Vec<Bar> = rows
            .iter()
            .map(|(label, value)| Bar { label: label.clone(), value: *value, said: label.clone() })
            .collect();
        both(|width| charts::bars(&caption(), &bars, width));
        let points: Vec<Point> = rows
            .iter()
            .map(|(label, value)| Point {
                label: label.clone(),
                value: (*value != 0).then_some(*value),
                said: label.clone(),
            })
            .collect();
        both(|width| charts::line(&caption(), &points, |tick| tick.to_string(), width));
    }

    #[test]
    fn a_fan_holds_whatever_it_is_given(points in prop::collection::vec(fan_point(), 0..70)) {
        let words = FanWords { known: HOSTILE, mean: "", inner: HOSTILE, outer: HOSTILE };
        both(|width| charts::fan(&caption(), &points, words, |value| value.to_string(), width));
        let table = charts::fan_table(&points, [HOSTILE; 6], |value| value.to_string());
        prop_assert!(table.rows.iter().all(|row| row.len() == table.head.len()));
    }

    #[test]
    fn stacks_hold_whatever_they_are_given(rows in prop::collection::vec((label(), named()), 0..8)) {
        let stack = |(label, parts): &(String, Vec<(String, i64)>)| Stack {
            label: label.clone(),
            said: label.clone(),
            parts: parts
                .iter()
                .map(|(said, value)| StackPart { said: said.clone(), value: *value })
                .collect(),
        };
        let stacks: Vec<Stack> = rows.iter().map(stack).collect();
        both(|width| charts::stacks(&caption(), &[HOSTILE, "b", "丙"], &stacks, width));
    }

    #[test]
    fn a_treemap_holds_whatever_it_is_given(rows in named()) {
        let cells: Vec<Cell> = rows
            .into_iter()
            .map(|(label, value)| Cell { said: value.to_string(), label, value })
            .collect();
        let other = |count: usize, sum: i64| (format!("{HOSTILE}{count}"), sum.to_string());
        both(|width| charts::treemap(&caption(), &cells, other, width));
    }

    #[test]
    fn a_flow_holds_whatever_it_is_given_or_is_refused(
        nodes in prop::collection::vec((label(), 0_u16..5), 1..10),
        links in prop::collection::vec((0_usize..10, 0_usize..10, 1_i64..i64::MAX), 0..12),
    ) {
        let nodes: Vec<FlowNode> = nodes
            .into_iter()
            .map(|(label, column)| FlowNode { said: label.clone(), label, column })
            .collect();
        let links: Vec<FlowLink> = links
            .into_iter()
            .map(|(from, to, value)| FlowLink { from, to, value, said: value.to_string() })
            .collect();
        for width in [Width::Wide, Width::Narrow] {
            if let Ok(svg) = charts::flow(&caption(), &nodes, &links, width) {
                check(&svg);
            }
        }
        // One link at a time is balanced, so what is not refused is drawn.
        for link in links {
            if let Ok(svg) = charts::flow(&caption(), &nodes, &[link], Width::Narrow) {
                check(&svg);
            }
        }
    }

    #[test]
    fn tiles_hold_whatever_they_are_given(tiles in prop::collection::vec(tile(), 0..40)) {
        both(|width| charts::tiles(&caption(), &tiles, width));
        let words = |each: u32| DotWords {
            filled: HOSTILE.to_owned(),
            open: HOSTILE.to_owned(),
            each: each.to_string(),
        };
        both(|width| charts::dotted_tiles(&caption(), &tiles, words, width));
    }
}

#[test]
fn the_samples_hold_and_come_out_the_same_again() {
    let samples = sample::all();
    assert_eq!(samples, sample::all());
    for sample in &samples {
        check(&sample.wide);
        check(&sample.narrow);
    }
}

#[test]
fn the_numbers_written_in_a_drawing_stand_in_its_table() {
    for id in ["bars", "line", "fan", "weeks", "stacks", "tiles", "dots"] {
        let sample = named_sample(id);
        let cells: Vec<&String> = sample.table.rows.iter().flatten().collect();
        for svg in [&sample.wide, &sample.narrow] {
            let written = numbers(svg);
            assert!(!written.is_empty());
            for number in written {
                assert!(cells.contains(&&number), "{id}: {number} is not in the table");
            }
        }
    }
}

#[test]
fn a_treemap_writes_as_much_as_its_table_holds() {
    let sample = named_sample("treemap");
    let in_table: i64 = sample.table.rows.iter().map(|row| tenths(&row[1])).sum();
    let written: i64 = numbers(&sample.wide).iter().map(|number| tenths(number)).sum();
    assert_eq!(written, in_table);
}

#[test]
fn a_flow_writes_at_each_node_the_sum_of_its_links() {
    let sample = named_sample("flow");
    let sum = |column: usize, name: &str| -> i64 {
        let rows = sample.table.rows.iter().filter(|row| row[column] == name);
        rows.map(|row| tenths(&row[2])).sum()
    };
    let names: BTreeSet<&String> = sample.table.rows.iter().flat_map(|row| &row[..2]).collect();
    let mut wanted: Vec<i64> = names.iter().map(|name| sum(0, name).max(sum(1, name))).collect();
    let mut written: Vec<i64> = numbers(&sample.wide)
        .iter()
        .map(|number| tenths(number))
        .collect();
    wanted.sort_unstable();
    written.sort_unstable();
    assert_eq!(written, wanted);
}

#[test]
fn every_class_in_a_drawing_has_a_rule() {
    for sample in sample::all() {
        for svg in [&sample.wide, &sample.narrow] {
            let document = Document::parse(svg).unwrap();
            let classes = document.descendants().filter_map(|node| node.attribute("class"));
            for class in classes.flat_map(str::split_whitespace) {
                let rules = [format!(".{class}{{"), format!(".{class},")];
                assert!(
                    rules.iter().any(|rule| charts::CSS.contains(rule.as_str())) || class == "chart",
                    "no rule for {class}"
                );
            }
        }
    }
}
