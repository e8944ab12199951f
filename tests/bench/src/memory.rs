//! x
/// Prints.
pub fn print() {}
/// s
pub fn stream(_: &str, _: usize, _: &str) {}
