//! What the processor can that not every one of its kind can. Loops over every row are compiled twice, once with
//! `#[target_feature(enable = "avx2,bmi1,popcnt")]`, so that the program runs on old machines and is quick on others.

/// Whether the processor compares 32 bytes side by side and counts and finds bits: what such a loop may ask of it.
#[inline]
pub fn is_wide() -> bool {
    is_x86_feature_detected!("avx2") && is_x86_feature_detected!("bmi1") && is_x86_feature_detected!("popcnt")
}
