//! What is said to banks and what they answer, in the messages of ISO 20022.
//!
//! ```text
//! Initiation --to_xml--> pain.001.001.09 --> bank
//! bank --> pain.002, camt.053, camt.054 --read_message--> BankMessage
//! ```
//! Writing follows the practice in China where the standard leaves a choice ([`Initiation`]). Reading takes nothing on
//! trust: a file is read once, in bounded memory, without document types; what is missing, doubled or does not add up is
//! refused by a code, with the path of the element. Nothing here knows of batches, books or the database.
//!
//! Deliberately absent: elements that nobody here asks for, which are passed over; the business application header; other
//! encodings than UTF-8; messages for direct debits.

mod account;
mod amount;
mod initiation;
mod markup;
mod message;
mod meter;
mod party;
mod purpose;
mod read_initiation;
mod read_statement;
mod statement;
mod status;
mod writer;
mod xml;

pub use account::{AccountNumber, BankCode, mask};
pub use amount::{Amount, Decimal};
pub use initiation::{Initiation, PAYMENTS_MAX, Party, Transfer};
pub use message::{BankMessage, read_message};
pub use meter::FILE_BYTES_MAX;
pub use party::Reason;
pub use purpose::Purpose;
pub use read_initiation::{InitiationCopy, InstructionCopy, TransferCopy};
pub use statement::{
    AccountReport, Balance, BookedPayment, Direction, Entry, EntryState, Statement, Total, Totals,
};
pub use status::{InstructionStatus, PaymentStatus, Status, StatusReport, Verdict};
