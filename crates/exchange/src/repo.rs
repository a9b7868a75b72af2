//! Every SQL statement of this crate, once, with how its rows are read.

use kernel::{PlaceCode, Refusal};
use store::{Row, args};

use crate::desk::Exchange;
use crate::model::Partner;

macro_rules! statements {
    ($($name:ident = $sql:expr;)*) => {
        $(pub(crate) const $name: &str = $sql;)*
        /// All of them, for the test that prepares each on both databases.
        pub const STATEMENTS: &[&str] = &[$($name),*];
    };
}

statements! {
    PARTNER = "SELECT * FROM dci_partners WHERE sender_id = $1 AND removed_at IS NULL";
    PARTNERS = "SELECT * FROM dci_partners WHERE removed_at IS NULL ORDER BY sender_id";
    SET_PARTNER = "INSERT INTO dci_partners (sender_id, receiver_id, public_key, rights, place_code, purpose, callback, \
        webhook_id, made_at, made_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) \
        ON CONFLICT (sender_id) DO UPDATE SET receiver_id = excluded.receiver_id, public_key = excluded.public_key, \
        rights = excluded.rights, place_code = excluded.place_code, purpose = excluded.purpose, \
        callback = excluded.callback, webhook_id = excluded.webhook_id, made_at = excluded.made_at, \
        made_by = excluded.made_by, removed_at = NULL, removed_by = NULL";
    REMOVE_PARTNER = "UPDATE dci_partners SET removed_at = $2, removed_by = $3 \
        WHERE sender_id = $1 AND removed_at IS NULL";
    END_SUBSCRIPTIONS = "UPDATE dci_subscriptions SET ended_at = $2 WHERE sender_id = $1 AND ended_at IS NULL";

    MESSAGE_HEARD = "SELECT * FROM dci_messages WHERE sender_id = $1 AND message_id = $2";
    MESSAGE = "SELECT * FROM dci_messages WHERE id = $1";
    INSERT_MESSAGE = "INSERT INTO dci_messages (id, sender_id, message_id, content_mark, action, transaction_id, \
        sealed_request, sealed_answer, received_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) \
        ON CONFLICT (sender_id, message_id) DO NOTHING";
    SEALED_REQUESTS = "SELECT id, id AS owner, sealed_request AS sealed FROM dci_messages \
        WHERE id > $1 AND sealed_request IS NOT NULL ORDER BY id LIMIT $2";
    PUT_REQUESTS = "UPDATE dci_messages SET sealed_request = $2 WHERE id = $1";
    SEALED_ANSWERS = "SELECT id, id AS owner, sealed_answer AS sealed FROM dci_messages \
        WHERE id > $1 AND sealed_answer IS NOT NULL ORDER BY id LIMIT $2";
    PUT_ANSWERS = "UPDATE dci_messages SET sealed_answer = $2 WHERE id = $1";
    KEEP_ANSWER = "UPDATE dci_messages SET sealed_answer = $2, sealed_request = NULL \
        WHERE id = $1 AND sealed_answer IS NULL";
    INSERT_REFERENCE = "INSERT INTO dci_references (message, reference_id) VALUES ($1, $2) \
        ON CONFLICT (message, reference_id) DO NOTHING";
    REFERENCES = "SELECT reference_id FROM dci_references WHERE message = $1 ORDER BY reference_id";
    OF_TRANSACTION = "SELECT * FROM dci_messages WHERE sender_id = $1 AND action = $2 AND transaction_id = $3 \
        ORDER BY received_at DESC, id LIMIT 20";
    OF_CORRELATION = "SELECT * FROM dci_messages WHERE sender_id = $1 AND action = $2 AND id = $3";
    OF_REFERENCE = "SELECT m.* FROM dci_messages m JOIN dci_references r ON r.message = m.id \
        WHERE m.sender_id = $1 AND m.action = $2 AND r.reference_id = $3 ORDER BY m.received_at DESC, m.id LIMIT 20";
    SWEEP_REFERENCES = "DELETE FROM dci_references WHERE message IN (SELECT id FROM dci_messages WHERE received_at < $1)";
    SWEEP_MESSAGES = "DELETE FROM dci_messages WHERE received_at < $1";

    INSERT_SUBSCRIPTION = "INSERT INTO dci_subscriptions (code, sender_id, event, record_type, place_code, starts_at, \
        ends_at, made_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    SAME_SUBSCRIPTION = "SELECT code FROM dci_subscriptions WHERE sender_id = $1 AND event = $2 AND record_type = $3 \
        AND COALESCE(place_code, 0) = COALESCE($4, 0) AND ended_at IS NULL AND COALESCE(ends_at, $5) >= $5";
    SUBSCRIPTION = "SELECT s.* FROM dci_subscriptions s JOIN dci_partners p ON p.sender_id = s.sender_id \
        WHERE s.code = $1 AND p.removed_at IS NULL";
    SUBSCRIPTIONS_NOW = "SELECT s.*, p.webhook_id FROM dci_subscriptions s JOIN dci_partners p ON p.sender_id = s.sender_id \
        WHERE s.ended_at IS NULL AND p.removed_at IS NULL AND p.webhook_id IS NOT NULL ORDER BY s.code";
    END_SUBSCRIPTION = "UPDATE dci_subscriptions SET ended_at = $3 WHERE code = $1 AND sender_id = $2 AND ended_at IS NULL";

    CURSOR = "SELECT seq FROM dci_cursor WHERE one = 1";
    START_CURSOR = "INSERT INTO dci_cursor (one, seq) VALUES (1, $1) ON CONFLICT (one) DO NOTHING";
    MOVE_CURSOR = "UPDATE dci_cursor SET seq = $2 WHERE one = 1 AND seq = $1";
}

/// A place that may be the whole country.
pub(crate) fn opt_place(row: &Row) -> Result<Option<PlaceCode>, Refusal> {
    let code = row
        .opt_int("place_code")?
        .map(|code| u64::try_from(code).unwrap_or_default());
    code.map(|code| PlaceCode::try_from(code).map_err(|refusal| refusal.at("place_code")))
        .transpose()
}

pub(crate) fn partner(row: &Row) -> Result<Partner, Refusal> {
    let rights = row.text("rights")?;
    Ok(Partner {
        sender_id: row.text("sender_id")?,
        receiver_id: row.text("receiver_id")?,
        public_key: row.text("public_key")?,
        rights: rights.split(' ').map(str::parse).collect::<Result<_, _>>()?,
        place: opt_place(row)?,
        purpose: row
            .opt_text("purpose")?
            .map(|purpose| purpose.parse())
            .transpose()?,
        callback: row.opt_text("callback")?,
        webhook: row.opt_text("webhook_id")?.map(|id| id.parse()).transpose()?,
        made_at: row.instant("made_at")?,
    })
}

impl Exchange {
    /// A partner who was not removed.
    pub(crate) async fn partner(&self, sender_id: &str) -> Result<Option<Partner>, Refusal> {
        let mut reader = self.store.read().await?;
        let row = reader.row(PARTNER, args![sender_id]).await?;
        row.as_ref().map(partner).transpose()
    }

    /// Every partner.
    ///
    /// # Errors
    /// What the store gives.
    pub async fn partners(&self) -> Result<Vec<Partner>, Refusal> {
        let rows = self.store.read().await?.rows(PARTNERS, args![]).await?;
        rows.iter().map(partner).collect()
    }
}
