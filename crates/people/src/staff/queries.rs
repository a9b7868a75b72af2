//! Users with their grants, read from a snapshot.

use std::collections::BTreeMap;

use jiff::Timestamp;
use kernel::{PlaceCode, Refusal};
use store::{Ctx, Reader, Row, args};

use super::model::{Grant, Login, User, UserId};
use super::repo::people as sql;

/// Every user by login, those shut out too.
pub async fn users(reader: &mut Reader) -> Result<Vec<User>, Refusal> {
    let mut grants: BTreeMap<UserId, Vec<Grant>> = BTreeMap::new();
    for row in reader.rows(sql::GRANTS, args![]).await? {
        let user = row.text("user_id")?.parse()?;
        grants.entry(user).or_default().push(grant_from(&row)?);
    }
    let rows = reader.rows(sql::USERS, args![]).await?;
    let with_grants = |row: &Row| {
        let mut user = user_from(row)?;
        user.grants = grants.remove(&user.id).unwrap_or_default();
        Ok(user)
    };
    rows.iter().map(with_grants).collect()
}

/// One user by id.
pub async fn user_by_id(reader: &mut Reader, id: UserId) -> Result<Option<User>, Refusal> {
    let row = reader.row(sql::USER_BY_ID, args![id.as_uuid()]).await?;
    with_grants(reader, row).await
}

/// One user by login, in whatever case it is written.
pub async fn user_by_login(reader: &mut Reader, login: &Login) -> Result<Option<User>, Refusal> {
    let row = reader.row(sql::USER_BY_LOGIN, args![login.folded()]).await?;
    with_grants(reader, row).await
}

async fn with_grants(reader: &mut Reader, row: Option<Row>) -> Result<Option<User>, Refusal> {
    let Some(row) = row else { return Ok(None) };
    let mut user = user_from(&row)?;
    let rows = reader.rows(sql::GRANTS_OF_USER, args![user.id.as_uuid()]).await?;
    user.grants = rows.iter().map(grant_from).collect::<Result<_, _>>()?;
    Ok(Some(user))
}

/// One user by id inside a command, without the grants.
pub(super) async fn by_id_in(ctx: &mut Ctx, id: UserId) -> Result<Option<User>, Refusal> {
    let row = ctx.row(sql::USER_BY_ID, args![id.as_uuid()]).await?;
    row.as_ref().map(user_from).transpose()
}

/// One user by login inside a command, without the grants.
pub(super) async fn by_login_in(ctx: &mut Ctx, login: &Login) -> Result<Option<User>, Refusal> {
    let row = ctx.row(sql::USER_BY_LOGIN, args![login.folded()]).await?;
    row.as_ref().map(user_from).transpose()
}

fn user_from(row: &Row) -> Result<User, Refusal> {
    Ok(User {
        id: row.text("id")?.parse()?,
        login: row.text("login")?.parse()?,
        display_name: row.text("display_name")?,
        added_at: row.instant("added_at")?,
        disabled_at: opt_instant(row, "disabled_at")?,
        organisation_only_since: opt_instant(row, "organisation_only_since")?,
        grants: Vec::new(),
    })
}

fn grant_from(row: &Row) -> Result<Grant, Refusal> {
    let place = row.opt_int("place_code")?;
    Ok(Grant {
        id: row.text("id")?.parse()?,
        role: row.text("role")?.parse()?,
        place: place.map(PlaceCode::try_from).transpose()?,
        granted_at: row.instant("granted_at")?,
        granted_by: row.text("granted_by")?,
    })
}

/// The instant in a column, or nothing where it is NULL.
pub(super) fn opt_instant(row: &Row, column: &str) -> Result<Option<Timestamp>, Refusal> {
    match row.opt_int(column)? {
        None => Ok(None),
        Some(_) => row.instant(column).map(Some),
    }
}
