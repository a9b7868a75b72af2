//! The walk through a bank file: one element at a time, each known by its path.
//!
//! The caller goes down by [`Xml::child`] and takes each child by [`Xml::text`], [`Xml::skip`] or a walk of its own.
//! Elements of other namespaces are passed over: banks add their own, which say nothing to us. How deep elements nest
//! and how long values are has limits, and every refusal names the path of its element.

use std::fmt::Write as _;
use std::io::BufRead;

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::Offset;
use kernel::{Currency, Fault, Refusal};

use super::amount::{Amount, Decimal};
use super::markup::{Markup, Piece, require_no_utf16};

/// The deepest nesting; messages of ISO 20022 nest some fifteen deep.
const DEPTH_MAX: usize = 40;
/// The root of every message.
const ROOT: &str = "Document";
/// The longest value that is one of a few words or a number.
const WORD_CHARS_MAX: usize = 140;

/// One step of a path: a name, and which of its like among its neighbours it is, from 1.
#[derive(Debug, Default)]
struct Step {
    name: String,
    number: u32,
}

/// One message that is read.
pub(super) struct Xml<B> {
    markup: Markup<B>,
    /// The open elements, and behind them the child that was open last.
    steps: Vec<Step>,
    depth: usize,
}

/// What comes next in the open element.
enum Next {
    Child,
    Text(String),
    Closed,
}

impl<B: BufRead> Xml<B> {
    /// Opens a message: everything before its root, and the root itself.
    ///
    /// # Errors
    /// `bank.not_a_message`, and those of [`Markup::next`].
    pub fn open(mut source: B) -> Result<Self, Refusal> {
        require_no_utf16(&mut source)?;
        let mut steps = Vec::new();
        steps.resize_with(DEPTH_MAX + 2, Step::default);
        let mut xml = Self {
            markup: Markup::new(source),
            steps,
            depth: 0,
        };
        loop {
            match xml.piece()? {
                Piece::Open { is_own: true } if xml.markup.name() == ROOT => {
                    xml.step_in()?;
                    return Ok(xml);
                }
                Piece::Text(text) if text.trim().is_empty() => {}
                _ => return Err(Refusal::new("bank.not_a_message", Fault::Refused).value(xml.markup.name())),
            }
        }
    }

    /// The namespace of the message.
    pub fn namespace(&self) -> &str {
        self.markup.namespace()
    }

    /// The name of the next child of the open element, which is open from now on; none at the element's end, which
    /// closes it.
    ///
    /// # Errors
    /// `bank.unexpected_text`, and those of [`Markup::next`].
    pub fn child(&mut self) -> Result<Option<&str>, Refusal> {
        loop {
            match self.next()? {
                Next::Child => return Ok(Some(self.markup.name())),
                Next::Closed => return Ok(None),
                Next::Text(text) if text.trim().is_empty() => {}
                Next::Text(text) => return Err(self.refusal("bank.unexpected_text").value(text.trim())),
            }
        }
    }

    /// The text of the open element, without blanks around it, of at most so many characters; closes it.
    ///
    /// # Errors
    /// `bank.empty_element`, `bank.text_too_long`, `bank.unexpected_element`, and those of [`Markup::next`].
    pub fn text(&mut self, chars_max: usize) -> Result<String, Refusal> {
        let mut text = String::new();
        loop {
            match self.next()? {
                Next::Text(piece) => text.push_str(&piece),
                Next::Child => return Err(self.refusal("bank.unexpected_element")),
                Next::Closed => break,
            }
            if text.trim().chars().count() > chars_max {
                let refusal = self.refusal("bank.text_too_long");
                return Err(refusal.value(text.trim()).fact("max", chars_max));
            }
        }
        let text = text.trim();
        if text.is_empty() {
            return Err(self.refused_last("bank.empty_element"));
        }
        Ok(text.to_owned())
    }

    /// Passes over the open element and everything in it.
    ///
    /// # Errors
    /// `bank.too_deep`, and those of [`Markup::next`].
    pub fn skip(&mut self) -> Result<(), Refusal> {
        let outside = self.depth.saturating_sub(1);
        while self.depth > outside {
            self.next()?;
        }
        Ok(())
    }

    /// Nothing but blanks and comments may follow the message.
    ///
    /// # Errors
    /// `bank.bad_xml`, and those of [`Markup::next`].
    pub fn end(mut self) -> Result<(), Refusal> {
        loop {
            match self.piece()? {
                Piece::End => return Ok(()),
                Piece::Text(text) if text.trim().is_empty() => {}
                _ => return Err(self.refusal("bank.bad_xml").fact("cause", "more than one root")),
            }
        }
    }

