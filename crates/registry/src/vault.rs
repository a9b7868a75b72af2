//! What names a person: sealed under a key of that person alone, found again by keyed marks.
//!
//! The person's key is itself sealed under the key of the data folder. Who is to be forgotten loses their key and their marks:
//! what was sealed stays in the statements and opens no more, and the statements stay whole.

use std::collections::BTreeSet;

use jiff::civil::Date;
use kernel::{Fault, Refusal};
use pinyin::ToPinyin as _;
use store::{Ctx, Keyring, Row, SealedColumn, args};

use crate::desk::Desk;
use crate::model::{PersonId, Personal, PersonalField};
use crate::repo as sql;
use crate::submissions;

/// What of the registry is sealed under the key of the data folder. What names a person lies under the key of that person.
pub const SEALED: [SealedColumn; 4] = [
    SealedColumn {
        name: "registry_keys.wrapped",
        page: sql::SEALED_KEYS,
        put: sql::PUT_KEYS,
        owner: owner_of,
    },
    SealedColumn {
        name: "registry_submissions.sealed",
        page: sql::SEALED_SUBMISSIONS,
        put: sql::PUT_SUBMISSIONS,
        owner: submissions::owner,
    },
    SealedColumn {
        name: "registry_submissions.refused",
        page: sql::SEALED_REFUSALS,
        put: sql::PUT_REFUSALS,
        owner: submissions::reasons_of,
    },
    SealedColumn {
        name: "registry_submission_files.wrapped",
        page: sql::SEALED_FILES,
        put: sql::PUT_FILES,
        owner: submissions::file_key_of,
    },
];

impl Desk {
    /// The key of a person who has one, from the column it is kept in.
    pub(crate) fn unwrap(&self, person: PersonId, wrapped: &str) -> Result<Keyring, Refusal> {
        let seed = self.keyring.open(wrapped, &owner(person))?;
        let seed =
            <[u8; 32]>::try_from(seed).map_err(|_| Refusal::new("store.secret_unreadable", Fault::Broken))?;
        Keyring::from_seed(&seed)
    }

    /// The key of a person; a new person gets a new one.
    async fn key_of(&self, ctx: &mut Ctx, person: PersonId) -> Result<Keyring, Refusal> {
        if let Some(row) = ctx.row(sql::KEY, args![person.as_uuid()]).await? {
            return self.unwrap(person, &row.text("wrapped")?);
        }
        let mut seed = [0_u8; 32];
        self.secrets.fill(&mut seed)?;
        let wrapped = self.keyring.seal(&seed, &owner(person), self.secrets.as_ref())?;
        ctx.execute_one(sql::INSERT_KEY, args![person.as_uuid(), wrapped])
            .await?;
        Keyring::from_seed(&seed)
    }

    /// Seals what a statement says of who someone is; none where it says nothing.
    pub(crate) async fn seal_said(
        &self,
        ctx: &mut Ctx,
        person: PersonId,
        personal: &Personal,
        of: &str,
    ) -> Result<Option<String>, Refusal> {
        if personal.said().next().is_none() {
            return Ok(None);
        }
        let json = serde_json::to_vec(personal).map_err(|error| Refusal::broken("store.bad_json", &error))?;
        let key = self.key_of(ctx, person).await?;
        key.seal(&json, of, self.secrets.as_ref()).map(Some)
    }

    /// Opens what was sealed for an act or for the row of a person.
    pub(crate) fn open_said(key: &Keyring, sealed: &str, of: &str) -> Result<Personal, Refusal> {
        let json = key.open(sealed, of)?;
        serde_json::from_slice(&json).map_err(|error| Refusal::broken("store.secret_unreadable", &error))
    }

    /// Who a person is, from their row with its key; nothing where they were erased.
    pub(crate) fn personal_of(&self, person: PersonId, row: &Row) -> Result<Personal, Refusal> {
        match (row.opt_text("wrapped")?, row.opt_text("sealed")?) {
            (Some(wrapped), Some(sealed)) => {
                let key = self.unwrap(person, &wrapped)?;
                Self::open_said(&key, &sealed, &row_of(person))
            }
            _ => Ok(Personal::default()),
        }
    }

    /// Keeps the marks of a person: these, and no others.
    pub(crate) async fn keep_marks(
        &self,
        ctx: &mut Ctx,
        person: PersonId,
        marks: &BTreeSet<i64>,
    ) -> Result<(), Refusal> {
        ctx.execute(sql::CLEAR_MARKS, args![person.as_uuid()]).await?;
        for mark in marks {
            ctx.execute_one(sql::INSERT_MARK, args![*mark, person.as_uuid()])
                .await?;
        }
        Ok(())
    }

