//! The forms that are filled in on phones: an XLSForm as a table of text, so that a change of one can be read.

use forms::{Fault, Place, XForm};

use crate::Finding;
use crate::source::Source;

/// The forms that the program knows what to do with, by their ids.
const KNOWN: [&str; 1] = ["household"];

/// Compiles a form; what is wrong in it is named by sheet, row and column.
pub(crate) fn read(source: Source<'_>) -> Result<XForm, Vec<Finding>> {
    let form = forms::compile(source.file, source.text.as_bytes());
    let form = form.map_err(|faults| -> Vec<Finding> {
        faults.iter().map(|fault| finding(source.file, fault)).collect()
    })?;
    if KNOWN.contains(&form.id.as_str()) {
        Ok(form)
    } else {
        Err(vec![source.finding(0, "programme.unknown_form", form.id)])
    }
}

fn finding(file: &str, fault: &Fault) -> Finding {
    let place = match &fault.place {
        Place::File => file.to_owned(),
        place => format!("{file}:{place}"),
    };
    Finding::new(&place, 0, fault.refusal())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(text: &str) -> Vec<(String, &'static str)> {
        let file = "forms/household.md";
        let findings = read(Source { file, text }).unwrap_err();
        findings
            .into_iter()
            .map(|finding| (finding.file, finding.code))
            .collect()
    }

    #[test]
    fn a_form_is_one_that_something_is_done_with_and_its_faults_stand_at_their_cells() {
        let form = crate::Programme::built_in().unwrap().forms;
        assert_eq!(
            form.iter().map(|form| form.id.as_str()).collect::<Vec<_>>(),
            ["household"]
        );
        let other = "| survey |\n| | type | name | label |\n| | text | a | A |\n\
                     | settings |\n| | form_id |\n| | harvest |\n";
        assert_eq!(
            codes(other),
            [("forms/household.md".to_owned(), "programme.unknown_form")]
        );
        let faulty = codes("| survey |\n| | type | name | label |\n| | no_such_type | a | A |\n");
        assert!(
            faulty[0].0.starts_with("forms/household.md:survey:2"),
            "{faulty:?}"
        );
    }
}
