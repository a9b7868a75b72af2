//! How large a form may be. A form of the field has some hundred questions; these limits are far above, and exist so
//! that no file can use up the machine: references, nested repeats and loops all write more than they read.

use std::cell::Cell;

/// The most bytes an XLSForm file may have.
pub const FORM_BYTES_MAX: usize = 8 << 20;
/// The most bytes a workbook may have unpacked.
pub(crate) const UNPACKED_BYTES_MAX: u64 = 128 << 20;
/// The most rows of a sheet.
pub(crate) const ROWS_MAX: usize = 50_000;
/// The most columns of a sheet.
pub(crate) const COLUMNS_MAX: usize = 512;
/// The longest name of a question, a group or a list, in characters.
pub(crate) const NAME_CHARS_MAX: usize = 256;
/// How deep groups, repeats and loops may stand in one another.
pub(crate) const DEPTH_MAX: usize = 16;
/// The most bytes of an XForm.
pub(crate) const XFORM_BYTES_MAX: usize = 32 << 20;
/// The most bytes of a submission.
pub(crate) const SUBMISSION_BYTES_MAX: usize = 16 << 20;
/// The most nodes that are read of an XForm or a submission.
pub(crate) const XML_NODES_MAX: u32 = 2_000_000;
/// How deep elements may stand in one another in an XForm or a submission.
pub(crate) const XML_DEPTH_MAX: usize = 64;

/// What may still be written.
pub(crate) struct Budget(Cell<usize>);

impl Budget {
    /// The budget of one XForm.
    pub fn of_a_form() -> Self {
        Self(Cell::new(XFORM_BYTES_MAX))
    }

    /// Takes from it; false once there is nothing left.
    pub fn spend(&self, bytes: usize) -> bool {
        let left = self.0.get().saturating_sub(bytes);
        self.0.set(left);
        left > 0
    }

    /// Whether it is used up.
    pub fn is_spent(&self) -> bool {
        self.0.get() == 0
    }
}
