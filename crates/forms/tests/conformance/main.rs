//! XLSForms become the XForms that pyxform makes of them.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod canonical;
mod pyxform;

use canonical::{Order, difference};

/// pyxform wrote this one when it still took the name of the file for the root, and the texts of the catalogue in the
/// order of a Python set. `table-list.xml` beside it is of a pyxform that wrote choices into the body, which the one of
/// the same commit no longer does: docs/forms.md.
#[test]
fn the_form_of_the_specification_becomes_the_xform_that_is_published_with_it() {
    let data = testkit::shared_data("xlsform");
    let name = "xlsform_spec_test.xlsx";
    let bytes = std::fs::read(data.join("forms").join(name)).unwrap();
    let ours = forms::compile_under(name, &bytes, "xlsform_spec_test").unwrap();
    let theirs = std::fs::read_to_string(data.join("expected-xform/xlsform_spec_test.xml")).unwrap();
    if let Some(difference) = difference(&ours.xml, &theirs, Order::OfTextsOpen) {
        panic!("{difference}");
    }
}
