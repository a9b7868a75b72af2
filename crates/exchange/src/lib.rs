//! The exchange with other systems by the DCI social registry interface: partners ask the registry and are told what happens.
//!
//! ```text
//! take       a message of a partner: its signature, its right, once; answered at once or after an acknowledgement
//!   search   comparisons -> a page of households or persons -> records with what the partner may see
//!   status   how far something is that was asked before
//! subscribe  what a partner is told of at a place: taken up from the journal, sent like a webhook
//! send       a job of `webhooks`: what goes out is made and signed when it goes, of what stands then
//! ```
//! Who asks is a partner whom an administrator registered with a public key, rights and a place. What they see is the smallest
//! of these: persons of the place; those who agreed, where the partner serves a purpose; masked, unless the partner may see who
//! a person is, and then each read is written into the audit log. A message is heard once: the same again gets the same answer.
//!
//! No message that waits holds what names a person; what was asked and answered is sealed, and goes after three days.
//!
//! Deliberately absent: encryption of messages beside that of the transport, and answers in several parts.

mod asking;
mod bounds;
mod composing;
mod desk;
mod model;
mod partners;
mod records;
mod repo;
mod search;
mod status;
mod subscriptions;
mod take_up;
mod taking;

pub use desk::{Exchange, SEALED};
pub use model::{Answer, Asked, Kind, NewPartner, Partner};
pub use repo::STATEMENTS;
