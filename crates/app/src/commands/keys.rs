//! `fishpond keys`: the key of the data folder is changed, and everything that lies under the old one sealed again.
//!
//! Whoever can give these commands can read the keys, so no right of a user is asked for, as for a backup.

use std::process::ExitCode;
use std::sync::Arc;

use kernel::{Actor, Refusal, SecretSource, SystemSecrets};
use serde_json::{Map, Value, json};
use store::{Keyring, SealedColumn};

use crate::cli::Keys;
use crate::terminal::{either, say, say_json};
use crate::world::World;

/// Every column that is sealed under the key of the data folder.
fn sealed_columns() -> impl Iterator<Item = SealedColumn> {
    let registry = registry::SEALED.into_iter().chain(finance::payments::SEALED);
    let others = webhooks::SEALED.into_iter().chain(oidc::SEALED);
    registry.chain(others).chain(exchange::SEALED)
}

/// Runs it.
///
/// # Errors
/// `store.key_unreadable`, `store.secret_unreadable`; what the store gives.
pub async fn run(world: &World, command: &Keys) -> Result<ExitCode, Refusal> {
    match command {
        Keys::New => {
            Keyring::open_or_make(&world.data, &SystemSecrets)?;
            Keyring::add_key(&world.data, &SystemSecrets)?;
            let (zh, en) = (
                "已加入新密钥。请重启服务，再运行 fishpond keys finish。",
                "A new key is there. Start the server again, then give fishpond keys finish.",
            );
            if world.json {
                say_json(&json!({ "added": true }))?;
            } else {
                say(either(world.lang, zh, en));
            }
        }
        Keys::Finish => finish(world).await?,
    }
    Ok(ExitCode::SUCCESS)
}

async fn finish(world: &World) -> Result<(), Refusal> {
    let keyring = Keyring::open_or_make(&world.data, &SystemSecrets)?;
    let secrets: Arc<dyn SecretSource> = Arc::new(SystemSecrets);
    let mut sealed = Map::new();
    for column in sealed_columns() {
        let rows = world
            .store
            .reseal(Actor::system(), &keyring, &secrets, column)
            .await?;
        sealed.insert(column.name.to_owned(), Value::from(rows));
    }
    let forgotten = Keyring::drop_old_keys(&world.data)?;
    if world.json {
        return say_json(&json!({ "sealed_again": sealed, "forgotten": forgotten }));
    }
    for (column, rows) in &sealed {
        say(format!("{rows:>9}  {column}"));
    }
    let words = either(world.lang, "把旧密钥已清除", "old keys forgotten");
    say(format!("{forgotten:>9}  {words}"));
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// What lies under the key of a person, which is itself sealed and stays as it is.
    const OF_A_PERSON: [&str; 2] = ["registry_statements.sealed", "registry_persons.sealed"];

    #[test]
    fn every_sealed_column_of_the_tables_is_sealed_again_or_lies_under_a_key_that_is() {
        let mut found = BTreeSet::new();
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../migrations/sqlite");
        for file in std::fs::read_dir(folder).unwrap() {
            let text = std::fs::read_to_string(file.unwrap().path()).unwrap();
            let mut table = "";
            for line in text.lines().map(str::trim) {
                if let Some(name) = line.strip_prefix("CREATE TABLE ") {
                    table = name.trim_start_matches("IF NOT EXISTS ").trim_end_matches(" (");
                }
                let column = line.split(' ').next().unwrap_or_default();
                let is_sealed = ["wrapped", "refused"].contains(&column)
                    || column.split('_').any(|part| part == "sealed");
                // Journal tables that are sealed for figures name the hour and the hand, and hide nothing.
                if is_sealed && !column.ends_with("_at") && !column.ends_with("_by") {
                    found.insert(format!("{table}.{column}"));
                }
            }
        }
        let known = sealed_columns().map(|column| column.name.to_owned());
        let known: BTreeSet<String> = known.chain(OF_A_PERSON.map(str::to_owned)).collect();
        assert_eq!(found, known);
    }
}
