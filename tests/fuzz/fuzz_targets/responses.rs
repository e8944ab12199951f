//! Decodes arbitrary responses, which must terminate and must not panic.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| amazon_music::fuzzing::responses(bytes));
