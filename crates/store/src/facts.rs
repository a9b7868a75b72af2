//! The journal: every thing that happened is one fact, appended and never changed.
//!
//! A fact says who, when, where, how much and by what evidence. It is written in the transaction of the command it
//! speaks of, so the two stand or fall together. [`crate::chain`] says how facts are linked.

use jiff::Timestamp;
use kernel::{Actor, Money, PlaceCode, Refusal, Role, typed_id};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::args;
use crate::chain::{Columns, FIRST, FactsReport, Walk, canonical_json};
use crate::ctx::Ctx;
use crate::database::Reader;
use crate::error::bad_stored_json;
use crate::sql;
use crate::store::Store;
use crate::value::Row;

/// A walk over the journal reads this many facts at a time.
const PAGE: i64 = 500;

typed_id!(
    /// One fact of the journal.
    FactId
);

/// What the journal is told.
#[derive(Clone, Debug, PartialEq)]
pub struct Fact {
    /// Past tense, with its module: `contracts.signed`.
    pub kind: &'static str,
    /// Where it happened.
    pub place: Option<PlaceCode>,
    /// How much money it was about.
    pub amount: Option<Money>,
    /// What proves it.
    pub evidence: Vec<Evidence>,
    /// Everything else that is worth keeping; whole numbers, texts and lists.
    pub body: Value,
}

/// What proves a fact.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum Evidence {
    /// A document of this store.
    Document {
        /// The SHA-256 of its bytes, in hexadecimal.
        sha256: String,
    },
    /// A file that lies elsewhere, such as a sales file.
    File {
        /// Its name as it was given.
        name: String,
        /// The SHA-256 of its bytes, in hexadecimal.
        sha256: String,
    },
    /// One row of a file.
    Row {
        /// The SHA-256 of the file's bytes, in hexadecimal.
        sha256: String,
        /// The line in the file, counted from 1.
        line: i64,
    },
}

/// A fact as it stands in the journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordedFact {
    /// Its place in the journal, counted from 1 without gaps.
    pub seq: i64,
    /// Its id.
    pub id: String,
    /// What happened.
    pub kind: String,
    /// When the command ran.
    pub recorded_at: Timestamp,
    /// Who gave the command.
    pub actor: String,
    /// In which role, as it is stored.
    pub actor_role: String,
    /// Where, as a number.
    pub place_code: Option<i64>,
    /// How much, in fen.
    pub amount_fen: Option<i64>,
    /// What proves it, as JSON text.
    pub evidence: String,
    /// Everything else, as JSON text.
    pub body: String,
    /// The hash of the fact before it.
    pub previous_hash: String,
    /// Its own hash.
    pub hash: String,
}

/// The newest fact: publish it, and nobody can change the journal before it without being seen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FactHead {
    /// Its number.
    pub seq: i64,
    /// Its hash.
    pub hash: String,
}

impl Ctx {
    /// Appends a fact to the journal, in the transaction of this command.
    pub async fn record(&mut self, fact: Fact) -> Result<FactId, Refusal> {
        let head = self
            .row(sql::FACT_HEAD, args![])
            .await?
            .as_ref()
            .map(FactHead::from_row)
            .transpose()?;
        let id = FactId::next(self.ids());
        let id_text = id.to_string();
        let evidence = serde_json::to_value(&fact.evidence)
            .map_err(|error| Refusal::broken("store.bad_json", &error))?;
        let (evidence, body) = (canonical_json(&evidence), canonical_json(&fact.body));
        let Actor { id: actor, role } = self.actor().clone();
        let place_code = fact.place.map(crate::value::place_number);
        let columns = Columns {
            seq: head.as_ref().map_or(1, |head| head.seq + 1),
            id: &id_text,
            kind: fact.kind,
            recorded_at: self.now().as_microsecond(),
            actor: &actor,
            actor_role: role.as_str(),
            place_code,
            amount_fen: fact.amount.map(Money::fen),
            evidence: &evidence,
            body: &body,
            previous_hash: head.as_ref().map_or(FIRST, |head| &head.hash),
        };
        let hash = columns.hash();
        let args = args![
            columns.seq,
            columns.id,
            columns.kind,
            columns.recorded_at,
            columns.actor,
            columns.actor_role,
            columns.place_code,
            columns.amount_fen,
            columns.evidence,
            columns.body,
            columns.previous_hash,
            hash,
        ];
        self.execute_one(sql::FACT_INSERT, args).await?;
        Ok(id)
    }
}

impl Store {
    /// The facts after a number, in the order of the journal, at most `limit` of them.
    pub async fn facts_page(&self, after_seq: i64, limit: i64) -> Result<Vec<RecordedFact>, Refusal> {
        self.read().await?.facts_page(after_seq, limit).await
    }

