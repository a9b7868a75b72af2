//! Providers and people, read from a snapshot.

use jiff::Timestamp;
use kernel::{Fault, Refusal};
use people::staff::{UserId, user_by_id};
use store::{Keyring, Row, args};

use crate::desk::Oidc;
use crate::model::{Identity, IdentityState, Person, Provider, ProviderId};
use crate::repo as sql;
use crate::requests::no_such;
use crate::rules::masked;

/// A provider with what is not shown of it.
pub(crate) struct Kept {
    pub provider: Provider,
    pub sealed_secret: String,
}

impl Oidc {
    /// The providers, the oldest first.
    ///
    /// # Errors
    /// What the store gives.
    pub async fn providers(&self) -> Result<Vec<Provider>, Refusal> {
        let kept = self.all().await?;
        Ok(kept.into_iter().map(|kept| kept.provider).collect())
    }

    /// One provider by name.
    ///
    /// # Errors
    /// `oidc.no_such_provider`; what the store gives.
    pub async fn provider(&self, name: &str) -> Result<Provider, Refusal> {
        let kept = self.kept(name).await?;
        Ok(kept.ok_or_else(|| no_such(name))?.provider)
    }

    async fn all(&self) -> Result<Vec<Kept>, Refusal> {
        let mut reader = self.store.read().await?;
        let rows = reader.rows(sql::PROVIDERS, args![self.now()]).await?;
        rows.iter().map(kept).collect()
    }

    pub(crate) async fn kept(&self, name: &str) -> Result<Option<Kept>, Refusal> {
        let all = self.all().await?;
        Ok(all.into_iter().find(|kept| kept.provider.name == name))
    }

    /// How a user is known at providers, the oldest invitation first.
    ///
    /// # Errors
    /// What the store gives; `store.secret_unreadable`.
    pub async fn identities_of(&self, user: UserId) -> Result<Vec<Identity>, Refusal> {
        let mut reader = self.store.read().await?;
        let rows = reader
            .rows(sql::IDENTITIES_OF_USER, args![user.as_uuid()])
            .await?;
        let now = self.now();
        rows.iter().map(|row| identity(row, &self.keyring, now)).collect()
    }

    /// Who is known at a provider, the oldest invitation first.
    ///
    /// # Errors
    /// What the store gives; `store.secret_unreadable`.
    pub async fn people_at(&self, provider: ProviderId) -> Result<Vec<Person>, Refusal> {
        let mut reader = self.store.read().await?;
        let rows = reader
            .rows(sql::IDENTITIES_AT_PROVIDER, args![provider.as_uuid()])
            .await?;
        let (now, mut people) = (self.now(), Vec::with_capacity(rows.len()));
        for row in &rows {
            let identity = identity(row, &self.keyring, now)?;
            let user = user_by_id(&mut reader, identity.user).await?;
            people.push(Person {
                display_name: user.map(|user| user.display_name).unwrap_or_default(),
                identity,
            });
        }
        Ok(people)
    }
}

fn kept(row: &Row) -> Result<Kept, Refusal> {
    Ok(Kept {
        provider: Provider {
            id: row.text("id")?.parse()?,
            name: row.text("name")?,
            title: row.text("title")?,
            issuer: row.text("issuer")?,
            client_id: row.text("client_id")?,
            scope: row.text("scope")?,
            claim: row.text("claim")?,
            added_at: row.instant("added_at")?,
            linked: row.int("linked")?,
            invited: row.int("invited")?,
        },
        sealed_secret: row.text("sealed_secret")?,
    })
}

fn identity(row: &Row, keyring: &Keyring, now: Timestamp) -> Result<Identity, Refusal> {
    let provider: ProviderId = row.text("provider_id")?.parse()?;
    let claim = keyring.open(&row.text("sealed_claim")?, &provider.to_string())?;
    let claim = String::from_utf8(claim);
    let claim = claim.map_err(|_| Refusal::new("store.secret_unreadable", Fault::Broken))?;
    let linked_at = opt_instant(row, "linked_at")?;
    let expires_at = row.instant("expires_at")?;
    let state = match linked_at {
        Some(_) => IdentityState::Linked,
        None if expires_at <= now => IdentityState::Expired,
        None => IdentityState::Invited,
    };
    Ok(Identity {
        id: row.text("id")?.parse()?,
        user: row.text("user_id")?.parse()?,
        provider,
        provider_title: row.text("title")?,
        masked: masked(&claim),
        state,
        invited_at: row.instant("invited_at")?,
        expires_at,
        linked_at,
    })
}

/// The instant in a column, or nothing where it is NULL.
pub(crate) fn opt_instant(row: &Row, column: &str) -> Result<Option<Timestamp>, Refusal> {
    match row.opt_int(column)? {
        None => Ok(None),
        Some(_) => row.instant(column).map(Some),
    }
}
