//! From sheets to a form: each row is held against the rules of XLSForm, and every broken rule is noted with its cell.

mod checks;
mod choices;
mod decimal;
mod parameters;
mod question;
mod range;
mod sections;
mod select;
mod settings;
mod survey;
mod table;

use crate::headers;
use crate::model::{Form, Lists};
use crate::names::is_name;
use crate::workbook::{SURVEY, Workbook};
use crate::{Fault, Place};
use table::Table;

/// Reads a form.
///
/// # Errors
/// Everything that is wrong with it.
pub(crate) fn form(mut book: Workbook, root: &str) -> Result<Form, Vec<Fault>> {
    let mut faults = Vec::new();
    let stem = std::mem::take(&mut book.stem);
    let file = settings::Names { stem: &stem, root };
    if !is_name(root) {
        faults.push(Fault::new("forms.bad_name").value(root));
    }
    let mut table = |name: &str, vocabulary, one_blank, faults: &mut Vec<Fault>| {
        book.take(name)
            .map(|sheet| Table::of(sheet, vocabulary, one_blank, faults))
    };
    let settings_table = table("settings", &headers::SETTINGS, false, &mut faults);
    let choices_table = table("choices", &headers::CHOICES, false, &mut faults);
    let external_table = table("external_choices", &headers::CHOICES, false, &mut faults);
    let osm_table = table("osm", &headers::CHOICES, false, &mut faults);
    if table("entities", &headers::CHOICES, false, &mut faults)
        .is_some_and(|table| table.lines().next().is_some())
    {
        faults.push(Fault::at("forms.not_supported", Place::Sheet("entities".to_owned())).value("entities"));
    }
    // What the survey sets itself is only known behind its rows, which are cleaned by a setting.
    let cleaned = settings::read(
        settings_table.as_ref(),
        settings::Said::new(),
        file,
        &mut Vec::new(),
    );
    let mut survey_table = |faults: &mut Vec<Fault>| {
        book.take(SURVEY)
            .map(|sheet| Table::of(sheet, &headers::SURVEY, cleaned.clean_text_values, faults))
    };
    let Some(survey_table) = survey_table(&mut faults) else {
        return Err(vec![Fault::new("forms.no_survey")]);
    };
    survey_table.require("type", &mut faults);

    let language = cleaned.default_language.as_str();
    let mut lists = |table: &Option<Table>, may_repeat: bool| match table {
        Some(table) => choices::read(table, language, may_repeat, &mut faults),
        None => Lists::default(),
    };
    let choices = lists(&choices_table, cleaned.allow_choice_duplicates);
    let external = lists(&external_table, true);
    let osm = lists(&osm_table, true);
    let read = survey::Survey::new(&cleaned, choices, external, osm, &mut faults).read(&survey_table);
    let settings = settings::read(settings_table.as_ref(), read.said, file, &mut faults);
    let form = Form {
        settings,
        lists: read.lists,
        elements: read.elements,
        itemsets: external_table.as_ref().map(choices::itemsets),
    };
    checks::names(&form, &mut faults);
    checks::references(
        &form,
        &read.triggers,
        [&settings_table, &choices_table, &Some(survey_table)],
        &mut faults,
    );
    if faults.is_empty() { Ok(form) } else { Err(faults) }
}
