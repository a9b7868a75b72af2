//! The migrations are embedded in the binary: a new or changed file must build this crate again.

fn main() {
    println!("cargo::rerun-if-changed=../../migrations");
}
