//! The few SVG elements the charts are made of.

use std::fmt::Write as _;

use super::{Caption, Width};

/// A drawing that grows element by element.
pub(super) struct Drawing {
    body: String,
}

/// Where a text stands against its point.
#[derive(Clone, Copy)]
pub(super) enum Anchor {
    Start,
    Middle,
    End,
}

impl Drawing {
    pub(super) fn new() -> Self {
        Self { body: String::new() }
    }

    pub(super) fn rect(&mut self, class: &str, at: (i64, i64), size: (i64, i64), radius: i64) {
        let ((x, y), (width, height)) = (at, size);
        self.push(format_args!(
            r#"<rect class="{class}" x="{x}" y="{y}" width="{width}" height="{height}" rx="{radius}"/>"#
        ));
    }

    pub(super) fn rule(&mut self, class: &str, from: (i64, i64), to: (i64, i64)) {
        self.push(format_args!(
            r#"<path class="{class}" d="M{} {}L{} {}"/>"#,
            from.0, from.1, to.0, to.1
        ));
    }

    pub(super) fn path(&mut self, class: &str, points: &[(i64, i64)]) {
        let joined: Vec<String> = points.iter().map(|(x, y)| format!("{x} {y}")).collect();
        self.push(format_args!(
            r#"<path class="{class}" d="M{}"/>"#,
            joined.join("L")
        ));
    }

    pub(super) fn dot(&mut self, class: &str, at: (i64, i64), radius: i64) {
        self.push(format_args!(
            r#"<circle class="{class}" cx="{}" cy="{}" r="{radius}"/>"#,
            at.0, at.1
        ));
    }

    pub(super) fn text(&mut self, class: &str, at: (i64, i64), anchor: Anchor, text: &str) {
        let anchor = match anchor {
            Anchor::Start => "",
            Anchor::Middle => r#" text-anchor="middle""#,
            Anchor::End => r#" text-anchor="end""#,
        };
        self.push(format_args!(
            r#"<text class="{class}" x="{}" y="{}"{anchor}>{}</text>"#,
            at.0,
            at.1,
            escaped(text)
        ));
    }

    /// The whole SVG with its title and description.
    pub(super) fn finish(self, caption: &Caption, width: Width, height: i64) -> String {
        let (units, class) = (width.units(), width.class());
        let id = format!("{}-{class}", escaped(&caption.id));
        format!(
            "<svg class=\"chart {class}\" role=\"img\" aria-labelledby=\"{id}-t {id}-d\" viewBox=\"0 0 {units} {height}\" \
             width=\"{units}\" height=\"{height}\"><title id=\"{id}-t\">{}</title><desc id=\"{id}-d\">{}</desc>{}</svg>",
            escaped(&caption.title),
            escaped(&caption.desc),
            self.body
        )
    }

    fn push(&mut self, element: std::fmt::Arguments<'_>) {
        // Writing to a String cannot fail.
        let _ = self.body.write_fmt(element);
    }
}

/// `value` of `largest` drawn over `length` units; nothing below zero is drawn.
pub(super) fn scaled(value: i64, largest: i64, length: i64) -> i64 {
    if largest <= 0 || value <= 0 {
        return 0;
    }
    let drawn = i128::from(value) * i128::from(length) / i128::from(largest);
    i64::try_from(drawn).unwrap_or(length)
}

/// Cuts `text` to about `units` at a letter size of 13: a Chinese character takes 13, a Latin one 7.
pub(super) fn fitted(text: &str, units: i64) -> String {
    let width = |c: char| if c.is_ascii() { 7 } else { 13 };
    if text.chars().map(width).sum::<i64>() <= units {
        return text.to_owned();
    }
    let mut used = 13;
    let kept: String = text
        .chars()
        .take_while(|c| {
            used += width(*c);
            used <= units
        })
        .collect();
    format!("{}…", kept.trim_end())
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_from_files_cannot_become_markup() {
        let mut drawing = Drawing::new();
        drawing.text("l", (0, 0), Anchor::Start, "<script>\"&");
        let caption = Caption {
            id: "a".into(),
            title: "t".into(),
            desc: "d".into(),
        };
        assert!(
            drawing
                .finish(&caption, Width::Wide, 10)
                .contains("&lt;script&gt;&quot;&amp;")
        );
    }

    #[test]
    fn long_names_are_cut_with_an_ellipsis() {
        assert_eq!(fitted("岷县", 60), "岷县");
        assert_eq!(fitted("双江拉祜族佤族布朗族傣族自治县", 60), "双江拉…");
    }

    #[test]
    fn drawing_lengths_stay_inside_the_chart_at_the_extremes() {
        assert_eq!(scaled(i64::MAX, i64::MAX, 500), 500);
        assert_eq!(scaled(-5, 10, 500), 0);
        assert_eq!(scaled(5, 0, 500), 0);
    }
}
