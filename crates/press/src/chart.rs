//! A chart of a page made into a picture that stands by itself.

const CHART_STYLE: &str = include_str!("../templates/chart.css");

/// The bytes of an SVG file from a chart as it stands inside a page: the name space is added and the colours, which a
/// page gives by its style sheet, are written in. Text that is no SVG element comes back as it is.
pub fn chart_file(svg: &str) -> Vec<u8> {
    let Some((head, body)) = svg.split_once('>') else {
        return svg.as_bytes().to_vec();
    };
    let Some(attributes) = head.trim_start().strip_prefix("<svg") else {
        return svg.as_bytes().to_vec();
    };
    let name_space = if attributes.contains("xmlns=") {
        ""
    } else {
        " xmlns=\"http://www.w3.org/2000/svg\""
    };
    format!("<svg{name_space}{attributes}><style>{CHART_STYLE}</style>{body}").into_bytes()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn a_chart_gets_a_name_space_and_its_colours() {
        let file =
            String::from_utf8(chart_file("<svg viewBox=\"0 0 1 1\"><path class=\"b\"/></svg>")).unwrap();
        assert!(file.starts_with("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 1 1\"><style>"));
        assert!(file.ends_with("</style><path class=\"b\"/></svg>"));
    }

    #[test]
    fn a_name_space_is_not_given_twice() {
        let svg = "<svg xmlns=\"http://www.w3.org/2000/svg\"></svg>";
        assert_eq!(
            String::from_utf8(chart_file(svg))
                .unwrap()
                .matches("xmlns")
                .count(),
            1
        );
    }

    #[test]
    fn what_is_no_svg_is_left_alone() {
        assert_eq!(chart_file("plain"), b"plain");
    }

    #[test]
    fn every_class_of_the_charts_has_its_colours_on_paper() {
        let names = |css: &str| -> BTreeSet<String> {
            css.split('.')
                .skip(1)
                .map(|rest| {
                    rest.chars()
                        .take_while(char::is_ascii_alphanumeric)
                        .collect::<String>()
                })
                .filter(|name| name.starts_with(|c: char| c.is_ascii_alphabetic()))
                .collect()
        };
        let only_of_pages = ["chart", "wide", "narrow"].map(str::to_owned).into();
        let wanted: BTreeSet<String> = &names(charts::CSS) - &only_of_pages;
        assert_eq!(&wanted - &names(CHART_STYLE), BTreeSet::new());
    }
}
