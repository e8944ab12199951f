//! Whatever a server sends: decoding it must end, and must not panic.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| amazon_music::fuzzing::responses(bytes));
