//! Bank files against the standard's schemas, the shared samples and hostile files.

mod answers;
mod hostile;
mod samples;
mod written;
