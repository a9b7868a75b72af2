//! The messages of the social registry interface of the Digital Convergence Initiative (DCI, version 1.0.0), without I/O.
//!
//! ```text
//! envelope    signature + header + message
//! message     search, subscribe, unsubscribe, notify, txn-status: what is asked, and what is answered
//! query       three ways to write a search, read as one list of comparisons that all have to hold
//! records     groups, members and persons
//! signature   Ed25519 over the times of the signature and a digest of header and message in canonical JSON
//! ```
//! What is read is written back equal, field by field: the standard's own samples write a number as text, an empty text for an
//! object, and null for what is missing. A record keeps what others add to it. What disagrees between samples and schema
//! stands in `docs/dci.md`.
//!
//! Deliberately absent: encrypted messages and CSV files, which no sample shows; JSON-LD processing.

mod ack;
mod canonical;
mod envelope;
mod query;
mod records;
mod said;
mod search;
mod signature;
mod status;
mod subscribe;

pub use ack::{Ack, AckMessage, AckStatus, Failure, HttpErrors};
pub use canonical::canonical;
pub use envelope::{Count, Envelope, Header};
pub use query::{Comparison, Expression, Operator, Query, QueryFault, QueryValue, Terms, Written};
pub use records::{Demographic, Group, Head, Identifier, Listed, Member, Name, Names, Person, Record};
pub use said::Said;
pub use search::{
    Pagination, SearchAnswer, SearchCriteria, SearchData, SearchItem, SearchRequest, SearchResponse, Sort,
};
pub use signature::{Signature, SignatureFault, SigningKey, public_key};
pub use status::{TxnAsked, TxnStatus, TxnStatusRequest, TxnStatusResponse};
pub use subscribe::{
    Frequency, NotifyData, NotifyEvent, NotifyEventRequest, SubscribeAnswer, SubscribeCriteria,
    SubscribeItem, SubscribeRequest, SubscribeResponse, SubscriptionEnd, SubscriptionInfo,
    UnSubscribeRequest, UnSubscribeResponse,
};
