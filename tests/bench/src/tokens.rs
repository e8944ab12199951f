//! x
/// Prints.
pub fn print() {}
