//! The flow: what is refused, the order of its nodes, and that nothing is lost on the way.

use proptest::prelude::*;

use super::layout::Layout;
use super::order::Web;
use super::*;

fn node(label: &str, column: u16) -> FlowNode {
    FlowNode {
        label: label.into(),
        said: "1".into(),
        column,
    }
}

fn link(from: usize, to: usize, value: i64) -> FlowLink {
    FlowLink {
        from,
        to,
        value,
        said: value.to_string(),
    }
}

fn caption() -> Caption {
    Caption {
        id: "f".into(),
        title: "t".into(),
        desc: "d".into(),
    }
}

#[test]
fn a_long_name_takes_the_room_that_the_names_across_the_gap_leave() {
    let nodes = [node("a", 0), node("b", 1), node("Released and not yet spent", 2)];
    let links = [link(0, 1, 5), link(1, 2, 5)];
    let drawn = flow(&caption(), &nodes, &links, Width::Wide).unwrap();
    assert!(drawn.contains(">Released and not yet spent<"), "{drawn}");
}

#[test]
fn a_node_that_gives_on_more_than_it_gets_is_refused_by_name() {
    let nodes = [node("基金", 0), node("项目", 1), node("县", 2)];
    let refusal = flow(&caption(), &nodes, &[link(0, 1, 5), link(1, 2, 6)], Width::Wide).unwrap_err();
    assert_eq!(refusal.code, "charts.flow_unbalanced");
    assert_eq!(refusal.value.as_deref(), Some("项目"));
    assert_eq!(
        refusal.facts,
        [("inflow", "5".to_owned()), ("outflow", "6".to_owned())]
    );
}

#[test]
fn links_that_lead_nowhere_or_back_or_carry_nothing_are_refused() {
    let nodes = [node("a", 0), node("b", 1), node("c", 1)];
    for bad in [
        link(0, 3, 1),
        link(1, 0, 1),
        link(1, 2, 1),
        link(0, 1, 0),
        link(0, 1, -4),
    ] {
        let refusal = flow(&caption(), &nodes, &[bad], Width::Narrow).unwrap_err();
        assert_eq!(refusal.code, "charts.flow_bad_link");
    }
}

#[test]
fn nodes_stand_so_that_links_do_not_cross() {
    let nodes = [node("a", 0), node("b", 0), node("c", 7), node("d", 7)];
    let links = [link(0, 3, 1), link(1, 2, 1)];
    let web = Web::ordered(&nodes, &links);
    assert_eq!(web.crossings(), 0);
    assert_eq!(web.columns.len(), 2);
}

#[test]
fn a_link_over_two_columns_passes_a_place_of_its_own() {
    let nodes = [node("a", 0), node("b", 1), node("c", 2)];
    let links = [link(0, 1, 2), link(1, 2, 2), link(0, 2, 3)];
    let web = Web::ordered(&nodes, &links);
    assert_eq!((web.legs.len(), web.stops()), (4, 4));
    assert_eq!(web.link_of(3), Some(2));
    let narrow = flow(&caption(), &nodes, &links, Width::Narrow).unwrap();
    assert!(narrow.contains("→ c") && narrow.contains("a →"));
}

#[test]
fn nothing_to_draw_is_no_fault() {
    assert!(flow(&caption(), &[], &[], Width::Narrow).is_ok());
    assert!(flow(&caption(), &[node("a", 3)], &[], Width::Narrow).is_ok());
}

/// Three columns in which the middle gives on what it gets.
fn balanced() -> impl Strategy<Value = (Vec<FlowNode>, Vec<FlowLink>)> {
    let amounts = prop::collection::vec((0_usize..4, 0_usize..4, 0_usize..4, 1_i64..1 << 60), 1..20);
    amounts.prop_map(|paths| {
        let nodes = (0..12).map(|index: u16| node("节点", index / 4)).collect();
        let links = paths
            .into_iter()
            .flat_map(|(a, b, c, value)| [link(a, 4 + b, value), link(4 + b, 8 + c, value)])
            .collect();
        (nodes, links)
    })
}

proptest! {
    #[test]
    fn the_ribbons_at_a_node_fill_it((nodes, links) in balanced()) {
        let web = Web::ordered(&nodes, &links);
        let layout = Layout::of(&web, 260, 0);
        for stop in 0..web.stops() {
            let slot = layout.slots[stop];
            for is_from in [true, false] {
                let legs = web.legs.iter().zip(&layout.ribbons);
                let mut edges: Vec<(i64, i64)> = legs
                    .filter(|(leg, _)| stop == if is_from { leg.from } else { leg.to })
                    .map(|(_, ribbon)| if is_from { ribbon.from } else { ribbon.to })
                    .collect();
                edges.sort_unstable();
                if let (Some(first), Some(last)) = (edges.first(), edges.last()) {
                    prop_assert_eq!((first.0, last.1), (slot.top, slot.top + slot.height));
                    prop_assert!(edges.windows(2).all(|pair| pair[0].1 == pair[1].0));
                    let sum: i64 = edges.iter().map(|(top, bottom)| bottom - top).sum();
                    prop_assert_eq!(sum, slot.height);
                }
            }
        }
    }

    #[test]
    fn sorting_never_adds_crossings((nodes, links) in balanced()) {
        let given = Web::new(&nodes, &links).crossings();
        prop_assert!(Web::ordered(&nodes, &links).crossings() <= given);
    }
}
