//! Nothing but its list of dependencies: one set of features for every build.
//!
//! Cargo compiles a crate anew for each set of features it is asked for. A build of one crate, of the binary and of
//! the workspace ask for different sets of small crates that stand below DataFusion, so that it was compiled three
//! times over, five minutes each on two cores. `lake` depends on this crate, which asks for the union.
