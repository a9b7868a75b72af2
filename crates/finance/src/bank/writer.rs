//! Writes the elements of a message; what is text is escaped.

use std::io::Write as _;

use kernel::{Money, Refusal};
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};

use super::account::{AccountNumber, BankCode};

const ROOT: &str = "Document";

/// A file that is written.
pub(super) struct File(Writer<Vec<u8>>);

impl File {
    /// A file with a root of a namespace.
    pub fn open(namespace: &str) -> Result<Self, Refusal> {
        let mut writer = Writer::new_with_indent(Vec::new(), b' ', 2);
        let declaration = BytesDecl::new("1.0", Some("UTF-8"), None);
        writer.write_event(Event::Decl(declaration)).map_err(unwritten)?;
        let root = BytesStart::new(ROOT).with_attributes([("xmlns", namespace)]);
        writer.write_event(Event::Start(root)).map_err(unwritten)?;
        Ok(Self(writer))
    }

    /// The bytes of the whole file.
    pub fn close(mut self) -> Result<Vec<u8>, Refusal> {
        let root = BytesEnd::new(ROOT);
        self.0.write_event(Event::End(root)).map_err(unwritten)?;
        let mut bytes = self.0.into_inner();
        bytes.write_all(b"\n").map_err(unwritten)?;
        Ok(bytes)
    }

    /// An element and what is in it.
    pub fn inside(
        &mut self,
        name: &'static str,
        body: impl FnOnce(&mut Self) -> Result<(), Refusal>,
    ) -> Result<(), Refusal> {
        let start = BytesStart::new(name);
        self.0.write_event(Event::Start(start)).map_err(unwritten)?;
        body(self)?;
        let end = BytesEnd::new(name);
        self.0.write_event(Event::End(end)).map_err(unwritten)
    }

    /// An element with text.
    pub fn text(&mut self, name: &'static str, text: &str) -> Result<(), Refusal> {
        let element = self.0.create_element(name);
        element
            .write_text_content(BytesText::new(text))
            .map_err(unwritten)?;
        Ok(())
    }

    /// An amount of yuan with two places.
    pub fn yuan(&mut self, name: &'static str, amount: Money) -> Result<(), Refusal> {
        let element = self.0.create_element(name).with_attribute(("Ccy", "CNY"));
        let text = amount.to_string();
        element
            .write_text_content(BytesText::new(&text))
            .map_err(unwritten)?;
        Ok(())
    }

    /// An account by its number in the country.
    pub fn account(&mut self, account: &AccountNumber) -> Result<(), Refusal> {
        self.inside("Id", |file| {
            file.inside("Othr", |file| file.text("Id", account.reveal()))
        })
    }

    /// A bank by its code in the payment systems.
    pub fn bank(&mut self, bank: &BankCode) -> Result<(), Refusal> {
        self.inside("FinInstnId", |file| {
            file.inside("ClrSysMmbId", |file| {
                file.inside("ClrSysId", |file| file.text("Cd", "CNAPS"))?;
                file.text("MmbId", bank.as_str())
            })
        })
    }
}

/// Writing to memory fails only where there is none left.
fn unwritten(error: impl std::error::Error) -> Refusal {
    Refusal::broken("bank.file_unwritten", &error)
}
