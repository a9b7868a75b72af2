//! XML that is written: elements with attributes, text between them, indented where no text stands.

/// An element.
#[derive(Clone, Debug)]
pub(super) struct Xml {
    name: String,
    attributes: Vec<(String, String)>,
    children: Vec<Child>,
}

#[derive(Clone, Debug)]
enum Child {
    Element(Xml),
    Text(String),
}

impl Xml {
    /// An element without anything.
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            attributes: Vec::new(),
            children: Vec::new(),
        }
    }

    /// With an attribute.
    #[must_use]
    pub fn with(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.set(name, value);
        self
    }

    /// With a text behind what it has.
    #[must_use]
    pub fn text(mut self, text: impl Into<String>) -> Self {
        self.children.push(Child::Text(text.into()));
        self
    }

    /// With an element behind what it has.
    #[must_use]
    pub fn child(mut self, child: Self) -> Self {
        self.push(child);
        self
    }

    /// Sets an attribute.
    pub fn set(&mut self, name: impl Into<String>, value: impl Into<String>) {
        let (name, value) = (name.into(), value.into());
        match self.attributes.iter_mut().find(|(other, _)| *other == name) {
            Some((_, old)) => *old = value,
            None => self.attributes.push((name, value)),
        }
    }

    /// Adds an element behind what it has.
    pub fn push(&mut self, child: Self) {
        self.children.push(Child::Element(child));
    }

    /// The document with this element as its root.
    pub fn document(&self) -> String {
        let mut text = String::from("<?xml version=\"1.0\"?>\n");
        self.write(&mut text, 0);
        text.push('\n');
        text
    }

    fn write(&self, text: &mut String, depth: usize) {
        text.push('<');
        text.push_str(&self.name);
        for (name, value) in &self.attributes {
            text.push(' ');
            text.push_str(name);
            text.push_str("=\"");
            escape(value, true, text);
            text.push('"');
        }
        if self.children.is_empty() {
            text.push_str("/>");
            return;
        }
        text.push('>');
        let is_mixed = self.children.iter().any(|child| matches!(child, Child::Text(_)));
        let new_line = |text: &mut String, depth: usize| {
            if !is_mixed {
                text.push('\n');
                text.extend(std::iter::repeat_n("  ", depth));
            }
        };
        for child in &self.children {
            new_line(text, depth + 1);
            match child {
                Child::Element(element) => element.write(text, depth + 1),
                Child::Text(piece) => escape(piece, false, text),
            }
        }
        new_line(text, depth);
        text.push_str("</");
        text.push_str(&self.name);
        text.push('>');
    }
}

/// Line ends and tabs of an attribute are written by number, since a reader of XML would turn them into blanks.
fn escape(value: &str, is_attribute: bool, text: &mut String) {
    for letter in value.chars() {
        match letter {
            '&' => text.push_str("&amp;"),
            '<' => text.push_str("&lt;"),
            '>' => text.push_str("&gt;"),
            '"' if is_attribute => text.push_str("&quot;"),
            '\n' if is_attribute => text.push_str("&#10;"),
            '\t' if is_attribute => text.push_str("&#9;"),
            '\r' => text.push_str("&#13;"),
            _ => text.push(letter),
        }
    }
}
