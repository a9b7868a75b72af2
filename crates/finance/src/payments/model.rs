//! Batches, lines and what is said about them, as people see them: names and account numbers masked.

use std::str::FromStr;

use books::AccountCode;
use jiff::Timestamp;
use jiff::civil::Date;
use kernel::{Fault, Money, PlaceCode, Refusal, typed_id};
use serde::Serialize;

use crate::bank::{AccountNumber, BankCode, Party, Purpose};

typed_id!(
    /// One batch of payments.
    BatchId
);
typed_id!(
    /// One payment of a batch.
    LineId
);
typed_id!(
    /// One thing that was said about a payment.
    SayingId
);

/// Makes an enum of words that the database keeps.
macro_rules! kept_words {
    ($(#[$meta:meta])* $name:ident { $($(#[$doc:meta])* $word:ident = $text:literal),* $(,)? }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $($(#[$doc])* $word),* }

        impl $name {
            /// The name under which it is kept.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$word => $text),* }
            }

            /// What a column holds.
            pub(super) fn stored(text: &str) -> Result<Self, Refusal> {
                match text {
                    $($text => Ok(Self::$word),)*
                    other => Err(Refusal::new("store.bad_column", Fault::Broken)
                        .at(concat!("payments.", stringify!($name)))
                        .value(other)),
                }
            }
        }
    };
}

kept_words!(
    /// How money reaches the payees.
    Method {
        /// By a file to a bank.
        Bank = "bank",
        /// In cash, against a receipt and before a witness.
        Cash = "cash",
        /// Through an agent such as a supply co-operative, against a receipt and before a witness.
        Agent = "agent",
    }
);

impl FromStr for Method {
    type Err = Refusal;

    /// Reads the kept name; anything else is refused with `payments.bad_method`.
    fn from_str(text: &str) -> Result<Self, Refusal> {
        Self::stored(text).map_err(|_| Refusal::new("payments.bad_method", Fault::Refused).value(text))
    }
}

kept_words!(
    /// Where a batch stands.
    BatchState {
        /// Lines are added.
        Draft = "draft",
        /// It is closed to changes and waits for two approvals.
        Prepared = "prepared",
        /// Two persons approved it; its money is held.
        Approved = "approved",
        /// Its file was written, or its first payment handed out.
        Out = "out",
        /// It was given up; what it held is free again.
        Cancelled = "cancelled",
    }
);

kept_words!(
    /// Where a payment stands.
    LineState {
        /// Nothing was said about it yet.
        Waiting = "waiting",
        /// The bank will pay.
        Accepted = "accepted",
        /// The bank will not pay; the money is free again.
        Rejected = "rejected",
        /// It was paid.
        Settled = "settled",
        /// A part of it was paid, or came back.
        Partly = "partly",
        /// It was paid, and all of it came back.
        Returned = "returned",
        /// It was given up with its batch.
        Cancelled = "cancelled",
    }
);

kept_words!(
    /// Who says something.
    Source {
        /// A bank's status report (`pain.002`).
        Status = "status",
        /// A bank's statement (`camt.053`).
        Statement = "statement",
        /// A bank's notification (`camt.054`).
        Notification = "notification",
        /// Whoever handed money out.
        Receipt = "receipt",
    }
);

kept_words!(
    /// What is said of a payment.
    Says {
        /// It has come and is not decided.
        Pending = "pending",
        /// It will be paid.
        Accepted = "accepted",
        /// It will not be paid.
        Rejected = "rejected",
        /// It was paid, as a status report says.
        Settled = "settled",
        /// It was paid: it is booked, or handed out.
        Paid = "paid",
        /// It came back: that is booked.
        Returned = "returned",
        /// Something that is not understood here.
        Unknown = "unknown",
    }
);

kept_words!(
    /// By what a saying was given to a line.
    MatchedBy {
        /// By the reference that the bank repeats (`EndToEndId`).
        Reference = "reference",
        /// By account and amount, which belong to one payment only.
        Account = "account",
        /// By a person.
        Person = "person",
    }
);

