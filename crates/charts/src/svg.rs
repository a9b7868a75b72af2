//! The few SVG elements the charts are made of.

use std::fmt::Write as _;

use super::{Caption, Width};

/// A drawing that grows element by element.
pub(super) struct Drawing {
    body: String,
    /// Before the ids of its textures; nothing when it has none.
    textures: String,
}

/// Where a text stands against its point.
#[derive(Clone, Copy)]
pub(super) enum Anchor {
    Start,
    Middle,
    End,
}

/// How many parts of a whole have a colour and a texture of their own.
pub(super) const PARTS: usize = 6;

/// The textures laid over the colours of parts 1 to 5, on squares of 8; part 0 has none.
const TEXTURES: [(&str, &str); PARTS - 1] = [
    ("1", r#"<path class="h" d="M-2 2L2 -2M0 8L8 0M6 10L10 6"/>"#),
    (
        "2",
        r#"<circle class="hd" cx="2" cy="2" r="1"/><circle class="hd" cx="6" cy="6" r="1"/>"#,
    ),
    ("3", r#"<path class="h" d="M0 2L8 2M0 6L8 6"/>"#),
    ("4", r#"<path class="h" d="M-2 6L2 10M0 0L8 8M6 -2L10 2"/>"#),
    ("5", r#"<path class="h" d="M0 4L8 4M4 0L4 8"/>"#),
];

impl Drawing {
    pub(super) fn new() -> Self {
        Self {
            body: String::new(),
            textures: String::new(),
        }
    }

    /// A drawing in which [`Drawing::part`] may be used.
    pub(super) fn with_textures(caption: &Caption, width: Width) -> Self {
        let textures = format!("{}-{}-h", token(&caption.id), width.class());
        let mut drawing = Self {
            body: "<defs>".to_owned(),
            textures,
        };
        for (number, marks) in TEXTURES {
            let id = format!("{}{number}", drawing.textures);
            drawing.push(format_args!(
                r#"<pattern id="{id}" width="8" height="8" patternUnits="userSpaceOnUse">{marks}</pattern>"#
            ));
        }
        drawing.push(format_args!("</defs>"));
        drawing
    }

    pub(super) fn rect(&mut self, class: &str, at: (i64, i64), size: (i64, i64), radius: i64) {
        let ((x, y), (width, height)) = (at, size);
        self.push(format_args!(
            r#"<rect class="{class}" x="{x}" y="{y}" width="{width}" height="{height}" rx="{radius}"/>"#
        ));
    }

    /// The area of a part by its number, in its colour and with its texture.
    pub(super) fn part(&mut self, part: usize, at: (i64, i64), size: (i64, i64)) {
        let part = part % PARTS;
        self.rect(&format!("q{part}"), at, size, 0);
        if part > 0 {
            let ((x, y), (width, height)) = (at, size);
            let id = format!("{}{part}", self.textures);
            self.push(format_args!(
                r#"<rect fill="url(#{id})" x="{x}" y="{y}" width="{width}" height="{height}"/>"#
            ));
        }
    }

    pub(super) fn rule(&mut self, class: &str, from: (i64, i64), to: (i64, i64)) {
        self.push(format_args!(
            r#"<path class="{class}" d="M{} {}L{} {}"/>"#,
            from.0, from.1, to.0, to.1
        ));
    }

    pub(super) fn path(&mut self, class: &str, points: &[(i64, i64)]) {
        self.push(format_args!(r#"<path class="{class}" d="M{}"/>"#, joined(points)));
    }

    /// A closed shape.
    pub(super) fn area(&mut self, class: &str, points: &[(i64, i64)]) {
        self.push(format_args!(
            r#"<path class="{class}" d="M{}Z"/>"#,
            joined(points)
        ));
    }

    /// A ribbon from the edge (`top`, `bottom`) at one x to that at another, bent half-way.
    pub(super) fn ribbon(&mut self, class: &str, from: (i64, (i64, i64)), to: (i64, (i64, i64))) {
        let ((x0, (top0, bottom0)), (x1, (top1, bottom1))) = (from, to);
        let half = i64::midpoint(x0, x1);
        self.push(format_args!(
            "<path class=\"{class}\" d=\"M{x0} {top0}C{half} {top0} {half} {top1} {x1} {top1}L{x1} {bottom1}\
             C{half} {bottom1} {half} {bottom0} {x0} {bottom0}Z\"/>"
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
        let id = format!("{}-{class}", token(&caption.id));
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

fn joined(points: &[(i64, i64)]) -> String {
    let corners: Vec<String> = points.iter().map(|(x, y)| format!("{x} {y}")).collect();
    corners.join("L")
}

/// `value` of `largest` drawn over `length` units; nothing below zero is drawn.
pub(super) fn scaled(value: i64, largest: i64, length: i64) -> i64 {
    scaled_sum(i128::from(value), i128::from(largest), length)
}

/// [`scaled`] for sums of values.
pub(super) fn scaled_sum(value: i128, largest: i128, length: i64) -> i64 {
    if largest <= 0 || value <= 0 {
        return 0;
    }
    let drawn = value.saturating_mul(i128::from(length)) / largest;
    i64::try_from(drawn).unwrap_or(length).min(length)
}

/// About how many units `text` takes at a letter size of 13: a Chinese character takes 13, a Latin one 7.
pub(super) fn measured(text: &str) -> i64 {
    text.chars().map(letter).sum()
}

/// Cuts `text` to about `units` at a letter size of 13.
pub(super) fn fitted(text: &str, units: i64) -> String {
    if measured(text) <= units {
        return text.to_owned();
    }
    let mut used = 13;
    let kept: String = text
        .chars()
        .take_while(|c| {
            used += letter(*c);
            used <= units
        })
        .collect();
    format!("{}…", kept.trim_end())
}

/// [`fitted`], or nothing when not even one letter has room.
pub(super) fn fitted_or_none(text: &str, units: i64) -> Option<String> {
    let kept = fitted(text, units);
    let has_room = measured(&kept) <= units && kept != "…" && !kept.is_empty();
    has_room.then_some(kept)
}

fn letter(c: char) -> i64 {
    if c.is_ascii() { 7 } else { 13 }
}

/// Text inside markup; what XML cannot hold at all is written as U+FFFD.
pub(super) fn escaped(text: &str) -> String {
    let is_lost = |c: char| {
        (c.is_control() && !matches!(c, '\t' | '\n' | '\r')) || matches!(c, '\u{FFFE}' | '\u{FFFF}')
    };
    text.replace(is_lost, "\u{FFFD}")
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

/// A caption's id as it may stand in an attribute that lists ids, and in `url(#…)`.
fn token(id: &str) -> String {
    id.replace(|c: char| !c.is_alphanumeric() && c != '-' && c != '_', "-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_from_files_cannot_become_markup() {
        let mut drawing = Drawing::new();
        drawing.text("l", (0, 0), Anchor::Start, "<script>\"&\u{0}");
        let caption = Caption {
            id: "a b\">".into(),
            title: "t".into(),
            desc: "d".into(),
        };
        let svg = drawing.finish(&caption, Width::Wide, 10);
        assert!(svg.contains("&lt;script&gt;&quot;&amp;\u{FFFD}"));
        assert!(svg.contains("aria-labelledby=\"a-b---wide-t a-b---wide-d\""));
    }

    #[test]
    fn long_names_are_cut_with_an_ellipsis() {
        assert_eq!(fitted("岷县", 60), "岷县");
        assert_eq!(fitted("双江拉祜族佤族布朗族傣族自治县", 60), "双江拉…");
        assert_eq!(fitted_or_none("岷县", 20), None);
    }

    #[test]
    fn drawing_lengths_stay_inside_the_chart_at_the_extremes() {
        assert_eq!(scaled(i64::MAX, i64::MAX, 500), 500);
        assert_eq!(scaled(-5, 10, 500), 0);
        assert_eq!(scaled(5, 0, 500), 0);
    }
}
