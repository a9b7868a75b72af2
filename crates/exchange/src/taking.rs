//! Takes a message: who says it, whether they may, and whether it was heard before; then it is answered.

use dci::{
    Ack, AckMessage, AckStatus, Count, Failure, Header, HttpErrors, SearchRequest, Signature,
    SubscribeRequest, TxnStatusRequest, UnSubscribeRequest, canonical,
};
use jiff::Timestamp;
use kernel::{Fault, Refusal};
use people::staff::{Action, AuditEntry, Outcome, Scope};
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::composing::answer_header;
use crate::desk::{Exchange, to_json};
use crate::model::{Answer, Asked, Kind, No, Partner};
use crate::records::Reader;

/// The most requests of a message.
const REQUESTS_MAX: usize = 20;
/// The longest id, in characters, as the schema has it.
const ID_MAX: usize = 99;

/// A message that is understood.
pub(crate) enum Message {
    Search(SearchRequest),
    Subscribe(SubscribeRequest),
    Unsubscribe(UnSubscribeRequest),
    TxnStatus(TxnStatusRequest),
}

/// A message of a partner who may send it.
pub(crate) struct Heard {
    pub partner: Partner,
    pub header: Header,
    pub message: Message,
    /// As they came; what is kept and told apart by them.
    pub sent: (Value, Value),
    /// Whether the partner's own key signed it.
    pub is_signed: bool,
}

impl Exchange {
    /// Takes a message and answers it: with an answer, with an acknowledgement, or with why it is not heard.
    ///
    /// # Errors
    /// What broke here.
    pub async fn take(&self, asked: Asked<'_>) -> Result<Answer, Refusal> {
        let taken = match self.hear(&asked).await {
            Ok(heard) if asked.is_sync => self.answer_now(&asked, heard).await,
            Ok(heard) => self.answer_later(asked.kind, heard).await,
            Err(no) => Err(no),
        };
        match taken {
            Ok(body) => Ok(Answer { status: 200, body }),
            Err(No::Turned { status, code, why }) => turned(status, code, why),
            Err(No::Rejected { code, why }) if asked.is_sync => self.rejected(asked.kind, code, why),
            Err(No::Rejected { code, why }) => self.not_taken(format!("{code}: {why}")),
            Err(No::Broken(refusal)) => Err(refusal),
        }
    }

    async fn hear(&self, asked: &Asked<'_>) -> Result<Heard, No> {
        let mut sent: Value =
            serde_json::from_slice(asked.body).map_err(|_| No::bad("the body is no JSON"))?;
        let mut part = |name: &str| sent.get_mut(name).map(Value::take).unwrap_or_default();
        let (header, message, signature) = (part("header"), part("message"), part("signature"));
        let read: Header = typed(&header)?;
        let sender = read.sender_id.as_deref().unwrap_or_default();
        let unknown = || No::turned(401, "err.sender_id.invalid", "the sender is no partner here");
        let partner = self.partner(sender).await?.ok_or_else(unknown)?;
        let is_signed = self.require_signed(&partner, &signature, (&header, &message), asked)?;
        self.note_asked(&partner, asked).await;
        if !partner.may(Scope::ReadRegistry) {
            return Err(No::turned(
                403,
                "err.request.forbidden",
                "the partner may not ask this",
            ));
        }
        require_header(&read, &partner, asked.kind)?;
        let message_of = understood(asked.kind, &message)?;
        require_count(&read, &message_of)?;
        Ok(Heard {
            partner,
            header: read,
            message: message_of,
            sent: (header, message),
            is_signed,
        })
    }

    /// Signed by the partner's key; or, where it is answered at once and leaves nothing behind, without a signature and with an
    /// API key whose owner may see the registry wherever the partner may.
    fn require_signed(
        &self,
        partner: &Partner,
        signature: &Value,
        (header, message): (&Value, &Value),
        asked: &Asked<'_>,
    ) -> Result<bool, No> {
        let signature = signature.as_str().unwrap_or_default();
        if signature.is_empty() {
            let missing = || No::turned(401, "err.signature.missing", "the message is not signed");
            if !asked.is_sync || asked.viewer.scopes.is_none() {
                return Err(missing());
            }
            let (viewer, action) = (asked.viewer, Action::ViewRegistry);
            let may = match partner.place {
                Some(place) => viewer.may(action, Some(place)),
                None => viewer.may_everywhere(action),
            };
            let denied = || No::turned(403, "err.request.forbidden", "the API key does not allow this");
            return if may { Ok(false) } else { Err(denied()) };
        }
        let invalid =
            |fault: dci::SignatureFault| No::turned(401, "err.signature.invalid", fault.to_string());
        let signature = Signature::read(signature).map_err(invalid)?;
        if signature.sender_id != partner.sender_id {
            return Err(invalid(dci::SignatureFault::Wrong));
        }
        let key = dci::public_key(&partner.public_key);
        let key = key.ok_or_else(|| Refusal::new("dci.bad_key", Fault::Broken))?;
        let now = self.now().as_second();
        signature.require(&key, header, message, now).map_err(invalid)?;
        Ok(true)
    }

