//! A run over everyone: who is written down twice, by the engine of linkage fitted on the register itself.
//!
//! For registers that were there before, and for slips that hide someone from the marks. Memory is that of the engine: each
//! record in a few dozen bytes, each distinct value once; pairs are never listed but those that are kept.

use futures::FutureExt as _;
use kernel::{Actor, Refusal};
use linkage::{Likeness, Loader, Plan, Settings, link};
use serde::Serialize;
use store::args;

use crate::acts::Whose;
use crate::desk::Registry;
use crate::likeness::{Described, keep, ordered};
use crate::model::PersonId;
use crate::repo as sql;

/// The columns that the engine's settings for Chinese registers know.
const HEADS: [(&str, &str); 6] = [
    ("编号", "id"),
    ("姓名", "name"),
    ("性别", "sex"),
    ("出生日期", "born_on"),
    ("身份证号", "resident_id"),
    ("电话", "phone"),
];
/// Persons read at once.
const PAGE: i64 = 2_000;
/// Pairs of one command.
const PAIRS: usize = 500;

/// What a run found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Repeats {
    /// Persons that were held against one another.
    pub persons: usize,
    /// Pairs that are alike; known ones among them.
    pub pairs: usize,
}

impl Registry {
    /// Holds everyone against everyone who has something in common with them, and keeps each pair that is alike.
    ///
    /// # Errors
    /// What the engine and the store give.
    pub async fn find_repeats(&self, actor: Actor) -> Result<Repeats, Refusal> {
        let heads = HEADS.map(|(head, _)| head.to_owned()).to_vec();
        let plan = Plan::of(&Settings::for_heads(&heads)?, &[heads])?;
        let mut loader = Loader::new(&plan);
        let (mut last, mut persons) = (String::new(), 0);
        let mut reader = self.store.read().await?;
        loop {
            let page = reader.rows(sql::PERSONS_AFTER, args![&last, PAGE]).await?;
            let Some(row) = page.last() else { break };
            last = row.text("id")?;
            persons += page.len();
            for row in &page {
                let person: PersonId = sql::parsed(&row.text("id")?, "id")?;
                let who = Described::of(self.desk.personal_of(person, row)?, &sql::person_facts(row)?);
                let id = person.to_string();
                let value = |place: usize| match HEADS.get(place) {
                    Some((_, "id")) => id.as_str(),
                    Some((_, field)) => who.value(field),
                    None => "",
                };
                loader.push(0, value)?;
            }
        }
        drop(reader);
        let table = loader.finish()?;
        let links = link(&table, &plan);
        for pairs in links.pairs.chunks(PAIRS) {
            let mut found = Vec::with_capacity(pairs.len());
            for pair in pairs {
                let (one, other) = table.ids_of(pair.left, pair.right);
                let two = ordered(sql::parsed(one, "id")?, sql::parsed(other, "id")?);
                found.push((two, links.likeness(&table, &plan, pair)));
            }
            self.keep_all(actor.clone(), found).await?;
        }
        Ok(Repeats {
            persons,
            pairs: links.pairs.len(),
        })
    }

    async fn keep_all(
        &self,
        actor: Actor,
        found: Vec<((PersonId, PersonId), Likeness)>,
    ) -> Result<(), Refusal> {
        let kept = self.store.write(actor, move |ctx| {
            async move {
                for (pair, likeness) in &found {
                    let village = sql::place_of(ctx, Whose::Person(pair.0)).await?;
                    keep(ctx, *pair, village, likeness).await?;
                }
                Ok(())
            }
            .boxed()
        });
        kept.await
    }
}