    /// By what a person is looked for, and by what whoever may be the same is found.
    pub(crate) fn marks_of(&self, personal: &Personal, birth_on: Option<Date>) -> BTreeSet<i64> {
        let mut marks = BTreeSet::new();
        for (field, value) in personal.said() {
            match field {
                PersonalField::Name => marks.extend(beginnings(value).iter().map(|text| self.sought(text))),
                PersonalField::ResidentId | PersonalField::Phone | PersonalField::BankAccount => {
                    marks.insert(self.number_mark(field, value));
                }
            }
        }
        marks.extend(self.likeness_marks(personal, birth_on));
        marks
    }

    /// What records of one person have in common where one of them was written with a slip: the sound of the name, with the year
    /// of birth or with its month and day.
    pub(crate) fn likeness_marks(&self, personal: &Personal, birth_on: Option<Date>) -> Vec<i64> {
        let birth_on = birth_on.or_else(|| Some(personal.number()?.birth_on()));
        let (Some(name), Some(birth)) = (&personal.name, birth_on) else {
            return Vec::new();
        };
        let (sound, day) = (sound(name), birth.strftime("%m-%d"));
        let keys = [format!("{sound} {}", birth.year()), format!("{sound} {day}")];
        let mark = |key: &String| shortened(&self.keyring.mark("alike", key));
        keys.iter().map(mark).collect()
    }

    /// The mark of a number of a person.
    pub(crate) fn number_mark(&self, field: PersonalField, value: &str) -> i64 {
        number_mark(&self.keyring, field, value)
    }

    /// The mark of a name, its beginning or its sound, as someone looks for it.
    pub(crate) fn sought(&self, text: &str) -> i64 {
        shortened(&self.keyring.mark("sought", text))
    }
}

/// The mark under a key of a number of a person.
pub(crate) fn number_mark(keyring: &Keyring, field: PersonalField, value: &str) -> i64 {
    shortened(&keyring.mark(field.as_str(), value))
}

/// For what the row of a person is sealed.
pub(crate) fn row_of(person: PersonId) -> String {
    format!("person:{person}")
}

fn owner(person: PersonId) -> String {
    owner_of(&person.to_string())
}

fn owner_of(person: &str) -> String {
    format!("person-key:{person}")
}

/// A mark of 64 bits; what is found by it is opened and compared where it matters.
fn shortened(mark: &str) -> i64 {
    i64::from_be_bytes(head(mark))
}

/// The first bytes of a mark.
pub(crate) fn head<const BYTES: usize>(mark: &str) -> [u8; BYTES]
where
    [u8; BYTES]: Default,
{
    let bytes = hex::decode(mark).unwrap_or_default();
    bytes.first_chunk().copied().unwrap_or_default()
}

/// A name as it sounds, without tones; its letters where it is not Chinese.
fn sound(name: &str) -> String {
    let mut sound = String::new();
    for character in name.chars().filter(|character| character.is_alphanumeric()) {
        match character.to_pinyin() {
            Some(heard) => sound.push_str(heard.plain()),
            None => sound.extend(character.to_lowercase()),
        }
    }
    sound
}

/// The beginnings of a name, of its sound and of the first letters of its sound: 张伟 is found by 张, 张伟, `zhang`, `zhangwei`
/// and `zw`. A name without Chinese characters is found by its words and by all of them.
pub(crate) fn beginnings(name: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let (mut written, mut sound, mut letters) = (String::new(), String::new(), String::new());
    let is_han = name.chars().any(|character| character.to_pinyin().is_some());
    for character in name.chars().filter(|character| character.is_alphanumeric()) {
        written.extend(character.to_lowercase());
        if let Some(heard) = character.to_pinyin() {
            sound.push_str(heard.plain());
            letters.extend(heard.plain().chars().next());
            found.extend([written.clone(), sound.clone()]);
        }
    }
    if is_han {
        found.insert(letters);
    } else {
        let words = name.split(|character: char| !character.is_alphanumeric());
        found.extend(words.map(str::to_lowercase));
    }
    found.insert(written);
    found.remove("");
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_found_by_its_beginnings_its_sound_and_its_letters() {
        let found = |name| beginnings(name).into_iter().collect::<Vec<_>>().join(" ");
        assert_eq!(found("张伟"), "zhang zhangwei zw 张 张伟");
        assert_eq!(found("Aziz Tursun"), "aziz aziztursun tursun");
        assert_eq!(found("阿依古丽·买买提").split(' ').count(), 15);
        assert_eq!(found("·"), "");
    }
}