    /// Writes down that a partner asked.
    async fn note_asked(&self, partner: &Partner, asked: &Asked<'_>) {
        let entry = AuditEntry {
            user: asked.viewer.user,
            action: Action::ViewRegistry.as_str(),
            subject: Some(format!("dci:{} {}", partner.sender_id, asked.kind.action())),
            place: partner.place,
            outcome: Outcome::Allowed,
            request_id: Some(asked.request_id.to_owned()),
            address: asked.address.map(str::to_owned),
        };
        self.staff.note(entry).await;
    }

    async fn answer_now(&self, asked: &Asked<'_>, heard: Heard) -> Result<Value, No> {
        let mark = self.mark(&heard, "sync");
        let partner = &heard.partner;
        if let Some(before) = self.before(partner, &heard.header, &mark).await? {
            let kept = before.kept.ok_or_else(duplicate)?;
            return Ok(self.signed(&partner.receiver_id, &kept.header, &kept.message));
        }
        let reader = Reader {
            partner,
            request_id: Some(asked.request_id),
            address: asked.address,
            is_signed: heard.is_signed,
        };
        let id = self.ids.next().to_string();
        let message = self.answer_to(reader, &heard.message, &id).await?;
        let header = answer_header(asked.kind, &heard.header, partner, self.now());
        let kept = crate::desk::Kept {
            url: None,
            header: to_json(&header)?,
            message,
        };
        let signed = self.signed(&partner.receiver_id, &kept.header, &kept.message);
        self.keep_answered(&id, &heard, mark, &kept).await?;
        Ok(signed)
    }

    /// What a message is answered that can be asked at once and later.
    pub(crate) async fn answer_to(
        &self,
        reader: Reader<'_>,
        message: &Message,
        id: &str,
    ) -> Result<Value, Refusal> {
        match message {
            Message::Search(asked) => to_json(&self.answer_search(reader, asked, id).await?),
            Message::TxnStatus(asked) => to_json(&self.answer_status(reader.partner, asked, id).await?),
            // These change something, and are answered where that is done.
            Message::Subscribe(_) | Message::Unsubscribe(_) => Ok(Value::Null),
        }
    }

    /// By what the same message is known when it comes again, without what it says.
    pub(crate) fn mark(&self, heard: &Heard, way: &str) -> String {
        let (header, message) = &heard.sent;
        let text = format!("{way} {}{}", canonical(header), canonical(message));
        self.sealer.mark(&text)
    }

    fn rejected(&self, kind: Kind, code: &'static str, why: String) -> Result<Answer, Refusal> {
        let header = Header {
            version: Some("1.0.0".to_owned()),
            message_id: self.ids.next().to_string(),
            message_ts: self.now().to_string(),
            action: kind.answer().to_owned(),
            status: Some("rjct".to_owned()),
            status_reason_code: Some(code.to_owned()),
            status_reason_message: Some(why),
            ..Header::default()
        };
        let body = serde_json::json!({ "header": to_json(&header)? });
        Ok(Answer { status: 200, body })
    }

    fn not_taken(&self, why: String) -> Result<Answer, Refusal> {
        let error = Failure {
            code: "err.request.bad".to_owned(),
            message: why,
        };
        let body = ack(
            AckStatus::Err,
            self.now(),
            &self.ids.next().to_string(),
            Some(error),
        )?;
        Ok(Answer { status: 400, body })
    }
}

/// What says that a message came.
pub(crate) fn ack(
    ack_status: AckStatus,
    at: Timestamp,
    correlation_id: &str,
    error: Option<Failure>,
) -> Result<Value, Refusal> {
    to_json(&Ack {
        message: AckMessage {
            ack_status,
            timestamp: at.to_string(),
            error,
            correlation_id: correlation_id.to_owned(),
        },
    })
}