    /// The text of the open element read as something; closes it.
    ///
    /// # Errors
    /// `bank.bad_value` with the rule, and as [`Xml::text`].
    pub fn word<T>(
        &mut self,
        rule: &'static str,
        read: impl FnOnce(&str) -> Option<T>,
    ) -> Result<T, Refusal> {
        let text = self.text(WORD_CHARS_MAX)?;
        read(&text).ok_or_else(|| {
            let refusal = self.refused_last("bank.bad_value");
            refusal.value(&text).fact("rule", rule)
        })
    }

    /// An amount with the currency in its attribute `Ccy`; closes the element.
    ///
    /// # Errors
    /// `bank.missing_attribute`, `bank.bad_value`, and as [`Xml::text`].
    pub fn amount(&mut self) -> Result<Amount, Refusal> {
        let Some(currency) = self.markup.currency() else {
            return Err(self.refusal("bank.missing_attribute").fact("attribute", "Ccy"));
        };
        let Ok(currency) = currency.parse::<Currency>() else {
            let refusal = self.refusal("bank.bad_value").value(currency);
            return Err(refusal.fact("rule", "Ccy: [A-Z]{3}"));
        };
        let rule = "0 … 999999999999999999, at most 5 decimals";
        self.word(rule, |text| Amount::read(text, currency))
    }

    /// A number such as a control sum; closes the element.
    ///
    /// # Errors
    /// `bank.bad_value`, and as [`Xml::text`].
    pub fn decimal(&mut self) -> Result<Decimal, Refusal> {
        self.word("at most 18 digits, 17 decimals", Decimal::read)
    }

    /// A count; closes the element.
    ///
    /// # Errors
    /// `bank.bad_value`, and as [`Xml::text`].
    pub fn count(&mut self) -> Result<u64, Refusal> {
        self.word("[0-9]{1,15}", |text| {
            let is_count = text.len() <= 15 && text.bytes().all(|byte| byte.is_ascii_digit());
            is_count.then(|| text.parse().ok()).flatten()
        })
    }

    /// An instant; one without a zone is taken as that of China. Closes the element.
    ///
    /// # Errors
    /// `bank.bad_value`, and as [`Xml::text`].
    pub fn instant(&mut self) -> Result<Timestamp, Refusal> {
        self.word("YYYY-MM-DDThh:mm:ss", instant)
    }

    /// A day: `Dt`, or the day in China of `DtTm`, of the open element; closes it.
    ///
    /// # Errors
    /// `bank.bad_value`, `bank.missing_element`, and as [`Xml::text`].
    pub fn day(&mut self) -> Result<Date, Refusal> {
        let mut day = None;
        while let Some(name) = self.child()? {
            let read = match name {
                "Dt" => self.word("YYYY-MM-DD", self::day)?,
                "DtTm" => kernel::day_in_china(self.instant()?),
                _ => {
                    self.skip()?;
                    continue;
                }
            };
            self.once(&mut day, read)?;
        }
        self.need(day, "Dt")
    }

    /// `Cd` or `Prtry` of the open element; closes it.
    ///
    /// # Errors
    /// `bank.missing_element`, and as [`Xml::text`].
    pub fn code(&mut self) -> Result<String, Refusal> {
        let mut code = None;
        while let Some(name) = self.child()? {
            match name {
                "Cd" | "Prtry" => {
                    let text = self.text(35)?;
                    self.once(&mut code, text)?;
                }
                _ => self.skip()?,
            }
        }
        self.need(code, "Cd")
    }

    /// The text of the open element, or of the `Cd` or `Prtry` in it; closes the element.
    ///
    /// # Errors
    /// `bank.empty_element`, `bank.unexpected_text`, and as [`Xml::text`].
    pub fn text_or_code(&mut self) -> Result<String, Refusal> {
        let mut text = String::new();
        let mut code = None;
        loop {
            match self.next()? {
                Next::Text(piece) => text.push_str(&piece),
                Next::Child => {
                    let read = match self.markup.name() {
                        "Cd" | "Prtry" => self.text(35)?,
                        _ => return Err(self.refusal("bank.unexpected_element")),
                    };
                    self.once(&mut code, read)?;
                }
                Next::Closed => break,
            }
        }
        match (code, text.trim()) {
            (Some(code), "") => Ok(code),
            (None, text) if !text.is_empty() => Ok(text.to_owned()),
            (Some(_), text) => Err(self.refused_last("bank.unexpected_text").value(text)),
            (None, _) => Err(self.refused_last("bank.empty_element")),
        }
    }

