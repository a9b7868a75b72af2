//! Many callers, few statements: acts that wait at the same time are judged on one sheet and written together.
//!
//! The store already commits many commands with one flush of the disk. A command still costs its own statements, so
//! single posts of many callers are gathered here into one command: one look at the accounts, one fact an actor, a few
//! inserts of many rows. Each caller is answered after the commit, by its own outcome: one that is refused takes
//! nothing of the others with it.
//!
//! While a group is being committed the next one gathers. As the callers of a group are answered together, they come
//! back together; so the next group waits for as many as the last one had, at most a tenth of what a commit took.
//! Without that, every second group would carry one act and a flush.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use kernel::{Actor, Done, Fault, Refusal};
use store::Store;
use tokio::sync::{mpsc, oneshot};
use tokio::time::timeout_at;

use crate::commands::{self, COMMAND_LEGS_MAX, take_of_many};
use crate::model::{Act, EntryNo, Made, NewEntry};

/// How many acts may wait; one more waits at its sender.
const QUEUE: usize = 4_096;
/// How many acts one group carries at most.
const GROUP: usize = 1_024;
/// The longest that a group waits for callers who were answered just now.
const GATHER_MAX: Duration = Duration::from_millis(2);

/// The books, for callers that do one act at a time.
///
/// An act follows the rules in this order; the first that is broken is answered:
#[doc = include_str!("ladder.md")]
#[derive(Clone)]
pub struct Books {
    queue: Arc<mpsc::Sender<Waiting>>,
}

struct Waiting {
    actor: Actor,
    act: Act,
    answer: oneshot::Sender<Result<Done<Made>, Refusal>>,
}

impl Books {
    /// The books of a store. Needs a Tokio runtime; its task ends with the last clone.
    #[must_use]
    pub fn new(store: Store) -> Self {
        let (sender, queue) = mpsc::channel(QUEUE);
        tokio::spawn(gather(store, queue));
        Self {
            queue: Arc::new(sender),
        }
    }

    /// Takes one act and answers after it is safely committed.
    ///
    /// # Errors
    /// The rules above; what the store gives.
    pub async fn take(&self, actor: Actor, act: Act) -> Result<Done<Made>, Refusal> {
        let closed = || Refusal::new("store.closed", Fault::Broken);
        let (answer, told) = oneshot::channel();
        let waiting = Waiting { actor, act, answer };
        self.queue.send(waiting).await.map_err(|_| closed())?;
        told.await.unwrap_or_else(|_| Err(closed()))
    }

    /// Posts an entry and answers after it is safely committed.
    ///
    /// # Errors
    /// As [`Books::take`].
    pub async fn post(&self, actor: Actor, new: NewEntry) -> Result<Done<EntryNo>, Refusal> {
        commands::entry(self.take(actor, Act::Post(new)).await?)
    }
}

async fn gather(store: Store, mut queue: mpsc::Receiver<Waiting>) {
    let mut group = Vec::with_capacity(GROUP);
    let (mut expected, mut took) = (1, Duration::ZERO);
    while queue.recv_many(&mut group, GROUP).await > 0 {
        let until = tokio::time::Instant::now() + (took / 10).min(GATHER_MAX);
        while group.len() < expected {
            let left = GROUP - group.len();
            match timeout_at(until, queue.recv_many(&mut group, left)).await {
                Ok(more) if more > 0 => {}
                _ => break,
            }
        }
        expected = group.len();
        let begun = Instant::now();
        while !group.is_empty() {
            let part = one_command(&group);
            carry_out(&store, by_actor(group.drain(..part))).await;
        }
        took = begun.elapsed();
    }
}

/// How many of the waiting acts, from the first, go into one command. At least one: a single act that is too large is refused
/// by itself.
fn one_command(group: &[Waiting]) -> usize {
    let mut legs = 0;
    let fitting = group.iter().take_while(|waiting| {
        legs += waiting.act.legs().len();
        legs <= COMMAND_LEGS_MAX
    });
    fitting.count().max(1)
}

/// The waiting acts of each actor, in their order.
fn by_actor(group: impl Iterator<Item = Waiting>) -> Vec<(Actor, Vec<Waiting>)> {
    let mut places: HashMap<Actor, usize> = HashMap::new();
    let mut actors: Vec<(Actor, Vec<Waiting>)> = Vec::new();
    for waiting in group {
        let place = *places.entry(waiting.actor.clone()).or_insert(actors.len());
        match actors.get_mut(place) {
            Some((_, acts)) => acts.push(waiting),
            None => actors.push((waiting.actor.clone(), vec![waiting])),
        }
    }
    actors
}

async fn carry_out(store: &Store, waiting: Vec<(Actor, Vec<Waiting>)>) {
    let (mut groups, mut answers) = (Vec::new(), Vec::new());
    for (actor, waiting) in waiting {
        let (acts, tell): (Vec<Act>, Vec<_>) = waiting.into_iter().map(|one| (one.act, one.answer)).unzip();
        groups.push((actor, acts));
        answers.push(tell);
    }
    // Each act is its actor's own; the command that carries them together is nobody's.
    let taken = store.write(Actor::system(), move |ctx| {
        Box::pin(async move { take_of_many(ctx, groups).await })
    });
    match taken.await {
        Ok(outcomes) => {
            for (answer, outcome) in answers.into_iter().flatten().zip(outcomes.into_iter().flatten()) {
                // The caller may have gone; its act is done all the same.
                drop(answer.send(outcome));
            }
        }
        Err(refusal) => {
            for answer in answers.into_iter().flatten() {
                drop(answer.send(Err(Refusal::clone(&refusal))));
            }
        }
    }
}
