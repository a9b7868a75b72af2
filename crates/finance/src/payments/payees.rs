//! No money goes to someone who may be written down twice until somebody has decided who they are.

use kernel::Refusal;
use store::{Ctx, Keyring, args};

use super::model::{BatchId, LineId};
use super::repo as sql;
use super::rules::{account_owner, refused, unseal};

/// Refuses a batch with a payment to the account of a person of whom a pair waits in the registry. Payments that are handed out
/// name no account; whoever hands one out has the person before them.
///
/// # Errors
/// `payments.payee_in_question`, naming the payment and the person.
pub(super) async fn require_known(keyring: &Keyring, ctx: &mut Ctx, batch: BatchId) -> Result<(), Refusal> {
    for line in ctx.rows(sql::LINES, args![batch.as_uuid()]).await? {
        let Some(sealed) = line.opt_text("account_sealed")? else {
            continue;
        };
        let id: LineId = line.text("id")?.parse()?;
        let account = unseal(keyring, &sealed, &account_owner(id))?;
        if let Some(person) = registry::in_question(ctx, keyring, &account).await? {
            return Err(refused("payments.payee_in_question", &line.text("key")?).fact("person", person));
        }
    }
    Ok(())
}
