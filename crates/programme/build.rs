//! Builds again when a file of the embedded programme folder changes.

fn main() {
    println!("cargo:rerun-if-changed=../../programmes/2018h1");
}
