//! Did the division of a resident's number stand when the number was given out?

use kernel::{Fault, Refusal, ResidentId};

use super::Places;

/// Numbers were first given out in 1984 (居民身份证试行条例, 1984-04-06): whoever was born before got a code that stood
/// then or later.
const FIRST_YEAR: i16 = 1984;
/// Taiwan, Hong Kong and Macao in the permits of residence (居住证) of 2018, whose numbers have the form of GB 11643.
const PERMITS: [u64; 3] = [810_000, 820_000, 830_000];

impl Places {
    /// Holds the division of a number against the history of codes (1981 to 2024): it has to have stood in the year of
    /// birth, or in 1984 for who was born before.
    ///
    /// Refused with `places.id_division_unknown` (it never stood), `places.id_division_not_yet` (it came only later) and
    /// `places.id_division_withdrawn` (it had ended). A person moved to a new code as a child, or registered late, has a
    /// right number that is refused here: this is the strict reading, a reason to look and not the last word.
    pub fn require_division_at_birth(&self, id: &ResidentId) -> Result<(), Refusal> {
        let code = id.division();
        if PERMITS.contains(&code.as_u64()) {
            return Ok(());
        }
        let year = id.birth_on().year().max(FIRST_YEAR);
        let refused = |reason| {
            let refusal = Refusal::new(reason, Fault::Refused).value(id);
            refusal.fact("division", code).fact("year", year)
        };
        let Some(first) = self.history.of_code(code).next() else {
            return Err(refused("places.id_division_unknown"));
        };
        if self.history.of_code(code).any(|record| record.stands_in(year)) {
            return Ok(());
        }
        Err(refused(if year < first.start_year {
            "places.id_division_not_yet"
        } else {
            "places.id_division_withdrawn"
        }))
    }
}
