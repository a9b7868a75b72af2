//! XML without what makes XML dangerous: the pieces of a stranger's file, each of bounded size.
//!
//! A document type is refused before anything in it is looked at, so no entity can be defined, expanded or fetched
//! (XXE, "billion laughs"). Known are the five entities of XML itself and characters by number. Only UTF-8 is read,
//! which ISO 20022 asks for.

use std::io::BufRead;

use kernel::{Fault, Refusal};
use quick_xml::errors::Error;
use quick_xml::events::{BytesDecl, BytesRef, BytesStart, Event};
use quick_xml::name::{Namespace, ResolveResult};
use quick_xml::reader::NsReader;

use super::meter::Metered;

/// One piece of a file.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Piece {
    /// An element begins; whether it is of the namespace of the root. [`Markup::name`] names it.
    Open { is_own: bool },
    /// An element ends.
    Close,
    /// Text, or a part of one.
    Text(String),
    /// The file ends.
    End,
}

/// A file as its pieces.
pub(super) struct Markup<B> {
    reader: NsReader<Metered<B>>,
    buffer: Vec<u8>,
    namespace: String,
    name: String,
    currency: Option<String>,
}

impl<B: BufRead> Markup<B> {
    pub fn new(source: B) -> Self {
        let mut reader = NsReader::from_reader(Metered::new(source));
        reader.config_mut().expand_empty_elements = true;
        Self {
            reader,
            buffer: Vec::new(),
            namespace: String::new(),
            name: String::new(),
            currency: None,
        }
    }

    /// The namespace of the root.
    pub fn namespace(&self) -> &str {
        &self.namespace
    }

    /// The name of the element that began last, without prefix.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The attribute `Ccy` of the element that began last: the only one that payment messages have.
    pub fn currency(&self) -> Option<&str> {
        self.currency.as_deref()
    }

    /// The next piece.
    ///
    /// # Errors
    /// `bank.bad_xml`, `bank.document_type`, `bank.unknown_entity`, `bank.not_utf8`, `bank.file_too_large`,
    /// `bank.piece_too_long`, `bank.file_unreadable`, without a place.
    pub fn next(&mut self) -> Result<Piece, Refusal> {
        loop {
            self.buffer.clear();
            self.reader.get_mut().next_piece();
            let read = self.reader.read_resolved_event_into(&mut self.buffer);
            let (bound, event) = match read {
                Ok(read) => read,
                Err(error) => return Err(self.unread(&error)),
            };
            return match event {
                Event::Start(start) | Event::Empty(start) => {
                    let is_own = match bound {
                        ResolveResult::Bound(Namespace(name)) => {
                            if self.namespace.is_empty() {
                                name.clone_into(&mut self.namespace);
                            }
                            name == self.namespace
                        }
                        ResolveResult::Unbound | ResolveResult::Unknown(_) => false,
                    };
                    start.local_name().into_inner().clone_into(&mut self.name);
                    self.currency = currency(&start)?;
                    Ok(Piece::Open { is_own })
                }
                Event::End(_) => Ok(Piece::Close),
                Event::Text(text) => Ok(Piece::Text(text.xml10_content().into_owned())),
                Event::CData(text) => Ok(Piece::Text(text.xml10_content().into_owned())),
                Event::GeneralRef(reference) => {
                    character(&reference).map(|text| Piece::Text(text.to_string()))
                }
                Event::DocType(_) => Err(Refusal::new("bank.document_type", Fault::Refused)),
                Event::Eof => Ok(Piece::End),
                Event::Decl(declaration) => {
                    require_utf8(&declaration)?;
                    continue;
                }
                Event::Comment(_) | Event::PI(_) => continue,
            };
        }
    }

    fn unread(&mut self, error: &Error) -> Refusal {
        match error {
            Error::Io(cause) => match self.reader.get_mut().reached() {
                Some((code, max)) => Refusal::new(code, Fault::Refused).fact("max", max),
                None => Refusal::broken("bank.file_unreadable", cause.as_ref()),
            },
            Error::Encoding(_) => Refusal::new("bank.not_utf8", Fault::Refused).value("?"),
            other => bad_xml(other),
        }
    }
}

fn currency(start: &BytesStart<'_>) -> Result<Option<String>, Refusal> {
    let found = start
        .try_get_attribute("Ccy")
        .map_err(|error| bad_xml(&Error::from(error)))?;
    Ok(found.map(|attribute| attribute.value.into_owned()))
}

/// A character by its number, or one of the five entities of XML.
fn character(reference: &BytesRef<'_>) -> Result<char, Refusal> {
    let by_number = reference.resolve_char_ref().map_err(|error| bad_xml(&error))?;
    if let Some(character) = by_number {
        return Ok(character);
    }
    let name = reference.xml10_content();
    match name.as_ref() {
        "amp" => Ok('&'),
        "lt" => Ok('<'),
        "gt" => Ok('>'),
        "apos" => Ok('\''),
        "quot" => Ok('"'),
        other => Err(Refusal::new("bank.unknown_entity", Fault::Refused).value(other)),
    }
}

fn require_utf8(declaration: &BytesDecl<'_>) -> Result<(), Refusal> {
    match declaration.encoding() {
        None => Ok(()),
        Some(Ok(name)) if name.eq_ignore_ascii_case("utf-8") => Ok(()),
        Some(Ok(name)) => Err(Refusal::new("bank.not_utf8", Fault::Refused).value(name)),
        Some(Err(error)) => Err(bad_xml(&Error::from(error))),
    }
}

fn bad_xml(error: &Error) -> Refusal {
    Refusal::new("bank.bad_xml", Fault::Refused).fact("cause", error)
}

/// A file in UTF-16 begins with a mark of two bytes. The parser refuses it only where no other crate of the build asks it to
/// decode, so it is looked for here.
///
/// # Errors
/// `bank.not_utf8`, `bank.file_unreadable`.
pub fn require_no_utf16(source: &mut impl BufRead) -> Result<(), Refusal> {
    let begin = source.fill_buf();
    let begin = begin.map_err(|cause| Refusal::broken("bank.file_unreadable", &cause))?;
    if begin.starts_with(b"\xff\xfe") || begin.starts_with(b"\xfe\xff") {
        return Err(Refusal::new("bank.not_utf8", Fault::Refused).value("UTF-16"));
    }
    Ok(())
}