/// A batch to open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewBatch {
    /// What makes it one and the same when it is sent again: 1 to 80 visible ASCII characters.
    pub key: String,
    /// How it is paid.
    pub method: Method,
    /// Where; none for the whole country.
    pub place: Option<PlaceCode>,
    /// The account in the books that the money is taken from.
    pub source: AccountCode,
    /// When a bank is to pay.
    pub execute_on: Date,
    /// Who pays: the holder of the bank account, or who hands the money out.
    pub payer: Payer,
}

/// Who pays.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Payer {
    /// From a bank account.
    Bank(Party),
    /// By hand.
    Hands {
        /// An office or an agent; at most 140 characters.
        name: String,
    },
}

/// A payment to add.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewLine {
    /// What makes it one and the same within its batch: 1 to 80 visible ASCII characters, such as a contract's number.
    pub key: String,
    /// Who gets it; the name in which the account is held.
    pub payee: String,
    /// The payee's account and bank; none where the money is handed out.
    pub account: Option<(AccountNumber, BankCode)>,
    /// How much; more than nothing.
    pub amount: Money,
    /// What for.
    pub purpose: Purpose,
    /// What the payee reads on the statement, at most 140 characters; no name of a person.
    pub remittance: String,
    /// The account in the books that the payment is charged to: an expense, or what was owed.
    pub charge: AccountCode,
}

/// A batch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Batch {
    /// Its id.
    pub id: BatchId,
    /// What it was opened under.
    pub key: String,
    /// How it is paid.
    pub method: Method,
    /// Where.
    pub place: Option<PlaceCode>,
    /// The account in the books that the money is taken from.
    pub source: AccountCode,
    /// When a bank is to pay.
    pub execute_on: Date,
    /// Who pays.
    pub payer_name: String,
    /// The bank account, masked.
    pub payer_account: Option<String>,
    /// Where it stands.
    pub state: BatchState,
    /// When it was opened.
    pub made_at: Timestamp,
    /// By whom.
    pub made_by: String,
    /// Who closed it to changes.
    pub prepared_by: Option<String>,
    /// Who approved it, in order.
    pub approved_by: Vec<String>,
    /// When the second of them did; the time of its file.
    pub approved_at: Option<Timestamp>,
    /// The SHA-256 of its file.
    pub file_sha256: Option<String>,
    /// Why it was given up.
    pub cancel_reason: Option<String>,
    /// How many payments it has.
    pub lines: i64,
    /// What they come to.
    #[serde(rename = "total_fen")]
    pub total: Money,
    /// What was paid of it and did not come back.
    #[serde(rename = "paid_fen")]
    pub paid: Money,
}

/// A payment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Line {
    /// Its id.
    pub id: LineId,
    /// Its batch.
    pub batch: BatchId,
    /// Its number in the batch, from 1.
    pub number: i64,
    /// What it was added under.
    pub key: String,
    /// What banks name it by (`EndToEndId`).
    pub reference: String,
    /// Who gets it, masked.
    pub payee: String,
    /// The account, masked.
    pub account: Option<String>,
    /// The bank's code.
    pub bank: Option<String>,
    /// How much.
    #[serde(rename = "amount_fen")]
    pub amount: Money,
    /// What for.
    pub purpose: Purpose,
    /// What the payee reads on the statement.
    pub remittance: String,
    /// The account in the books that it is charged to.
    pub charge: AccountCode,
    /// Where it stands.
    pub state: LineState,
    /// What a person has to look at, by its code.
    pub trouble: Option<String>,
    /// What was paid.
    #[serde(rename = "paid_fen")]
    pub paid: Money,
    /// What of that came back.
    #[serde(rename = "returned_fen")]
    pub returned: Money,
}

/// The name of a payee as people may see it: its first character.
pub fn mask_name(name: &str) -> String {
    let first = name.chars().next();
    first.map_or_else(|| "**".to_owned(), |first| format!("{first}**"))
}