    /// The newest fact.
    pub async fn facts_head(&self) -> Result<Option<FactHead>, Refusal> {
        self.read().await?.facts_head().await
    }

    /// Walks the whole journal, a page at a time, and checks every hash and every link.
    pub async fn verify_facts(&self) -> Result<FactsReport, Refusal> {
        self.read().await?.verify_facts(|_| {}).await
    }
}

impl Reader {
    /// The facts after a number, in the order of the journal, at most `limit` of them.
    pub async fn facts_page(&mut self, after_seq: i64, limit: i64) -> Result<Vec<RecordedFact>, Refusal> {
        let rows = self.rows(sql::FACTS_AFTER, args![after_seq, limit]).await?;
        rows.iter().map(RecordedFact::from_row).collect()
    }

    /// One fact.
    pub async fn fact(&mut self, id: &str) -> Result<Option<RecordedFact>, Refusal> {
        let row = self.row(sql::FACT, args![id]).await?;
        row.as_ref().map(RecordedFact::from_row).transpose()
    }

    /// The facts of a kind after a number, in the order of the journal, at most `limit` of them.
    pub async fn facts_of_kind_page(
        &mut self,
        kind: &str,
        after_seq: i64,
        limit: i64,
    ) -> Result<Vec<RecordedFact>, Refusal> {
        let rows = self
            .rows(sql::FACTS_OF_KIND_AFTER, args![kind, after_seq, limit])
            .await?;
        rows.iter().map(RecordedFact::from_row).collect()
    }

    /// The newest fact.
    pub async fn facts_head(&mut self) -> Result<Option<FactHead>, Refusal> {
        let row = self.row(sql::FACT_HEAD, args![]).await?;
        row.as_ref().map(FactHead::from_row).transpose()
    }

    /// Walks the whole journal and shows each fact to `visit` on the way.
    pub(crate) async fn verify_facts(
        &mut self,
        mut visit: impl FnMut(&RecordedFact) + Send,
    ) -> Result<FactsReport, Refusal> {
        let mut walk = Walk::new();
        let mut after = i64::MIN;
        loop {
            let page = self.facts_page(after, PAGE).await?;
            let Some(last) = page.last() else { break };
            after = last.seq;
            for fact in &page {
                visit(fact);
                walk.step(fact);
            }
        }
        Ok(walk.end(self.facts_head().await?.as_ref()))
    }
}

impl FactHead {
    fn from_row(row: &Row) -> Result<Self, Refusal> {
        Ok(Self {
            seq: row.int("seq")?,
            hash: row.text("hash")?,
        })
    }
}

impl RecordedFact {
    fn from_row(row: &Row) -> Result<Self, Refusal> {
        Ok(Self {
            seq: row.int("seq")?,
            id: row.text("id")?,
            kind: row.text("kind")?,
            recorded_at: row.instant("recorded_at")?,
            actor: row.text("actor")?,
            actor_role: row.text("actor_role")?,
            place_code: row.opt_int("place_code")?,
            amount_fen: row.opt_int("amount_fen")?,
            evidence: row.text("evidence")?,
            body: row.text("body")?,
            previous_hash: row.text("previous_hash")?,
            hash: row.text("hash")?,
        })
    }

    /// Where it happened.
    pub fn place(&self) -> Result<Option<PlaceCode>, Refusal> {
        self.place_code.map(PlaceCode::try_from).transpose()
    }

    /// How much money it was about.
    pub fn amount(&self) -> Option<Money> {
        self.amount_fen.map(Money::from_fen)
    }

    /// In which role the command was given.
    pub fn role(&self) -> Result<Role, Refusal> {
        self.actor_role.parse()
    }

    /// What proves it.
    pub fn evidence(&self) -> Result<Vec<Evidence>, Refusal> {
        serde_json::from_str(&self.evidence).map_err(|error| bad_stored_json("facts.evidence", &error))
    }

    /// Everything else.
    pub fn body(&self) -> Result<Value, Refusal> {
        serde_json::from_str(&self.body).map_err(|error| bad_stored_json("facts.body", &error))
    }

    pub(crate) fn columns(&self) -> Columns<'_> {
        Columns {
            seq: self.seq,
            id: &self.id,
            kind: &self.kind,
            recorded_at: self.recorded_at.as_microsecond(),
            actor: &self.actor,
            actor_role: &self.actor_role,
            place_code: self.place_code,
            amount_fen: self.amount_fen,
            evidence: &self.evidence,
            body: &self.body,
            previous_hash: &self.previous_hash,
        }
    }
}