    /// Keeps what the child that was just closed says; it may say it once.
    ///
    /// # Errors
    /// `bank.repeated_element`.
    pub fn once<T>(&self, slot: &mut Option<T>, value: T) -> Result<(), Refusal> {
        if slot.is_some() {
            return Err(self.refused_last("bank.repeated_element"));
        }
        *slot = Some(value);
        Ok(())
    }

    /// What a child of the element that was just closed must have said.
    ///
    /// # Errors
    /// `bank.missing_element`.
    pub fn need<T>(&self, slot: Option<T>, name: &'static str) -> Result<T, Refusal> {
        let missing = || format!("{}/{name}", self.path(self.depth + 1));
        slot.ok_or_else(|| Refusal::new("bank.missing_element", Fault::Refused).at(missing()))
    }

    /// A refusal of the element that was just closed.
    pub fn refused_last(&self, code: &'static str) -> Refusal {
        Refusal::new(code, Fault::Refused).at(self.path(self.depth + 1))
    }

    /// A refusal of the open element.
    pub fn refusal(&self, code: &'static str) -> Refusal {
        Refusal::new(code, Fault::Refused).at(self.path(self.depth))
    }

    /// The path of the element that was just closed.
    pub fn last_path(&self) -> String {
        self.path(self.depth + 1)
    }

    /// The path of so many steps; a second and later one of neighbours of the same name has its number.
    fn path(&self, steps: usize) -> String {
        let mut path = String::new();
        for step in self.steps.iter().take(steps) {
            // Writing to a string cannot fail.
            let _written = match step.number {
                0 => Ok(()),
                1 => write!(path, "/{}", step.name),
                number => write!(path, "/{}[{number}]", step.name),
            };
        }
        if path.is_empty() { "/".to_owned() } else { path }
    }

    /// Reads on; a child is open afterwards.
    fn next(&mut self) -> Result<Next, Refusal> {
        let mut strangers = 0_usize;
        loop {
            match self.piece()? {
                Piece::Open { is_own } if strangers > 0 || !is_own => {
                    strangers += 1;
                    self.require_depth(self.depth + strangers)?;
                }
                Piece::Open { .. } => {
                    self.step_in()?;
                    return Ok(Next::Child);
                }
                Piece::Close if strangers > 0 => strangers -= 1,
                Piece::Close => {
                    self.depth = self.depth.saturating_sub(1);
                    return Ok(Next::Closed);
                }
                Piece::Text(_) if strangers > 0 => {}
                Piece::Text(text) => return Ok(Next::Text(text)),
                Piece::End => return Err(self.refusal("bank.bad_xml").fact("cause", "the file is cut off")),
            }
        }
    }

    fn piece(&mut self) -> Result<Piece, Refusal> {
        let piece = self.markup.next();
        piece.map_err(|refusal| refusal.at(self.path(self.depth)))
    }

    /// Goes into the element that begins.
    fn step_in(&mut self) -> Result<(), Refusal> {
        self.require_depth(self.depth + 1)?;
        let name = self.markup.name();
        if let Some(step) = self.steps.get_mut(self.depth) {
            if step.name == name {
                step.number = step.number.saturating_add(1);
            } else {
                name.clone_into(&mut step.name);
                step.number = 1;
            }
        }
        self.depth += 1;
        if let Some(child) = self.steps.get_mut(self.depth) {
            child.name.clear();
            child.number = 0;
        }
        Ok(())
    }

    fn require_depth(&self, depth: usize) -> Result<(), Refusal> {
        if depth <= DEPTH_MAX {
            return Ok(());
        }
        Err(self.refusal("bank.too_deep").fact("max", DEPTH_MAX))
    }
}

/// A day of `xs:date`; a zone behind it, which banks seldom write, does not change the day.
fn day(text: &str) -> Option<Date> {
    let day = text.get(..10)?;
    let zone = text.get(10..)?;
    let is_zone = zone.is_empty() || zone == "Z" || (zone.len() == 6 && zone.starts_with(['+', '-']));
    is_zone.then(|| day.parse().ok()).flatten()
}

/// An instant of `xs:dateTime`.
fn instant(text: &str) -> Option<Timestamp> {
    if let Ok(instant) = text.parse::<Timestamp>() {
        return Some(instant);
    }
    let is_full = text.as_bytes().get(10) == Some(&b'T');
    let local: DateTime = is_full.then(|| text.parse().ok()).flatten()?;
    Offset::constant(8).to_timestamp(local).ok()
}