pub(crate) fn duplicate() -> No {
    No::rejected(
        "rjct.message_id.duplicate",
        "another message was sent under this id",
    )
}

fn turned(status: u16, code: &'static str, why: String) -> Result<Answer, Refusal> {
    let errors = vec![Failure {
        code: code.to_owned(),
        message: why,
    }];
    Ok(Answer {
        status,
        body: to_json(&HttpErrors { errors })?,
    })
}

fn typed<T: DeserializeOwned>(value: &Value) -> Result<T, No> {
    T::deserialize(value)
        .map_err(|error| No::bad(format!("the message has not the form of the standard: {error}")))
}

fn understood(kind: Kind, message: &Value) -> Result<Message, No> {
    Ok(match kind {
        Kind::Search => Message::Search(typed(message)?),
        Kind::Subscribe => Message::Subscribe(typed(message)?),
        Kind::Unsubscribe => {
            let asked: UnSubscribeRequest = typed(message)?;
            if asked.subscription_codes.len() > REQUESTS_MAX {
                return Err(No::bad(format!(
                    "a message ends at most {REQUESTS_MAX} subscriptions"
                )));
            }
            Message::Unsubscribe(asked)
        }
        Kind::TxnStatus => Message::TxnStatus(typed(message)?),
    })
}

fn require_header(header: &Header, partner: &Partner, kind: Kind) -> Result<(), No> {
    if header
        .receiver_id
        .as_ref()
        .is_some_and(|receiver| *receiver != partner.receiver_id)
    {
        return Err(No::turned(
            400,
            "err.receiver_id.invalid",
            "the message is for another receiver",
        ));
    }
    if header.is_msg_encrypted == Some(true) {
        return Err(No::turned(
            400,
            "err.encryption.invalid",
            "encrypted messages are not taken",
        ));
    }
    if !(1..=ID_MAX).contains(&header.message_id.chars().count()) {
        return Err(No::bad("message_id is a text of 1 to 99 characters"));
    }
    if header
        .version
        .as_deref()
        .is_some_and(|version| !version.starts_with("1."))
    {
        return Err(No::rejected("rjct.version.invalid", "version 1 is spoken here"));
    }
    if header.action != kind.action() {
        let why = format!("here the action is {}", kind.action());
        return Err(No::rejected("rjct.action.invalid", why));
    }
    if header.message_ts.parse::<Timestamp>().is_err() {
        return Err(No::rejected(
            "rjct.message_ts.invalid",
            "message_ts is an instant with its time zone",
        ));
    }
    Ok(())
}

fn require_count(header: &Header, message: &Message) -> Result<(), No> {
    let (transaction_id, requests) = message.measure();
    if transaction_id.chars().count() > ID_MAX {
        return Err(No::bad("transaction_id has more than 99 characters"));
    }
    if requests > REQUESTS_MAX {
        let why = format!("a message has at most {REQUESTS_MAX} requests");
        return Err(No::rejected("rjct.total_count.limit_exceeded", why));
    }
    let said = header.total_count.as_ref().and_then(Count::number);
    if said.is_some_and(|said| u64::try_from(requests).ok() != Some(said)) {
        let why = "total_count is the number of requests";
        return Err(No::rejected("rjct.total_count.invalid", why));
    }
    Ok(())
}

impl Message {
    /// The business it belongs to, and how many requests it has.
    pub(crate) fn measure(&self) -> (&str, usize) {
        match self {
            Self::Search(asked) => (&asked.transaction_id, asked.search_request.len()),
            Self::Subscribe(asked) => (&asked.transaction_id, asked.subscribe_request.len()),
            Self::Unsubscribe(asked) => (&asked.transaction_id, 1),
            Self::TxnStatus(asked) => (&asked.transaction_id, 1),
        }
    }

    /// By what the partner knows its requests.
    pub(crate) fn references(&self) -> Vec<&str> {
        match self {
            Self::Search(asked) => asked
                .search_request
                .iter()
                .map(|one| one.reference_id.as_str())
                .collect(),
            Self::Subscribe(asked) => asked
                .subscribe_request
                .iter()
                .map(|one| one.reference_id.as_str())
                .collect(),
            Self::Unsubscribe(_) | Self::TxnStatus(_) => Vec::new(),
        }
    }

    /// Reads one that was kept.
    pub(crate) fn of(kind: Kind, message: &Value) -> Option<Self> {
        understood(kind, message).ok()
    }
}
