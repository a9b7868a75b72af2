//! The allocator, and how long it keeps memory that is free.
//!
//! Columns come and go by the megabyte while files are read and written. The system's allocator hands their memory back
//! and asks for it again, page by page; this one keeps it, but by default for a second only, and then the kernel zeroes
//! it anew: a sixth of the CPU of an import.

use libmimalloc_sys::{mi_option_set_default, mi_option_t};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// `mi_option_purge_delay` of mimalloc's `mi_option_e`, which the crate has no name for.
const PURGE_DELAY: mi_option_t = 15;
/// Milliseconds after which free memory goes back to the system.
const KEEP_MS: std::ffi::c_long = 10_000;

/// Keeps free memory for ten seconds, unless the environment (`MIMALLOC_PURGE_DELAY`) says another time. To be called
/// before there is a second thread.
pub fn keep_for_a_while() {
    #[expect(
        unsafe_code,
        reason = "mimalloc sets an option of its own; only the main thread runs yet"
    )]
    unsafe {
        mi_option_set_default(PURGE_DELAY, KEEP_MS);
    }
}

#[cfg(test)]
mod tests {
    use super::PURGE_DELAY;

    #[test]
    fn the_option_that_is_set_is_the_one_that_keeps_memory_for_a_second() {
        #[expect(unsafe_code, reason = "reads an option of mimalloc's")]
        let usual = unsafe { libmimalloc_sys::mi_option_get(PURGE_DELAY) };
        assert_eq!(usual, 1_000);
    }
}
