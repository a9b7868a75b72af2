//! Payments out: batches that two persons approve, files to banks, and what banks answer.
//!
//! ```text
//! draft --prepare--> prepared --two approvals--> approved --file, or first hand-out--> out
//!   |                   |                           |                                   |
//!   +-------------------+---------cancel------------+                     each payment by what is said of it:
//!                                                                         accepted, rejected, settled, partly, returned
//! ```
//! - Money out needs three persons: neither of the two who approve opened, filled or prepared the batch. Who may do what,
//!   where, is asked before a command, by [`require`].
//! - The second approval holds the money of each payment in the books; it is posted when the bank has booked it, or when
//!   it was handed out, and is free again when the bank rejects it.
//! - What banks say is kept as single sayings, each once, whichever files repeat it. What follows for a payment is worked
//!   out from the set of its sayings, so the order in which files come changes nothing.
//! - A saying finds its payment by the reference it repeats (`EndToEndId`), else by account and amount where there is one
//!   of each; else it is open until a person settles it.
//! - Names and account numbers of payees are sealed; pages get them masked, the bank file whole.
//!
//! Facts: `payments.opened`, `.lines_added`, `.prepared`, `.approved`, `.cancelled`, `.file_written`, `.answered`,
//! `.line_changed`, `.handed_out`, `.saying_settled`, by ids and amounts, without names. Tables: `payment_batches`,
//! `payment_approvals`, `payment_lines`, `payment_answers`, `payment_sayings`.
//!
//! Deliberately absent: taking money in; other currencies than the yuan; fees of banks, which are entries of the books.

mod answers;
mod approving;
mod batches;
mod change;
mod checks;
mod desk;
mod files;
mod handing_out;
mod model;
mod outcome;
mod payees;
mod queries;
mod repo;
mod rules;
mod sayings;
mod settling;
mod told;
mod typed;

pub use answers::AnswerReport;
pub use approving::APPROVALS;
pub use batches::LINES_MAX;
pub use checks::check;
pub use desk::{Payments, SEALED, require};
pub use files::BankFile;
pub use handing_out::Receipt;
pub use model::{
    Batch, BatchId, BatchState, Line, LineId, LineState, MatchedBy, Method, NewBatch, NewLine, Payer,
    SayingId, Says, Source,
};
pub use queries::{BatchWithLines, batch_of_line, by_id, id_by_key, newest, page};
pub use repo::STATEMENTS;
pub use settling::Decision;
pub use told::{Answer, Saying, answer, answers, entries_of, line_of_key, open_sayings, sayings_of};
pub use typed::{TypedLine, account, in_rows, read_lines};
